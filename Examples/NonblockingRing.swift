// A ring that computes while its messages are in flight: every rank's block visits all ranks, each of which adds it up.
//
//     mpiexec -n 4 nonblocking-ring

import SwiftMPI

try MPI.run { world in
    let right = (world.rank + 1) % world.size
    let left = (world.rank + world.size - 1) % world.size

    var visitor = [Double](repeating: Double(world.rank), count: 1000)
    var sum = [Double](repeating: 0, count: 1000)
    for _ in 0..<world.size {
        // The receive request owns the array that is received; the send borrows the array that is still being read.
        let incoming = try world.Irecv(into: [Double](repeating: 0, count: 1000), source: left)
        let outgoing = try world.Isend(visitor.span, dest: right)
        for place in sum.indices { sum[place] += visitor[place] }
        _ = try outgoing.wait()
        visitor = try incoming.wait()
    }

    let expected = Double(world.size * (world.size - 1) / 2)
    precondition(sum.allSatisfy { $0 == expected }, "every block came by once")
    precondition(visitor.allSatisfy { $0 == Double(world.rank) }, "and came home")
    if world.rank == 0 { print("sum of all ranks: \(sum[0])") }
}
