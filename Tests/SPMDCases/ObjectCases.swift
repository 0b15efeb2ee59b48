import FoundationEssentials
import SwiftMPI

/// An object with a bit of everything.
private struct Particle: Codable, Equatable {
    var id: Int
    var name: String
    var position: [Double]
    var tags: [String: Int]
    var parent: [Particle]
    var charge: Float?

    static func of(_ rank: Int, depth: Int = 1) -> Particle {
        Particle(
            id: rank, name: String(repeating: "π", count: rank), position: (0..<100 * rank).map { Double($0) / 3 },
            tags: ["rank": rank, "depth": depth], parent: depth > 0 ? [.of(rank + 1, depth: depth - 1)] : [],
            charge: rank.isMultiple(of: 2) ? nil : 0.1)
    }
}

var objectCases: [Case] {
    [
        Case("send and recv of any Codable around a ring") { world in
            let (left, right) = ringNeighbors(world)
            let received = try world.sendrecv(Particle.of(world.rank), dest: right, source: left)
            try expect(received, equals: .of(left))
            if world.size > 1 {
                if world.rank == 0 {
                    try world.send(Particle.of(0), dest: right, tag: 4)
                    try expect(try world.recv(source: left, tag: 4), equals: Particle.of(left))
                } else {
                    let (object, status) = try world.recvWithStatus(Particle.self, source: left)
                    try expect(object, equals: .of(left))
                    try expect(status.source, equals: left)
                    try expect(status.tag, equals: 4)
                    try world.send(Particle.of(world.rank), dest: right, tag: 4)
                }
            }
        },
        Case("objects of any size, also far beyond what travels with the envelope") { world in
            let (left, right) = ringNeighbors(world)
            for count in [0, 1, 1000, 3_000_000] {
                let row = [Double](repeating: Double(world.rank) + 0.5, count: count)
                let received = try world.sendrecv(row, dest: right, source: left)
                try expect(received.count, equals: count)
                try expect(received.allSatisfy { $0 == Double(left) + 0.5 })
            }
        },
        Case("sendrecv of two types") { world in
            let text = try world.sendrecv(
                world.rank, dest: world.rank, sendTag: 2, receiving: Double.self, source: world.rank, recvTag: 2)
            try expect(text, equals: Double(world.rank))
        },
        Case("messages are told apart by tag, whatever order they are received in") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            for tag in 0..<5 { try world.send("message \(tag)", dest: right, tag: tag) }
            for tag in (0..<5).reversed() {
                try expect(try world.recv(String.self, source: left, tag: tag), equals: "message \(tag)")
            }
        },
        Case("what cannot be decoded throws, and the next message is unharmed") { world in
            let (left, right) = ringNeighbors(world)
            try expectThrow {
                _ = try world.sendrecv("text", dest: right, receiving: Particle.self, source: left)
            } where: { error in
                try expect(error is DecodingError, "\(error)")
            }
            try expect(try world.sendrecv(42, dest: right, source: left), equals: 42)
        },
        Case("garbage bytes throw") { world in
            for garbage: [UInt8] in [[0xFF], [0x9B, 255, 255, 255, 255, 255, 255, 255, 255], [0x62, 0x41], [1, 2]] {
                let (left, right) = ringNeighbors(world)
                if world.size == 1 { return }
                try world.Send(garbage, dest: right, tag: 1)
                try expectThrow { _ = try world.recv([Int].self, source: left, tag: 1) }
            }
        },
        Case("an empty message is nil, and an error where nil is not possible") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            try world.Send([] as [UInt8], dest: right, tag: 1)
            try expect(try world.recv(Int?.self, source: left, tag: 1), equals: nil)
            try world.Send([] as [UInt8], dest: right, tag: 1)
            try expectThrow { _ = try world.recv(Int.self, source: left, tag: 1) }
        },
        Case("bcast, gather, allgather and scatter on every root") { world in
            let all = (0..<world.size).map { Particle.of($0) }
            for root in 0..<world.size {
                let mine: Particle? = world.rank == root ? .of(root) : nil
                try expect(try world.bcast(mine, root: root), equals: .of(root))
                try expect(
                    try world.gather(Particle.of(world.rank), root: root), equals: world.rank == root ? all : nil)
                try expect(try world.scatter(world.rank == root ? all : nil, root: root), equals: .of(world.rank))
            }
            try expect(try world.allgather(Particle.of(world.rank)), equals: all)
        },
        Case("reduce combines in rank order, on every root") { world in
            // Not commutative: the order is seen in the result.
            let all = (0..<world.size).map(String.init).joined(separator: " ")
            for root in 0..<world.size {
                let result = try world.reduce("\(world.rank)", root: root) { "\($0) \($1)" }
                try expect(result, equals: world.rank == root ? all : nil)
            }
            try expect(try world.allreduce("\(world.rank)") { "\($0) \($1)" }, equals: all)
        },
        Case("alltoall gives each rank an object of each") { world in
            let received = try world.alltoall((0..<world.size).map { "\(world.rank) to \($0)" })
            try expect(received, equals: (0..<world.size).map { "\($0) to \(world.rank)" })
            let rows = try world.alltoall((0..<world.size).map { [Int](repeating: world.rank, count: 9000 * $0) })
            try expect(rows == (0..<world.size).map { [Int](repeating: $0, count: 9000 * world.rank) })
            try expect(try world.alltoall([Int?](repeating: nil, count: world.size)).allSatisfy { $0 == nil })
            try expectThrow {  // on every rank
                _ = try world.alltoall([Int](repeating: 0, count: world.size + 1))
            } where: {
                try expect(($0 as? MPIError)?.class, equals: .count)
            }
        },
        Case("scan and exscan combine in rank order") { world in
            func joined(_ ranks: Range<Int>) -> String { ranks.map { "(\($0))" }.joined() }
            for _ in 0..<3 {
                try expect(try world.scan("(\(world.rank))", +), equals: joined(0..<world.rank + 1))
                try expect(
                    try world.exscan("(\(world.rank))", +), equals: world.rank == 0 ? nil : joined(0..<world.rank))
            }
            // Of a type that has a nil of its own.
            let sum: Int?? = try world.exscan(world.rank as Int?) { a, b in a.flatMap { a in b.map { a + $0 } } }
            try expect(sum == nil, equals: world.rank == 0)
            try expect(sum ?? nil, equals: world.rank == 0 ? nil : world.rank * (world.rank - 1) / 2)
        },
        Case("nil travels through every collective") { world in
            let none: Int? = nil
            try expect(try world.bcast(.some(none)) as Int?, equals: nil)
            if let gathered = try world.gather(none) { try expect(gathered.allSatisfy { $0 == nil }) }
            try expect(try world.allgather(none).allSatisfy { $0 == nil })
            try expect(try world.scatter([Int?](repeating: nil, count: world.size)), equals: nil)
            try expect(try world.allreduce(none) { $0 ?? $1 }, equals: nil)
        },
        Case("barrier: nobody leaves before everybody has come") { world in
            for root in 0..<world.size where world.size > 1 {
                if world.rank == root {
                    for rank in 0..<world.size where rank != root { try world.send(rank, dest: rank) }
                }
                try world.barrier()
                if world.rank != root {
                    guard let message = try world.improbe(source: root) else {
                        throw Unmet(description: "the barrier was left before rank \(root) came")
                    }
                    try expect(try message.recv(Int.self), equals: world.rank)
                }
            }
        },
        Case("mpi4py 3's lengths, which derived communicators inherit") { world in
            try expect(world.objectProtocol, equals: .mpi4py4)
            let other = try world.dup()
            other.objectProtocol = .mpi4py3
            let grid = try other.cartesian(dimensions: [world.size])
            for communicator in [other, try other.dup(), try other.split(color: 0)!, grid!] {
                try expect(communicator.objectProtocol, equals: .mpi4py3)
                for root in 0..<world.size {
                    try expect(try communicator.bcast("\(world.rank)", root: root), equals: "\(root)")
                    let gathered = try communicator.gather(world.rank, root: root)
                    try expect(gathered, equals: world.rank == root ? Array(0..<world.size) : nil)
                    try expect(try communicator.scatter(gathered, root: root), equals: world.rank)
                }
                try expect(try communicator.allgather(world.rank), equals: Array(0..<world.size))
                try expect(try communicator.alltoall(Array(0..<world.size)).count, equals: world.size)
                try expect(try communicator.allreduce([world.rank], +), equals: Array(0..<world.size))
                try expect(try communicator.scan([world.rank], +), equals: Array(0...world.rank))
            }
        },
        Case("reductions of different communicators do not meet") { world in
            let other = try world.dup()
            for round in 0..<10 {
                try expect(try world.allreduce(round) { max($0, $1) }, equals: round)
                try expect(try other.allreduce(-round) { min($0, $1) }, equals: -round)
            }
        },
        Case("the serializer is replaceable") { world in
            let other = try world.dup()
            other.serializer = Reversed()
            let (left, right) = ringNeighbors(world)
            try expect(try other.sendrecv("rank \(world.rank)", dest: right, source: left), equals: "rank \(left)")
            // What it sends is not what the standard one reads.
            if world.size > 1 {
                try other.send("text", dest: right, tag: 8)
                var bytes = [UInt8](repeating: 0, count: 5)
                try other.Recv(into: &bytes, source: left, tag: 8)
                try expect(bytes, equals: Array("text".utf8.reversed()) + [0x64])
            }
            try expect(try other.allreduce([world.rank]) { $0 + $1 }, equals: Array(0..<world.size))
        },
        Case("JSON as the wire format of every lowercase call") { world in
            let parent = try world.dup()
            parent.serializer = JSON()
            let json = try parent.dup()  // inherits it
            let (left, right) = ringNeighbors(world)
            let all = (0..<world.size).map { Particle.of($0) }
            try expect(try json.sendrecv(Particle.of(world.rank), dest: right, source: left), equals: all[left])
            try expect(try json.allgather(Particle.of(world.rank)), equals: all)
            for root in 0..<world.size {
                try expect(try json.bcast(world.rank == root ? all : nil, root: root), equals: all)
                try expect(
                    try json.gather("\(world.rank)", root: root)?.count, equals: world.rank == root ? world.size : nil)
                try expect(try json.scatter(world.rank == root ? all : nil, root: root), equals: all[world.rank])
            }
            try expect(try json.allreduce([world.rank]) { $0 + $1 }, equals: Array(0..<world.size))
            if world.size > 1 {
                try json.send([1, 2], dest: right, tag: 8)
                var bytes = [UInt8](repeating: 0, count: 5)
                try json.Recv(into: &bytes, source: left, tag: 8)
                try expect(bytes, equals: Array("[1,2]".utf8))
            }
            // Its errors are the caller's: what it cannot write is not sent, what it cannot read is the reader's
            // trouble.
            try expectThrow {
                try json.send(Double.infinity, dest: right, tag: 9)
            } where: { error in
                try expect(error is EncodingError, "\(error)")
            }
            try expectThrow {
                _ = try json.sendrecv("text", dest: right, receiving: Particle.self, source: left)
            } where: { error in
                try expect(error is DecodingError, "\(error)")
            }
            try expect(try json.sendrecv(nil as Int?, dest: right, source: left), equals: nil)
        },
    ]
}

/// What most other programs speak.
struct JSON: ObjectSerializer {
    func encode<T: Encodable>(_ value: T) throws -> [UInt8] { try Array(JSONEncoder().encode(value)) }

    func decode<T: Decodable>(_ type: T.Type, from bytes: UnsafeRawBufferPointer) throws -> T {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}

/// CBOR backwards.
private struct Reversed: ObjectSerializer {
    func encode<T: Encodable>(_ value: T) throws -> [UInt8] { try CBORSerializer().encode(value).reversed() }

    func decode<T: Decodable>(_ type: T.Type, from bytes: UnsafeRawBufferPointer) throws -> T {
        try Array(bytes.reversed()).withUnsafeBytes { try CBORSerializer().decode(type, from: $0) }
    }
}
