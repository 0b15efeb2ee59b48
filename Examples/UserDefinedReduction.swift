// A reduction over a user-defined struct: MPI transfers the fields of the struct, and a Swift closure combines two
// structs.
//
//     mpiexec -n 4 user-defined-reduction

import SwiftMPI

/// The number of samples, their mean, and the sum of their squared deviations from the mean.
struct Statistics: MPIStructure {
    var count: Int
    var mean: Double
    var squares: Double

    static var mpiFields: MPIFields<Self> { MPIFields(\.count, \.mean, \.squares) }

    /// Returns the statistics of the union of two sets of samples (Chan, Golub and LeVeque 1979).
    func merged(with other: Statistics) -> Statistics {
        let total = count + other.count
        if total == 0 { return self }
        let (share, distance) = (Double(other.count) / Double(total), other.mean - mean)
        return Statistics(
            count: total, mean: mean + distance * share,
            squares: squares + other.squares + distance * distance * share * Double(count))
    }
}

try MPI.run { world in
    // Rank r has r + 1 samples: consecutive numbers starting at r (r + 1) / 2.
    var mine = Statistics(count: 0, mean: 0, squares: 0)
    let first = world.rank * (world.rank + 1) / 2
    for sample in first...first + world.rank {
        mine = mine.merged(with: Statistics(count: 1, mean: Double(sample), squares: 0))
    }

    let merge = try ReductionOperation<Statistics>(commutative: true) { $0.merged(with: $1) }
    let all = try world.Allreduce(mine, op: merge)

    // Together the ranks have the numbers 0..<n, whose mean and variance are known.
    let n = Double(world.size * (world.size + 1) / 2)
    let variance = all.squares / n
    precondition(all.count == Int(n))
    precondition(abs(all.mean - (n - 1) / 2) < 1e-12 * n)
    precondition(abs(variance - (n * n - 1) / 12) < 1e-12 * n * n)

    // Predefined operations on pairs find the location of the largest value.
    let largest = try world.Allreduce(ValueIndex(mine.mean, at: world.rank), op: .maxLocation)
    precondition(largest.index == world.size - 1)

    if world.rank == 0 { print("\(all.count) samples: mean \(all.mean), variance \(variance)") }
}
