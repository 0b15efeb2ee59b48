import SwiftMPI

private struct Calls {
    var send: (Object, _ dest: Int, _ tag: Int) throws -> Void
    var receive: (_ source: Int, _ tag: Int) throws -> Object
}

/// Every lowercase point-to-point call; object_messages.py does the same.
func objectMessages(_ world: Communicator) throws {
    let calls = [
        Calls(
            send: { try world.send($0, dest: $1, tag: $2) },
            receive: { try world.recv(source: $0, tag: $1) }),
        Calls(
            send: { try world.ssend($0, dest: $1, tag: $2) },
            receive: { try world.irecv(Object.self, source: $0, tag: $1).wait() }),
        Calls(
            send: { try world.isend($0, dest: $1, tag: $2).wait() },
            receive: {
                var request = try world.irecv(Object.self, source: $0, tag: $1)
                while try !request.test() {}
                return try request.wait()
            }),
        Calls(
            send: { try world.issend($0, dest: $1, tag: $2).wait() },
            receive: { try world.mprobe(source: $0, tag: $1).recv() }),
        Calls(
            send: { try world.bsend($0, dest: $1, tag: $2) },
            receive: {
                while true {
                    guard let message = try world.improbe(source: $0, tag: $1) else { continue }
                    return try message.irecv(Object.self).wait()
                }
            }),
        Calls(
            send: { try world.ibsend($0, dest: $1, tag: $2).wait() },
            receive: { try world.recv(source: $0, tag: $1) }),
    ]

    try MPI.withAttachedBuffer(byteCount: 1 << 24) { try thereAndBack(world, calls) }
    try aroundTheRing(world)
    try done("messages", on: world)
}

/// Each object there and back, between all pairs.
private func thereAndBack(_ world: Communicator, _ calls: [Calls]) throws {
    for a in 0..<world.size {
        let table = objects(a)
        for b in 0..<world.size where a != b && (world.rank == a || world.rank == b) {
            for call in calls {
                for (tag, object) in table.enumerated() {
                    if world.rank == a {
                        try call.send(object, b, tag)
                        try expect(try call.receive(b, tag), object)
                    } else {
                        let received = try call.receive(a, tag)
                        try expect(received, object)
                        try call.send(received, a, tag)
                    }
                }
            }
        }
    }
}

private func aroundTheRing(_ world: Communicator) throws {
    let left = (world.rank + world.size - 1) % world.size
    let right = (world.rank + 1) % world.size
    func passOn<T: Codable & Equatable>(_ mine: T, _ theirs: T) throws {
        try expect(try world.sendrecv(mine, dest: right, sendTag: 1, source: left, recvTag: 1), theirs)
    }
    for (mine, theirs) in zip(objects(world.rank), objects(left)) { try passOn(mine, theirs) }

    // All to all at once.
    var receives = ObjectRequests<ObjectReceiveRequest<[Int]>>()
    var sends = ObjectRequests<ObjectSendRequest>()
    for source in 0..<world.size { receives.append(try world.irecv(source: source, tag: 7)) }
    func row(from source: Int, to dest: Int) -> [Int] { (0..<1000).flatMap { _ in [source, dest] } }
    let lists = CBORSerializer(typedArrays: false)
    let blocks = world.serializer
    world.serializer = lists
    for dest in 0..<world.size { sends.append(try world.isend(row(from: world.rank, to: dest), dest: dest, tag: 7)) }
    try expect(try receives.waitAll(), (0..<world.size).map { row(from: $0, to: world.rank) })
    _ = try sends.waitAll()

    // Receives that are posted while all ranks send, come together, and only then wait. The last message nobody waits
    // for.
    let long = [Int](repeating: 7, count: 300_000)
    let first = try world.irecv([Int].self, source: left, tag: 8)
    let second = try world.irecv([Int].self, source: left, tag: 9)
    try world.send(long, dest: right, tag: 8)
    try world.isend(long, dest: right, tag: 9).detach()
    try world.barrier()
    try expect(try second.wait(), long)
    try expect(try first.wait(), long)

    // Arrays of numbers, as lists and as blocks.
    let halves = (0..<1000).map { Double($0) / 2 }
    try passOn(halves, halves)
    world.serializer = blocks
    func numbers<T: Numeric>(_ start: Int, _ make: (Int) -> T) -> [T] { (start..<start + 250_000).map(make) }
    try passOn(numbers(world.rank) { Double($0) }, numbers(left) { Double($0) })
    try passOn(numbers(world.rank) { Int32($0) }, numbers(left) { Int32($0) })
}
