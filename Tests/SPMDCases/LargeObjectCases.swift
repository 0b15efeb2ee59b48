import FoundationEssentials
import SwiftMPI

/// Objects that are sent from where they are, or stay where they were received.
var largeObjectCases: [Case] {
    let sizes = [0, 1, 65_525, 65_530, 65_531, 65_532, 65_535, 65_536, 65_537, 100_003, 1 << 20, 5_000_001]
    return [
        Case("what a lowercase send sends is what the serializer encodes") { world in
            for size in sizes {
                let count = size / 8
                let bytes = pattern(size, world.rank)
                try expectSentAsEncoded(bytes, on: world)
                try expectSentAsEncoded(Data(bytes), on: world)
                try expectSentAsEncoded(Optional(Data(bytes)), on: world)
                try expectSentAsEncoded([Data(bytes), Data(bytes)], on: world)
                try expectSentAsEncoded((0..<count).map { Double($0) / 7 }, on: world)
                try expectSentAsEncoded((0..<count).map(Int32.init), on: world)
                try expectSentAsEncoded((0..<count).map { $0 }, on: world)
                try expectSentAsEncoded((0..<count).map { $0.isMultiple(of: 3) }, on: world)
                try expectSentAsEncoded([[1.5], (0..<count).map { Double($0) }], on: world)
                try expectSentAsEncoded(Image(width: size, pixels: Data(bytes)), on: world)
                try expectSentAsEncoded(String(repeating: "π", count: count), on: world)
            }
        },
        Case("numbers in lists, where no blocks are wanted") { world in
            let lists = try world.dup()
            lists.serializer = CBORSerializer(typedArrays: false)
            for count in [8191, 8192, 100_000] {
                try expectSentAsEncoded((0..<count).map { Double($0) / 7 }, on: lists)
                try expectSentAsEncoded((0..<count).map { UInt8(truncatingIfNeeded: $0) }, on: lists)
            }
        },
        Case("synchronous and buffered sends, and the reductions' messages") { world in
            let (left, right) = ringNeighbors(world)
            let data = Data(pattern(300_000, world.rank))
            let incoming = try world.irecv(Data.self, source: left, tag: 1)
            if world.size > 1 {
                try world.ssend(data, dest: right, tag: 1)
            } else {
                try world.send(data, dest: 0, tag: 1)
            }
            try expect(try incoming.wait() == Data(pattern(300_000, left)))
            try MPI.withAttachedBuffer(byteCount: 400_000) {
                try world.bsend(data, dest: right)
                try expect(try world.recv(Data.self, source: left) == Data(pattern(300_000, left)))
                try world.Barrier()
            }
            let last = try world.allreduce(data) { $1 }
            try expect(last == Data(pattern(300_000, world.size - 1)))
            let shared = try world.bcast(world.rank == 0 ? data : nil)
            try expect(shared == Data(pattern(300_000, 0)))
            let mine = try world.scatter(world.rank == 0 ? (0..<world.size).map { Data(pattern(300_000, $0)) } : nil)
            try expect(mine == data)
        },
        Case("received data is the receiver's own, and aligned like other memory") { world in
            let (left, right) = ringNeighbors(world)
            for size in sizes where size > 16 {  // fewer are in the value itself
                let sent = Data(pattern(size, world.rank))
                var received = try world.sendrecv(sent, dest: right, source: left)
                let address = received.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
                try expect(address.isMultiple(of: 16), "\(size) bytes at \(address)")
                let kept = received
                received[size - 1] ^= 0xff
                received.append(7)
                try expect(kept == Data(pattern(size, left)))
                try expect(sent == Data(pattern(size, world.rank)))
                try expect(received.count, equals: size + 1)
                try expect(received[size - 1], equals: kept[size - 1] ^ 0xff)
            }
        },
        Case("any form of a byte string becomes data") { world in
            let contents = pattern(100_000, 3)
            let length = [UInt8]([0, 1, 0x86, 0xa0])
            let plain = [0x5a] + length + contents
            for message: [UInt8] in [
                plain,
                [0xd8, 0x40] + plain,  // a typed array of bytes
                [0x5b, 0, 0, 0, 0] + length + contents,  // a length longer than it need be
                [0x5f] + plain + [0xff],  // chunks
            ] {
                try expect(try object(Data.self, from: message, on: world) == Data(contents))
                try expect(try object([UInt8].self, from: message, on: world) == contents)
                try expect(try object(Data?.self, from: message, on: world) == Data(contents))
            }
        },
        Case("what is no byte string, or not all of one, throws") { world in
            let contents = pattern(100_000, 3)
            for message: [UInt8] in [
                [0x5a, 0, 1, 0x86, 0xa1] + contents,  // one byte short
                [0x5a, 0, 1, 0x86, 0x9f] + contents,  // one byte left
                [0x5a, 255, 255, 255, 255] + contents,
                [UInt8](repeating: 0xc0, count: 100_000),  // tags without end
                [UInt8](repeating: 0x81, count: 100_000),  // arrays without end
                [0x7a, 0, 1, 0x86, 0xa0] + [UInt8](repeating: 0x61, count: 100_000),  // text
            ] {
                try expectThrow { _ = try object(Data.self, from: message, on: world) }
                try expectThrow { _ = try object([Double].self, from: message, on: world) }
            }
        },
    ]
}

private struct Image: Codable {
    var width: Int
    var pixels: Data
}

/// Bytes that differ from rank to rank.
private func pattern(_ count: Int, _ rank: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8 &+ rank) }
}

/// Checks the bytes of a message, and that what was encoded can be read.
private func expectSentAsEncoded<T: Codable>(_ value: T, on world: Communicator) throws {
    let (left, right) = ringNeighbors(world)
    let encoded = try world.serializer.encode(value)
    let lengths = try world.allgather(encoded.count)
    let incoming = try world.Irecv(into: [UInt8](repeating: 0, count: lengths[left]), source: left)
    try world.send(value, dest: right)
    let received = try incoming.wait()
    let expected = try world.sendrecv(encoded, dest: right, source: left)
    try expect(received == expected, "\(T.self) of \(encoded.count) bytes")
    // Read it again: what comes out is encoded as what went in.
    let again: T = try object(T.self, from: encoded, on: world)
    try expect(try world.serializer.encode(again) == expected, "\(T.self) of \(encoded.count) bytes, received")
}

/// What a lowercase receive makes of a message.
private func object<T: Decodable>(_ type: T.Type, from message: [UInt8], on world: Communicator) throws -> T {
    let (left, right) = ringNeighbors(world)
    let outgoing = try world.Isend(message, dest: right)
    let result = Result { try world.recv(type, source: left) }
    _ = try outgoing.wait()
    return try result.get()
}
