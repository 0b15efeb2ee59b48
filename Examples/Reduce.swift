// Reductions: a typed sum, the best of several objects, and a sum with the same bits on any number of ranks.
//
//     mpiexec -n 4 reduce

import Reproducible
import SwiftMPI

struct Candidate: Codable {
    var rank: Int
    var score: Double
}

try MPI.run { world in
    // Uppercase: a predefined operation on numbers.
    let total = try world.Allreduce(world.rank + 1, op: .sum)
    precondition(total == world.size * (world.size + 1) / 2)

    // Lowercase: any Codable type and any closure. Only the root gets the result.
    let candidate = Candidate(rank: world.rank, score: 1 - abs(Double(world.rank) - 1))
    let best = try world.reduce(candidate, root: 0) { $0.score >= $1.score ? $0 : $1 }
    precondition((best != nil) == (world.rank == 0))

    // An ordinary sum of doubles depends on the number of ranks. An exact sum does not.
    var harmonic = ExactSum()
    for term in BlockPartition(count: 1_000_000, parts: world.size).range(of: world.rank) {
        harmonic.add(1 / Double(term + 1))
    }
    try harmonic.allreduce(over: world)
    precondition(harmonic.value == 14.392726722865724)

    if let best {
        print("sum of ranks + 1: \(total); best: rank \(best.rank); harmonic number: \(harmonic.value)")
    }
}
