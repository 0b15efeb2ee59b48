// A ring: every rank sends its number to its right neighbor and receives that of its left neighbor, first as an object
// and then as a typed buffer.
//
//     mpiexec -n 4 ring

import SwiftMPI

try MPI.run { world in
    let right = (world.rank + 1) % world.size
    let left = (world.rank + world.size - 1) % world.size

    // Lowercase: any Codable type.
    let neighbor = try world.sendrecv(world.rank, dest: right, source: left)
    precondition(neighbor == left)

    // Uppercase: typed buffers, one MPI call.
    let row = [Double](repeating: Double(world.rank), count: 1000)
    var halo = [Double](repeating: .nan, count: 1000)
    try world.Sendrecv(row, dest: right, sendTag: 11, into: &halo, source: left, recvTag: 11)
    precondition(halo.allSatisfy { $0 == Double(left) })

    print("rank \(world.rank) of \(world.size): my left neighbor is rank \(neighbor)")
}
