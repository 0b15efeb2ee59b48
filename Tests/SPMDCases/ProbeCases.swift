import SwiftMPI

var probeCases: [Case] {
    [
        Case("Probe tells sender, tag and size of a message before it is received") { world in
            let (left, right) = ringNeighbors(world)
            let outgoing = try world.Isend([Int](0..<world.rank + 3), dest: right, tag: 40 + world.rank)
            let status = try world.Probe(source: left)
            try expect(status.source, equals: left)
            try expect(status.tag, equals: 40 + left)
            let count = status.count(of: Int.self)
            try expect(count, equals: left + 3)
            var received = [Int](repeating: -1, count: count!)
            try world.Recv(into: &received, source: status.source, tag: status.tag)
            try expect(received, equals: [Int](0..<left + 3))
            _ = try outgoing.wait()
        },
        Case("Iprobe finds nothing where nothing was sent") { world in
            try expect(try world.Iprobe(tag: 31_000) == nil)
            try expect(try world.Improbe(tag: 31_000) == nil)
        },
        Case("Iprobe finds a message once it is there") { world in
            let (left, right) = ringNeighbors(world)
            let outgoing = try world.Isend([Float(world.rank)], dest: right, tag: 4)
            var status: Status?
            while status == nil { status = try world.Iprobe(source: MPI.anySource, tag: 4) }
            try expect(status!.source, equals: left)
            var received: [Float] = [-1]
            try world.Recv(into: &received, source: left, tag: 4)
            try expect(received, equals: [Float(left)])
            _ = try outgoing.wait()
        },
        Case("a matched message can be received only by its holder") { world in
            let (left, right) = ringNeighbors(world)
            let first = try world.Isend([1, 10 * world.rank], dest: right, tag: 6)
            let second = try world.Isend([2, 20 * world.rank], dest: right, tag: 6)
            let message = try world.Mprobe(source: left, tag: 6)
            try expect(message.status.count(of: Int.self), equals: 2)
            // The first message is taken: a receive gets the second.
            var received = [-1, -1]
            try world.Recv(into: &received, source: left, tag: 6)
            try expect(received, equals: [2, 20 * left])
            let status = try message.Recv(into: &received)
            try expect(received, equals: [1, 10 * left])
            try expect(status.source, equals: left)
            _ = try first.wait()
            _ = try second.wait()
        },
        Case("a matched message can be received by a request") { world in
            let (left, right) = ringNeighbors(world)
            let outgoing = try world.Isend([UInt8](repeating: UInt8(world.rank), count: 100_000), dest: right)
            let message = try pollForMessage(world, from: left)
            let count = message.status.count(of: UInt8.self)!
            let incoming = try message.Irecv(into: [UInt8](repeating: 99, count: count))
            try expect(try incoming.wait(), equals: [UInt8](repeating: UInt8(left), count: 100_000))
            _ = try outgoing.wait()
        },
        Case("probing nobody gives the empty message") { world in
            let status = try world.Probe(source: MPI.procNull)
            try expect(status.source, equals: MPI.procNull)
            try expect(status.count(of: Int.self), equals: 0)
            var untouched = [5]
            try world.Mprobe(source: MPI.procNull).Recv(into: &untouched)
            try expect(untouched, equals: [5])
        },
        Case("ranks and tags out of range are refused by the probes") { world in
            for (rank, tag) in [(world.size, 0), (-7, 0), (0, -5), (0, Int.max)] {
                try expectThrow { _ = try world.Probe(source: rank, tag: tag) }
                try expectThrow { _ = try world.Iprobe(source: rank, tag: tag) }
                try expectThrow { _ = try world.Mprobe(source: rank, tag: tag).Recv(into: &scratch) }
                try expectThrow { _ = try world.Improbe(source: rank, tag: tag)?.Recv(into: &scratch) }
            }
        },
    ]
}

private func pollForMessage(_ world: Communicator, from source: Int) throws -> MatchedMessage {
    while true {
        if let message = try world.Improbe(source: source) { return message }
    }
}

private nonisolated(unsafe) var scratch = [0]
