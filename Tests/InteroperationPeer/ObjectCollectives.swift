import SwiftMPI

/// Every lowercase collective, on the world and on communicators made from it; object_collectives.py does the same.
func objectCollectives(_ world: Communicator) throws {
    try collectives(world)
    try reductions(world)
    let twin = try world.dup()
    try reductions(twin)
    let half = try world.split(color: world.rank % 2, key: -world.rank)!
    try collectives(half)
    try reductions(half)
    try done("collectives", on: world)
}

private func collectives(_ comm: Communicator) throws {
    let ranks = 0..<comm.size
    let everything = ranks.map(objects)
    let mine = objects(comm.rank)
    for root in ranks {
        let isRoot = comm.rank == root
        try comm.barrier()
        for (index, item) in mine.enumerated() {
            let column = everything.map { $0[index] }
            try expect(try comm.bcast(isRoot ? item : nil, root: root), column[root])
            try expect(try comm.gather(item, root: root), isRoot ? column : nil)
            try expect(try comm.scatter(isRoot ? column : nil, root: root), item)
        }
    }
    for (index, item) in mine.enumerated() {
        let column = everything.map { $0[index] }
        try expect(try comm.allgather(item), column)
        let exchanged = try comm.alltoall(ranks.map { [.int(comm.rank), .int($0), item] as Object })
        try expect(exchanged, ranks.map { [.int($0), .int(comm.rank), column[$0]] })
    }
}

/// With operations that are not commutative, so that the order is seen.
private func reductions(_ comm: Communicator) throws {
    for _ in 0..<3 {
        try reductions(comm, of: { "(\($0))" }, +)
        try reductions(comm, of: { [Int](repeating: $0, count: 1000 * $0) }, +)
        try reductions(comm, of: { $0 == 0 ? nil : ["rank": $0] }) { $0 ?? $1 }
    }
}

private func reductions<T: Codable & Equatable>(
    _ comm: Communicator, of make: (Int) -> T, _ combine: (T, T) -> T
) throws {
    // Python combines lists, not blocks.
    comm.serializer = CBORSerializer(typedArrays: false)
    func combined(_ ranks: Range<Int>) -> T { ranks.dropFirst().map(make).reduce(make(ranks.lowerBound), combine) }
    let mine = make(comm.rank)
    for root in 0..<comm.size {
        let result = try comm.reduce(mine, root: root, combine)
        try expect(result, comm.rank == root ? .some(combined(0..<comm.size)) : .none)
    }
    try expect(try comm.allreduce(mine, combine), combined(0..<comm.size))
    try expect(try comm.scan(mine, combine), combined(0..<comm.rank + 1))
    try expect(try comm.exscan(mine, combine), comm.rank == 0 ? .none : .some(combined(0..<comm.rank)))
}
