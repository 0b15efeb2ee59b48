import SwiftMPI

/// The set and scope forms, told by the tests which of wait and test they use.
private func ranks(but world: Communicator) -> [Int] { (0..<world.size).filter { $0 != world.rank } }

var requestCases: [Case] {
    [
        Case("a request owns an array and gives it back") { world in
            let (left, right) = ringNeighbors(world)
            let incoming = try world.Irecv(into: [0.0, 0.0], source: left)
            var original = [Double(world.rank), 0.5]
            let outgoing = try world.Isend(original, dest: right)
            // The request has its own: changing ours is seen by nobody.
            original[1] = 99
            try expect(try outgoing.wait(), equals: [Double(world.rank), 0.5])
            try expect(try incoming.wait(), equals: [Double(left), 0.5])
        },
        Case("a received literal is not what it was") { world in
            // The optimizer knows the elements of this literal and must not believe that they stay.
            let (left, right) = ringNeighbors(world)
            let incoming = try world.Irecv(into: [7, 7, 7], source: left)
            _ = try world.Isend([1, 2, 3], dest: right).wait()
            let received = try incoming.wait()
            try expect(received[0] == 1 && received[1] == 2 && received[2] == 3, "\(received)")
        },
        Case("a request borrows a span") { world in
            let (left, right) = ringNeighbors(world)
            var halo = [Double](repeating: -1, count: 300)
            let row = [Double](repeating: Double(world.rank), count: 300)
            let incoming = try world.Irecv(into: halo.mutableSpan, source: left)
            let outgoing = try world.Isend(row.span, dest: right)
            _ = try outgoing.wait()
            _ = try incoming.wait()
            try expect(halo, equals: [Double](repeating: Double(left), count: 300))
        },
        Case("test tells when a request is complete, and wait then gives the buffer at once") { world in
            let (left, right) = ringNeighbors(world)
            var incoming = try world.Irecv(into: [0], source: left, tag: 1)
            try expect(!(try incoming.test()), "nothing was sent yet")
            try world.Barrier()
            let outgoing = try world.Isend([world.rank], dest: right, tag: 1)
            while try !incoming.test() {}
            try expect(try incoming.test(), "once complete, complete")
            var status = Status()
            try expect(try incoming.wait(status: &status), equals: [left])
            try expect(status.source, equals: left)
            _ = try outgoing.wait()
        },
        Case("a receive that is cancelled says so and is over") { world in
            var request = try world.Irecv(into: [1, 2, 3], source: world.rank, tag: 17)
            try request.cancel()
            var status = Status()
            try expect(try request.wait(status: &status), equals: [1, 2, 3])
            try expect(status.isCancelled)
            let (left, right) = ringNeighbors(world)
            let outgoing = try world.Isend([3], dest: right, tag: 17)
            let incoming = try world.Irecv(into: [0], source: left, tag: 17)
            try expect(try incoming.wait(status: &status), equals: [3])
            try expect(!status.isCancelled)
            _ = try outgoing.wait()
        },
        Case("a set gives the buffers of all its requests, in order") { world in
            var incoming = try RequestSet(ranks(but: world)) { try world.Irecv(into: [-1, -1], source: $0) }
            var outgoing = RequestSet<[Int]>()
            for peer in ranks(but: world) { outgoing.append(try world.Isend([world.rank, peer], dest: peer)) }
            try expect(incoming.count, equals: world.size - 1)
            try expect(try incoming.waitAll(), equals: ranks(but: world).map { [$0, world.rank] })
            try expect(incoming.count, equals: 0)
            while try !outgoing.testAll() {}
            try expect(try outgoing.waitAll(), equals: ranks(but: world).map { [world.rank, $0] })
            try expect(try outgoing.waitAll(), equals: [])
        },
        Case("waitAny and testAny give each request of a set once") { world in
            for waits in [true, false] {
                var incoming = RequestSet<[Int]>()
                var outgoing = RequestSet<[Int]>()
                for peer in ranks(but: world) {
                    incoming.append(try world.Irecv(into: [-1], source: peer))
                    outgoing.append(try world.Isend([10 * world.rank + peer], dest: peer))
                }
                var seen: Set<Int> = []
                while incoming.count > 0 {
                    guard let (index, buffer, status) = try waits ? incoming.waitAny() : incoming.testAny() else {
                        continue
                    }
                    let peer = ranks(but: world)[index]
                    try expect(status.source, equals: peer)
                    try expect(buffer, equals: [10 * peer + world.rank])
                    try expect(seen.insert(index).inserted)
                }
                try expect(seen.count, equals: world.size - 1)
                try expect(try incoming.waitAny() == nil)
                try expect(try incoming.testAny() == nil)
                _ = try outgoing.waitAll()
            }
        },
        Case("waitSome and testSome give each request of a set once") { world in
            for waits in [true, false] {
                var incoming = RequestSet<[Int]>()
                var outgoing = RequestSet<[Int]>()
                for peer in ranks(but: world) {
                    incoming.append(try world.Irecv(into: [-1], source: peer))
                    outgoing.append(try world.Isend([10 * world.rank + peer], dest: peer))
                }
                var seen: Set<Int> = []
                while incoming.count > 0 {
                    let done = try waits ? incoming.waitSome() : incoming.testSome()
                    if waits { try expect(!done.isEmpty) }
                    for (index, buffer, status) in done {
                        try expect(status.source, equals: ranks(but: world)[index])
                        try expect(buffer, equals: [10 * status.source + world.rank])
                        try expect(seen.insert(index).inserted)
                    }
                }
                try expect(seen.count, equals: world.size - 1)
                try expect(try incoming.waitSome().isEmpty)
                try expect(try incoming.testSome().isEmpty)
                _ = try outgoing.waitAll()
            }
        },
        Case("a scope waits for requests that borrow") { world in
            let (left, right) = ringNeighbors(world)
            var fromLeft = [Double](repeating: -1, count: 5000)
            var fromRight = fromLeft
            let mine = [Double](repeating: Double(world.rank), count: 5000)
            var exchange = RequestScope()
            exchange.append(try world.Irecv(into: fromLeft.mutableSpan, source: left, tag: 1))
            exchange.append(try world.Irecv(into: fromRight.mutableSpan, source: right, tag: 2))
            exchange.append(try world.Isend(mine.span, dest: right, tag: 1))
            exchange.append(try world.Isend(mine.span, dest: left, tag: 2))
            try exchange.finish()
            try expect(fromLeft, equals: [Double](repeating: Double(left), count: 5000))
            try expect(fromRight, equals: [Double](repeating: Double(right), count: 5000))
        },
        Case("a scope tells which requests are complete") { world in
            let (left, right) = ringNeighbors(world)
            let mine = [world.rank]
            for round in 0..<4 {
                var theirs = [-1]
                var exchange = RequestScope()
                exchange.append(try world.Irecv(into: theirs.mutableSpan, source: left, tag: round))
                exchange.append(try world.Isend(mine.span, dest: right, tag: round))
                var seen: Set<Int> = []
                while exchange.count > 0 {
                    let done =
                        switch round {
                        case 0: try exchange.waitAny().map { [$0] } ?? []
                        case 1: try exchange.testAny().map { [$0] } ?? []
                        case 2: try exchange.waitSome()
                        default: try exchange.testSome()
                        }
                    for (index, status) in done {
                        if index == 0 { try expect(status.source, equals: left) }
                        seen.insert(index)
                    }
                }
                try expect(seen, equals: [0, 1])
                try expect(try exchange.testAll())
                try exchange.finish()
                try expect(theirs, equals: [left])
            }
        },
        Case("a persistent exchange runs again and again") { world in
            let (left, right) = ringNeighbors(world)
            var theirs = [0, 0]
            var mine = [0, 0]
            do {
                var incoming = try world.Recv_init(into: theirs.mutableSpan, source: left)
                var outgoing = try world.Send_init(mine.mutableSpan, dest: right)
                for round in 1...5 {
                    outgoing.withBuffer {
                        $0[0] = world.rank; $0[1] = round
                    }
                    try incoming.start()
                    try outgoing.start()
                    try outgoing.wait()
                    let status = try incoming.wait()
                    try expect(status.source, equals: left)
                    try incoming.withBuffer { try expect([$0[0], $0[1]], equals: [left, round]) }
                }
                // Waiting for what is not active does nothing.
                try incoming.wait()
                try expect(try incoming.test())
            }
            try expect(theirs, equals: [left, 5])
        },
        Case("a message longer than the buffer never writes past it") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            for count in [5000, 40_000, 1_000_000, 8_000_000] {
                let room = count * 4 / 5
                var memory = [UInt8](repeating: 7, count: count + 64)
                let outgoing = try world.Isend([UInt8](repeating: 1, count: count), dest: right)
                var failed = false
                memory.withUnsafeMutableBufferPointer { whole in
                    var part = UnsafeMutableBufferPointer(rebasing: whole[..<room]).mutableSpan
                    do { try world.Recv(into: &part, source: left) } catch {
                        failed = (error as? MPIError)?.class == .truncated
                    }
                }
                try expect(failed, "no error of class truncated")
                try expect(memory[room...].allSatisfy { $0 == 7 }, "written past a buffer of \(room) bytes")
                _ = try? outgoing.wait()  // MPICH tells the sender as well
            }
        },
        Case("a message longer than the buffer is an error of the wait") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            for form in 0..<4 {
                let outgoing = try world.Isend([1.0, 2.0, 3.0], dest: right)
                try expectThrow {
                    switch form {
                    case 0: _ = try world.Irecv(into: [0.0], source: left).wait()
                    case 1:
                        var set = RequestSet<[Double]>()
                        set.append(try world.Irecv(into: [0.0], source: left))
                        _ = try set.waitAll()
                    case 2:
                        var set = RequestSet<[Double]>()
                        set.append(try world.Irecv(into: [0.0], source: left))
                        _ = try set.waitAny()
                    default:
                        var set = RequestSet<[Double]>()
                        set.append(try world.Irecv(into: [0.0], source: left))
                        _ = try set.waitSome()
                    }
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .truncated)
                }
                _ = try outgoing.wait()
            }
        },
        Case("ranks and tags out of range are refused by the nonblocking calls") { world in
            for (rank, tag) in [(world.size, 0), (-7, 0), (0, -5), (0, Int.max)] {
                try expectThrow { _ = try world.Isend([1], dest: rank, tag: tag).wait() }
                try expectThrow { _ = try world.Issend([1], dest: rank, tag: tag).wait() }
                try expectThrow { _ = try world.Irecv(into: [1], source: rank, tag: tag).wait() }
                var buffer = [1]
                try expectThrow { _ = try world.Send_init(buffer.mutableSpan, dest: rank, tag: tag) }
                try expectThrow { _ = try world.Recv_init(into: buffer.mutableSpan, source: rank, tag: tag) }
            }
        },
    ]
}
