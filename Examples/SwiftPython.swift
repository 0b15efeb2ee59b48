// Swift and Python ranks in one job: the lowercase calls use the protocol of mpi4py, with CBOR instead of pickle. Each
// rank integrates a part of 4 / (1 + x²). swift_python.py makes the same calls.
//
//     mpiexec -n 2 swift-python : -n 2 python3 -m mpi4py swift_python.py

import SwiftMPI

struct Problem: Codable {
    var title: String
    var points: Int
}

struct Result: Codable {
    var language: String
    var sum: Double
}

try MPI.run { world in
    // With mpi4py 3 and earlier: world.objectProtocol = .mpi4py3
    let problem = try world.bcast(world.rank == 0 ? Problem(title: "pi", points: 100_000) : nil)

    let width = 1 / Double(problem.points)
    var sum = 0.0
    for index in stride(from: world.rank, to: problem.points, by: world.size) {
        let x = (Double(index) + 0.5) * width
        sum += 4 / (1 + x * x) * width
    }

    let total = try world.allreduce(sum, +)
    precondition(abs(total - .pi) < 1e-9)
    if let results = try world.gather(Result(language: "Swift", sum: sum)) {
        let languages = results.map(\.language).joined(separator: ", ")
        print("\(problem.title) is about \(total); \(languages) took part")
    }
}
