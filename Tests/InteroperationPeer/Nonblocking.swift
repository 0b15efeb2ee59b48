import SwiftMPI

private let count = 100

/// Numbers that differ between ranks; nonblocking.py has the same.
private func row(_ rank: Int, _ length: Int = count) -> [Double] { (0..<length).map { Double($0 + 1000 * rank) } }
private func room(_ length: Int = count) -> [Double] { [Double](repeating: 0, count: length) }
/// Element by element, over ranks.
private func sum(_ ranks: Range<Int>) -> [Double] {
    ranks.reduce(room()) { sum, rank in zip(sum, row(rank)).map(+) }
}

/// Every other way to move buffers: nonblocking, persistent, in other modes, between neighbors.
func nonblocking(_ world: Communicator) throws {
    let (rank, size) = (world.rank, world.size)
    let ranks = 0..<size
    let counts = VariableCounts(ranks.map { $0 + 1 })
    let parts = ranks.flatMap { row($0, $0 + 1) }
    let all = ranks.flatMap { row($0) }
    try world.Ibarrier().wait()
    for root in ranks {
        let isRoot = rank == root
        try expect(try world.Ibcast(row(rank), root: root).wait(), row(root))
        let whole = try world.Igather(row(rank), into: room(isRoot ? all.count : 0), root: root).wait().received
        if isRoot { try expect(whole, all) }
        try expect(try world.Iscatter(whole, into: room(), root: root).wait().received, row(rank))
        let rootCounts = isRoot ? counts : nil
        let gathered = try world.Igatherv(
            row(rank, rank + 1), into: room(isRoot ? parts.count : 0), counts: rootCounts, root: root
        ).wait().received
        if isRoot { try expect(gathered, parts) }
        let part = try world.Iscatterv(gathered, into: room(rank + 1), counts: rootCounts, root: root)
        try expect(try part.wait().received, row(rank, rank + 1))
        let reduced = try world.Ireduce(row(rank), into: room(isRoot ? count : 0), op: .sum, root: root)
        let total = try reduced.wait().received
        if isRoot { try expect(total, sum(ranks)) }
        let inPlace = try world.Ireduce(inPlace: row(rank), op: .sum, root: root).wait()
        if isRoot { try expect(inPlace, sum(ranks)) }
    }
    try expect(try world.Iallgather(row(rank), into: room(all.count)).wait().received, all)
    var whole = room(all.count)
    whole.replaceSubrange(rank * count..<(rank + 1) * count, with: row(rank))
    try expect(try world.Iallgather(inPlace: whole).wait(), all)
    let gathered = try world.Iallgatherv(row(rank, rank + 1), into: room(parts.count), counts: counts)
    try expect(try gathered.wait().received, parts)
    let turned = ranks.flatMap { row(rank + $0) }
    try expect(try world.Ialltoall(turned, into: room(all.count)).wait().received, turned)
    let exchanged = try world.Ialltoallv(
        ranks.flatMap { row(rank, $0 + 1) }, sendCounts: counts, into: room(size * (rank + 1)),
        recvCounts: VariableCounts(ranks.map { _ in rank + 1 }))
    try expect(try exchanged.wait().received, ranks.flatMap { row($0, rank + 1) })
    try expect(try world.Iallreduce(row(rank), into: room(), op: .max.predefined).wait().received, row(size - 1))
    let block = try world.Ireduce_scatter_block(ranks.flatMap { _ in row(rank) }, into: room(), op: .sum)
    try expect(try block.wait().received, sum(ranks))
    let scattered = try world.Ireduce_scatter(
        row(rank, parts.count), into: room(rank + 1), counts: counts, op: .max.predefined)
    let start = rank * (rank + 1) / 2
    try expect(try scattered.wait().received, Array(row(size - 1, parts.count)[start...start + rank]))
    try expect(try world.Iscan(row(rank), into: room(), op: .sum).wait().received, sum(0..<rank + 1))
    let before = try world.Iexscan(row(rank), into: room(), op: .sum).wait().received
    if rank > 0 { try expect(before, sum(0..<rank)) }
    try modes(world)
    try neighbors(world)
    try done("nonblocking", on: world)
}

/// Modes, probes, matched messages and persistent requests.
private func modes(_ world: Communicator) throws {
    let (rank, size) = (world.rank, world.size)
    let (left, right) = ((rank + size - 1) % size, (rank + 1) % size)
    try MPI.withAttachedBuffer(byteCount: 8 * count + 1024) {
        for isSynchronous in [true, false] {
            let request =
                isSynchronous
                ? try world.Issend(row(rank), dest: right, tag: 1) : try world.Ibsend(row(rank), dest: right, tag: 1)
            var part = room()
            let message = try world.Mprobe(source: left, tag: 1)
            try expect(message.status.count(of: Double.self), count)
            _ = try message.Recv(into: &part)
            try expect(part, row(left))
            _ = try request.wait()
        }
        try world.Barrier()
    }
    var buffer = row(rank)
    try world.Sendrecv_replace(&buffer, dest: right, sendTag: 2, source: left, recvTag: 2)
    try expect(buffer, row(left))
    var (part, mine) = (room(), room())
    var incoming = try world.Recv_init(into: part.mutableSpan, source: left, tag: 3)
    var outgoing = try world.Send_init(mine.mutableSpan, dest: right, tag: 3)
    for round in 0..<3 {
        outgoing.withBuffer { for index in 0..<count { $0[index] = row(rank)[index] + Double(round) } }
        try incoming.start()
        try outgoing.start()
        try incoming.wait()
        try outgoing.wait()
        try incoming.withBuffer { try expect($0[count - 1], row(left)[count - 1] + Double(round)) }
    }
}

/// Neighbors on a ring: first the one before, then the one behind.
private func neighbors(_ world: Communicator) throws {
    let (rank, size) = (world.rank, world.size)
    // A ring of two ranks cannot be shared with Python: see FromMPI4py.md.
    if size == 2 { return }
    let (left, right) = ((rank + size - 1) % size, (rank + 1) % size)
    let ring = try world.cartesian(dimensions: [size], periodic: [true])!
    var whole = room(2 * count)
    try ring.Neighbor_allgather(row(rank), into: &whole)
    try expect(whole, row(left) + row(right))
    try expect(try ring.Ineighbor_allgather(row(rank), into: room(2 * count)).wait().received, row(left) + row(right))
    var parts = room(left + right + 2)
    try ring.Neighbor_allgatherv(
        row(rank, rank + 1), into: &parts, counts: VariableCounts([left + 1, right + 1]))
    try expect(parts, row(left, left + 1) + row(right, right + 1))
    try ring.Neighbor_alltoall(row(rank) + row(rank).map { $0 + 0.5 }, into: &whole)
    try expect(whole, row(left).map { $0 + 0.5 } + row(right))
}
