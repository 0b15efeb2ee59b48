import SwiftMPI

/// A function makes a communicator, starts something on it and returns the request, which is then all that keeps it.
var requestLifetimeCases: [Case] {
    [
        lifetime("Iallreduce") {
            try $0.Iallreduce([$0.rank, 1], into: [0, 0], op: .sum)
        } end: { request, size in
            try expect(try request.wait().received, equals: [size * (size - 1) / 2, size])
        },
        lifetime("Ibcast of much") {
            try $0.Ibcast([Int](repeating: $0.rank, count: 100_000), root: 0)
        } end: { request, _ in
            try expect(try request.wait() == [Int](repeating: 0, count: 100_000))
        },
        lifetime("Ibarrier") {
            try $0.Ibarrier()
        } end: { request, _ in
            _ = try request.wait()
        },
        lifetime("Igatherv") {
            try $0.Igatherv([$0.rank], into: [Int](repeating: -1, count: $0.rank == 0 ? $0.size : 0))
        } end: { request, size in
            let all = try request.wait().received
            try expect(all.isEmpty || all == Array(0..<size))
        },
        lifetime("Ialltoall, tested") {
            try $0.Ialltoall(Array(0..<$0.size), into: [Int](repeating: -1, count: $0.size))
        } end: { request, size in
            var request = request
            while !(try request.test()) {}
            try expect(Set(try request.wait().received).count, equals: 1)
        },
        lifetime("a set") {
            var set = RequestSet<BufferPair<[Int], [Int]>>()
            for number in 1...3 { set.append(try $0.Iallreduce([number], into: [0], op: .sum)) }
            return set
        } end: { set, size in
            var set = set
            var seen: [Int] = []
            while let (index, buffers, _) = try set.waitAny() {
                try expect(buffers.received, equals: [(index + 1) * size])
                seen.append(index)
            }
            try expect(seen.sorted(), equals: [0, 1, 2])
        },
        lifetime("irecv and isend") {
            let (left, right) = ringNeighbors($0)
            var exchange = Exchange()
            for count in [1, 1_000_000] {
                exchange.receives.append(try $0.irecv(source: left, tag: count))
                exchange.sends.append(try $0.isend([Int](repeating: $0.rank, count: count), dest: right, tag: count))
            }
            return exchange
        } end: { exchange, _ in
            var exchange = exchange
            while let (index, object) = try exchange.receives.waitAny() {
                try expect(object.count, equals: index == 0 ? 1 : 1_000_000)
            }
            _ = try exchange.sends.waitAll()
        },
        lifetime("a detached isend") {
            let (left, right) = ringNeighbors($0)
            let receive = try $0.irecv([Int].self, source: left)
            try $0.isend([Int](repeating: $0.rank, count: 1_000_000), dest: right).detach()
            return receive
        } end: { receive, _ in
            try expect(try receive.wait().count, equals: 1_000_000)
        },
        lifetime("idup") {
            try $0.idup()
        } end: { pending, size in
            try expect(try pending.wait().Allreduce(1, op: .sum), equals: size)
        },
        Case("a scope and persistent requests keep the communicators they are on") { world in
            let (left, right) = ringNeighbors(world)
            var (whole, theirs, again) = ([0], [-1], [-1])
            var mine = [world.rank]
            let one = [1]
            do {
                var scope = RequestScope()
                scope.append(try world.dup().Iallreduce(one.span, into: whole.mutableSpan, op: .sum))
                let part = try world.dup()
                var incoming = try part.Recv_init(into: theirs.mutableSpan, source: left)
                var outgoing = try part.Send_init(mine.mutableSpan, dest: right)
                scope.append(try part.Irecv(into: again.mutableSpan, source: left, tag: 1))
                let send = try part.Isend([world.rank], dest: right, tag: 1)
                _ = consume part
                for _ in 0..<3 {
                    try incoming.start()
                    try outgoing.start()
                    try incoming.wait()
                    try outgoing.wait()
                }
                try scope.finish()
                _ = try send.wait()
            }
            try expect([whole, theirs, again], equals: [[world.size], [left], [left]])
        },
    ]
}

private struct Exchange: ~Copyable {
    var receives = ObjectRequests<ObjectReceiveRequest<[Int]>>()
    var sends = ObjectRequests<ObjectSendRequest>()
}

/// A case in which what `begin` starts cannot be over before its communicator has gone out of scope: the last rank of
/// each part begins only then.
private func lifetime<Started: ~Copyable>(
    _ name: String, _ begin: @escaping (Communicator) throws -> Started,
    end: @escaping (consuming Started, _ size: Int) throws -> Void
) -> Case {
    Case("\(name) on a communicator that nobody else keeps") { world in
        for round in 0..<5 {
            let color = round.isMultiple(of: 2) ? 0 : world.rank % 2
            let members = (0..<world.size).filter { round.isMultiple(of: 2) || $0 % 2 == color }
            func started() throws -> Started {
                let part = try world.split(color: color)!
                if world.rank == members.last {
                    for member in members.dropLast() { _ = try world.recv(Int.self, source: member, tag: 900) }
                }
                return try begin(part)
            }
            let request = try started()
            if world.rank != members.last { try world.send(0, dest: members.last!, tag: 900) }
            try end(request, members.count)
        }
    }
}
