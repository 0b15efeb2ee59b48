import SwiftMPI

private let count = 1000
/// MPI's operations and what they do to two elements.
private typealias Operations<T: MPIDatatype> = [(ReductionOperation<T>, (T, T) -> T)]

/// Every uppercase call on every common type; buffers.py does the same with numpy.
func buffers(_ world: Communicator) throws {
    try integers(Int8.self, world)
    try integers(Int16.self, world)
    try integers(Int32.self, world)
    try integers(Int64.self, world)
    try integers(UInt8.self, world)
    try integers(UInt16.self, world)
    try integers(UInt32.self, world)
    try integers(UInt64.self, world)
    try floats(Float.self, world)
    try floats(Double.self, world)
    let logical: Operations<Bool> = [
        (.logicalAnd, { $0 && $1 }), (.logicalOr, { $0 || $1 }), (.logicalXor, { $0 != $1 }),
    ]
    try topic(world, { $0 % 2 == 1 }, logical)
    try done("buffers", on: world)
}

private func integers<T: MPIInteger>(_ type: T.Type, _ world: Communicator) throws {
    let operations: Operations<T> = [
        (.sum, { $0 + $1 }), (.min, { min($0, $1) }), (.max, { max($0, $1) }),
        (.bitwiseAnd, { $0 & $1 }), (.bitwiseOr, { $0 | $1 }), (.bitwiseXor, { $0 ^ $1 }),
    ]
    try topic(world, { T($0) }, operations)
}

private func floats<T: MPINumeric & BinaryFloatingPoint>(_ type: T.Type, _ world: Communicator) throws {
    let operations: Operations<T> = [(.sum, { $0 + $1 }), (.min, { min($0, $1) }), (.max, { max($0, $1) })]
    try topic(world, { T($0) }, operations)
}

private func topic<T: MPIDatatype & Equatable>(
    _ world: Communicator, _ make: @escaping (Int) -> T, _ operations: Operations<T>
) throws {
    /// Small numbers that fit each type; buffers.py has the same.
    func row(_ rank: Int, _ length: Int = count) -> [T] { (0..<length).map { make(($0 * 7 + 3 * rank) % 20) } }
    func room(_ length: Int = count) -> [T] { [T](repeating: make(0), count: length) }
    let ranks = 0..<world.size
    try world.Barrier()
    try messages(world, row, room)
    for root in ranks { try rooted(world, root, row, room) }
    var everywhere = room(world.size * count)
    try world.Allgather(row(world.rank), into: &everywhere)
    try expect(everywhere, ranks.flatMap { row($0) })
    let counts = VariableCounts(ranks.map { $0 + 1 })
    var parts = room(counts.extent)
    try world.Allgatherv(row(world.rank, world.rank + 1), into: &parts, counts: counts)
    try expect(parts, ranks.flatMap { row($0, $0 + 1) })

    try world.Alltoall(ranks.flatMap { row(world.rank + $0) }, into: &everywhere)
    try expect(everywhere, ranks.flatMap { row($0 + world.rank) })
    var received = room(world.size * (world.rank + 1))
    try world.Alltoallv(
        ranks.flatMap { row(world.rank, $0 + 1) }, sendCounts: counts, into: &received,
        recvCounts: VariableCounts(ranks.map { _ in world.rank + 1 }))
    try expect(received, ranks.flatMap { row($0, world.rank + 1) })

    for (operation, combine) in operations.map({ ($0.predefined, $1) }) {
        func combined(_ ranks: Range<Int>) -> [T] {
            ranks.dropFirst().reduce(row(0)) { sum, rank in zip(sum, row(rank)).map(combine) }
        }
        let expected = combined(ranks)
        for root in ranks {
            var result = room(world.rank == root ? count : 0)
            try world.Reduce(row(world.rank), into: &result, op: operation, root: root)
            if world.rank == root { try expect(result, expected) }
        }
        var result = room()
        try world.Allreduce(row(world.rank), into: &result, op: operation)
        try expect(result, expected)
        result = row(world.rank)
        try world.Allreduce(inPlace: &result, op: operation)
        try expect(result, expected)
        try world.Reduce_scatter_block(ranks.flatMap { _ in row(world.rank) }, into: &result, op: operation)
        try expect(result, expected)

        try world.Scan(row(world.rank), into: &result, op: operation)
        try expect(result, combined(0..<world.rank + 1))
        try world.Exscan(row(world.rank), into: &result, op: operation)
        if world.rank > 0 { try expect(result, combined(0..<world.rank)) }
    }
}

private func messages<T: MPIDatatype & Equatable>(
    _ world: Communicator, _ row: (Int, Int) -> [T], _ room: (Int) -> [T]
) throws {
    let left = (world.rank + world.size - 1) % world.size
    let right = (world.rank + 1) % world.size
    for (length, tag) in [(count, 1), (0, 2), (1, 2), (100_000, 2)] {
        var theirs = room(length)
        try world.Sendrecv(
            row(world.rank, length), dest: right, sendTag: tag, into: &theirs, source: left, recvTag: tag)
        try expect(theirs, row(left, length))
    }
    // Nonblocking here, blocking there.
    let incoming = try world.Irecv(into: room(count), source: left, tag: 4)
    let outgoing = try world.Isend(row(world.rank, count), dest: right, tag: 4)
    _ = try outgoing.wait()
    try expect(try incoming.wait(), row(left, count))
    for source in 0..<world.size {
        for dest in 0..<world.size where source != dest {
            if world.rank == source { try world.Send(row(source, count), dest: dest, tag: 3) }
            if world.rank == dest {
                var theirs = room(count)
                let status = try world.Recv(into: &theirs, source: source)
                try expect(theirs, row(source, count))
                try expect(status.source, source)
                try expect(status.tag, 3)
                try expect(status.count(of: T.self), count)
            }
        }
    }
}

private func rooted<T: MPIDatatype & Equatable>(
    _ world: Communicator, _ root: Int, _ row: (Int, Int) -> [T], _ room: (Int) -> [T]
) throws {
    let ranks = 0..<world.size
    let isRoot = world.rank == root
    var buffer = row(world.rank, count)
    try world.Bcast(&buffer, root: root)
    try expect(buffer, row(root, count))

    var whole = room(isRoot ? world.size * count : 0)
    try world.Gather(row(world.rank, count), into: &whole, root: root)
    var part = room(count)
    try world.Scatter(whole, into: &part, root: root)
    try expect(part, row(world.rank, count))

    let counts = VariableCounts(ranks.map { $0 + 1 })
    var parts = room(isRoot ? counts.extent : 0)
    try world.Gatherv(row(world.rank, world.rank + 1), into: &parts, counts: isRoot ? counts : nil, root: root)
    part = room(world.rank + 1)
    try world.Scatterv(parts, into: &part, counts: isRoot ? counts : nil, root: root)
    try expect(part, row(world.rank, world.rank + 1))
    if isRoot {
        try expect(whole, ranks.flatMap { row($0, count) })
        try expect(parts, ranks.flatMap { row($0, $0 + 1) })
    }
}
