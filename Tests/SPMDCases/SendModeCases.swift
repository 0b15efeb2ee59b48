import SwiftMPI

/// A value that tells who sent it.
private func message(from rank: Int, count: Int) -> [Double] { (0..<count).map { Double(1000 * rank + $0) / 7 } }

/// One send mode: ranks exchange with their neighbors in a ring, the receive being posted first.
private func modeCase(
    _ name: String, _ send: @escaping (Communicator, [Double], Int, Int) throws -> Void
) -> Case {
    Case("\(name) moves messages of any length around a ring") { world in
        let (left, right) = ringNeighbors(world)
        for count in [0, 1, 100, 20_000] {
            let incoming = try world.Irecv(into: [Double](repeating: -1, count: count), source: left, tag: 9)
            // A ready send may only come after its receive has been posted.
            try world.Barrier()
            try send(world, message(from: world.rank, count: count), right, 9)
            var status = Status()
            try expect(try incoming.wait(status: &status), equals: message(from: left, count: count))
            try expect(status.source, equals: left)
            try expect(status.tag, equals: 9)
            try expect(status.count(of: Double.self), equals: count)
        }
    }
}

/// Space for one message of the largest count above.
private let space = 20_000 * 8 + MPI.bufferedSendOverhead

var sendModeCases: [Case] {
    [
        modeCase("Ssend") { world, array, dest, tag in
            // To oneself a blocking synchronous send may wait for a receive that has been posted nevertheless: not
            // here.
            try world.Ssend(array, dest: dest, tag: tag)
        },
        modeCase("Rsend") { world, array, dest, tag in try world.Rsend(array, dest: dest, tag: tag) },
        modeCase("Bsend") { world, array, dest, tag in
            try MPI.withAttachedBuffer(byteCount: space) { try world.Bsend(array, dest: dest, tag: tag) }
        },
        modeCase("Isend") { world, array, dest, tag in
            try expect(try world.Isend(array, dest: dest, tag: tag).wait(), equals: array)
        },
        modeCase("Isend of a span") { world, array, dest, tag in
            let request = try world.Isend(array.span, dest: dest, tag: tag)
            _ = try request.wait()
        },
        modeCase("Issend") { world, array, dest, tag in _ = try world.Issend(array, dest: dest, tag: tag).wait() },
        modeCase("Irsend") { world, array, dest, tag in _ = try world.Irsend(array, dest: dest, tag: tag).wait() },
        modeCase("Ibsend") { world, array, dest, tag in
            try MPI.withAttachedBuffer(byteCount: space) {
                _ = try world.Ibsend(array, dest: dest, tag: tag).wait()
            }
        },
        modeCase("Send_init") { world, array, dest, tag in
            var array = array
            var request = try world.Send_init(array.mutableSpan, dest: dest, tag: tag)
            try request.start()
            try request.wait()
        },
        modeCase("Ssend_init") { world, array, dest, tag in
            var array = array
            var request = try world.Ssend_init(array.mutableSpan, dest: dest, tag: tag)
            try request.start()
            while try !request.test() {}
        },
        modeCase("Rsend_init") { world, array, dest, tag in
            var request = try world.Rsend_init(array.span, dest: dest, tag: tag)
            try request.start()
            try request.wait()
        },
        modeCase("Bsend_init") { world, array, dest, tag in
            try MPI.withAttachedBuffer(byteCount: space) {
                var request = try world.Bsend_init(array.span, dest: dest, tag: tag)
                try request.start()
                try request.wait()
            }
        },
        Case("a synchronous send is not complete before its receive") { world in
            if world.size == 1 { return }
            let (left, right) = ringNeighbors(world)
            var outgoing = try world.Issend([world.rank], dest: right)
            // Nobody has posted a receive yet: all ranks come to the barrier first.
            for _ in 0..<100 { try expect(!(try outgoing.test()), "complete without a receive") }
            try world.Barrier()
            var received = [-1]
            try world.Recv(into: &received, source: left)
            try expect(received, equals: [left])
            _ = try outgoing.wait()
        },
        Case("a buffered send without space is an error") { world in
            // On a communicator of its own: after the error, Open MPI 4 waits forever for the message that never was.
            // It sends a short one without space.
            let world = try world.dup()
            let right = ringNeighbors(world).right
            try expectThrow {
                try world.Bsend([Double](repeating: 1, count: 100_000), dest: right)
            } where: {
                try expect("\($0)".contains("there is no space for buffered sends"), "\($0)")
            }
            try expectThrow {
                try MPI.withAttachedBuffer(byteCount: 64 + MPI.bufferedSendOverhead) {
                    try world.Bsend([Double](repeating: 1, count: 100_000), dest: right)
                }
            } where: {
                try expect("\($0)".contains("the space for buffered sends is full"), "\($0)")
            }
        },
        Case("only one space for buffered sends can be attached") { world in
            try MPI.withAttachedBuffer(byteCount: space) {
                try expectThrow { try MPI.withAttachedBuffer(byteCount: space) {} }
            }
        },
        Case("the space for buffered sends lasts until they are sent") { world in
            let (left, right) = ringNeighbors(world)
            let incoming = try world.Irecv(into: [Double](repeating: -1, count: 20_000), source: left)
            try MPI.withAttachedBuffer(byteCount: space) {
                try world.Bsend(message(from: world.rank, count: 20_000), dest: right)
            }
            try expect(try incoming.wait(), equals: message(from: left, count: 20_000))
        },
        Case("Sendrecv_replace passes a buffer on") { world in
            let (left, right) = ringNeighbors(world)
            for count in [0, 1, 1000, 50_000] {
                var buffer = message(from: world.rank, count: count)
                let status = try world.Sendrecv_replace(&buffer, dest: right, sendTag: 2, source: left, recvTag: 2)
                try expect(buffer, equals: message(from: left, count: count))
                try expect(status.source, equals: left)
            }
            var untouched = [7.0]
            try world.Sendrecv_replace(&untouched, dest: MPI.procNull, source: MPI.procNull)
            try expect(untouched, equals: [7.0])
        },
    ]
}
