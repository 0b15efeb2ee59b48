// Reductions over a struct of one's own: MPI moves the struct's fields, and combines two of them with a Swift closure.
//
//     mpiexec -n 4 user-defined-reduction

import SwiftMPI

/// How many samples there were, their mean, and the sum of their squared distances from it.
struct Statistics: MPIStructure {
    var count: Int
    var mean: Double
    var squares: Double

    static var mpiFields: MPIFields<Self> { MPIFields(\.count, \.mean, \.squares) }

    /// The statistics of two sets of samples together (Chan, Golub and LeVeque 1979).
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
    // Rank r has r + 1 samples: the numbers from r (r + 1) / 2 on.
    var mine = Statistics(count: 0, mean: 0, squares: 0)
    let first = world.rank * (world.rank + 1) / 2
    for sample in first...first + world.rank {
        mine = mine.merged(with: Statistics(count: 1, mean: Double(sample), squares: 0))
    }

    let merge = try ReductionOperation<Statistics>(commutative: true) { $0.merged(with: $1) }
    let all = try world.Allreduce(mine, op: merge)

    // All ranks together have the numbers 0..<n, whose mean and variance are known.
    let n = Double(world.size * (world.size + 1) / 2)
    let variance = all.squares / n
    precondition(all.count == Int(n))
    precondition(abs(all.mean - (n - 1) / 2) < 1e-12 * n)
    precondition(abs(variance - (n * n - 1) / 12) < 1e-12 * n * n)

    // Predefined operations on pairs tell where the largest is.
    let largest = try world.Allreduce(ValueIndex(mine.mean, at: world.rank), op: .maxLocation)
    precondition(largest.index == world.size - 1)

    if world.rank == 0 { print("\(all.count) samples: mean \(all.mean), variance \(variance)") }
}
