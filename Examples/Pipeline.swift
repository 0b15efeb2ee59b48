// A pipeline: each rank is a stage that receives an item from the previous rank, works on it, and passes it on. While a
// stage works, other items are in flight.
//
//     mpiexec -n 4 pipeline

import SwiftMPI

struct Item: Codable {
    var number: Int
    var history: [Int] = []
}

try MPI.run { world in
    let items = 8
    let isFirst = world.rank == 0
    let isLast = world.rank == world.size - 1
    // Sending to the null process does nothing.
    let next = isLast ? MPI.procNull : world.rank + 1

    var finished: [Item] = []
    var sent = ObjectRequests<ObjectSendRequest>()
    for number in 0..<items {
        var item = isFirst ? Item(number: number) : try world.recv(source: world.rank - 1)
        item.history.append(world.rank)
        sent.append(try world.isend(item, dest: next))
        if isLast { finished.append(item) }
    }
    _ = try sent.waitAll()

    if isLast {
        precondition(finished.map(\.number) == Array(0..<items))
        precondition(finished.allSatisfy { $0.history == Array(0..<world.size) })
        print("\(finished.count) items went through \(world.size) stages")
    }
}
