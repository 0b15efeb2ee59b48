import SwiftMPI

/// The lowercase calls that do not wait, and matched probes.
var objectRequestCases: [Case] {
    [
        Case("isend and irecv around a ring, waited for in either order") { world in
            let (left, right) = ringNeighbors(world)
            for count in objectSizes {
                for sendFirst in [true, false] {
                    let receive = try world.irecv([Int].self, source: left, tag: 3)
                    let send = try world.isend(Array(world.rank..<world.rank + count), dest: right, tag: 3)
                    if sendFirst {
                        try send.wait()
                        try expect(try receive.wait() == Array(left..<left + count))
                    } else {
                        try expect(try receive.wait() == Array(left..<left + count))
                        try send.wait()
                    }
                }
            }
        },
        Case("a blocking send of any size meets a receive posted before") { world in
            let (left, right) = ringNeighbors(world)
            for count in objectSizes {
                let first = try world.irecv([Double].self, source: left, tag: 1)
                let second = try world.irecv([Double].self, source: left, tag: 2)
                let row = [Double](repeating: Double(world.rank), count: count)
                try world.send(row, dest: right, tag: 1)
                try world.ssend(row, dest: right, tag: 2)
                let expected = [Double](repeating: Double(left), count: count)
                try expect(try second.wait() == expected)
                try expect(try first.wait() == expected)
            }
        },
        Case("issend is complete only when its receive has begun") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            var send = try world.issend("synchronous", dest: right, tag: 6)
            // Nobody receives before everybody has come to the barrier.
            try expect(try !send.test())
            try world.barrier()
            try expect(try world.recv(String.self, source: left, tag: 6), equals: "synchronous")
            while try !send.test() {}
            try send.wait()
        },
        Case("receives match in the order they were posted, whatever order they are waited for in") { world in
            let (left, right) = ringNeighbors(world)
            let first = try world.irecv(Int.self, source: left, tag: 5)
            let second = try world.irecv(Int.self, source: MPI.anySource, tag: 5)
            let third = try world.irecv(Int.self, source: left)
            for number in 1...3 { try world.send(number, dest: right, tag: 5) }
            try expect(try third.wait(), equals: 3)
            try expect(try second.wait(), equals: 2)
            try expect(try first.wait(), equals: 1)
        },
        Case("a blocking receive comes after the receives posted before it") { world in
            let (left, right) = ringNeighbors(world)
            if world.size == 1 { return }
            let posted = try world.irecv(Int.self, source: left)
            for number in 1...4 { try world.send(number, dest: right, tag: number) }
            try expect(try world.recv(Int.self, source: left), equals: 2)
            let message = try world.mprobe(source: left)
            try expect(message.status.tag, equals: 3)
            try expect(try message.recv(), equals: 3)
            try expect(try world.sendrecv(5, dest: right, source: left, recvTag: 4), equals: 4)
            try expect(try posted.wait(), equals: 1)
            try expect(try world.recv(source: left), equals: 5)
        },
        Case("a receive that never meets its message does not keep the others from theirs") { world in
            let (left, right) = ringNeighbors(world)
            let never = try world.irecv(String.self, source: left, tag: 9)
            let any = try world.irecv(Int.self)
            try world.send(7, dest: right, tag: 8)
            try expect(try any.wait(), equals: 7)
            try world.send("at last", dest: right, tag: 9)
            try expect(try never.wait(), equals: "at last")
        },
        Case("test says when the object is there, and wait gives it") { world in
            let (left, right) = ringNeighbors(world)
            var receive = try world.irecv(String?.self, source: left, tag: 2)
            try world.barrier()
            try expect(try !receive.test())
            try world.barrier()
            let send = try world.isend(nil as String?, dest: right, tag: 2)
            while try !receive.test() {}
            try expect(try receive.test())
            let (object, status) = try receive.waitWithStatus()
            try expect(object, equals: nil)
            try expect(status.source, equals: left)
            try expect(status.tag, equals: 2)
            try send.wait()
        },
        Case("the object sent is what it was when the send began") { world in
            let (left, right) = ringNeighbors(world)
            var object = [world.rank]
            let send = try world.isend(object, dest: right)
            object.append(-1)
            try expect(try world.recv(source: left), equals: [left])
            try send.wait()
        },
        Case("waitAll gives every rank's object in the order of the receives") { world in
            var receives = try ObjectRequests(0..<world.size) { try world.irecv([Int].self, source: $0, tag: 4) }
            var sends = ObjectRequests<ObjectSendRequest>()
            for rank in 0..<world.size {
                let object = [Int](repeating: world.rank, count: 40_000 * rank)
                sends.append(try world.issend(object, dest: rank, tag: 4))
            }
            try expect(sends.count, equals: world.size)
            _ = try sends.waitAll()
            let objects = try receives.waitAll()
            try expect(objects == (0..<world.size).map { [Int](repeating: $0, count: 40_000 * world.rank) })
        },
        Case("waitAny gives each object once") { world in
            var receives = ObjectRequests<ObjectReceiveRequest<Int>>()
            for rank in 0..<world.size { receives.append(try world.irecv(source: rank, tag: 4)) }
            try expect(try receives.testAny() == nil)
            var sends = ObjectRequests<ObjectSendRequest>()
            try world.barrier()
            for rank in 0..<world.size { sends.append(try world.isend(world.rank, dest: rank, tag: 4)) }
            var indices: Set<Int> = []
            while let (index, object) = try receives.waitAny() {
                try expect(object, equals: index)
                try expect(indices.insert(index).inserted)
            }
            try expect(indices, equals: Set(0..<world.size))
            try expect(try receives.testAny() == nil)
            try expect(try receives.testAll())
            try expect(try receives.waitAll(), equals: [])
            while try !sends.testAll() {}
            try expect(try sends.waitAll().count, equals: world.size)
        },
        Case("where one of several cannot be decoded, all are waited for before it throws") { world in
            let (left, right) = ringNeighbors(world)
            try expectThrow {
                var receives = ObjectRequests<ObjectReceiveRequest<Int>>()
                for tag in 0..<3 { receives.append(try world.irecv(source: left, tag: tag)) }
                try world.send(0, dest: right, tag: 0)
                try world.send("one", dest: right, tag: 1)
                try world.send(2, dest: right, tag: 2)
                _ = try receives.waitAll()
            } where: {
                let error = $0 as? RequestError
                try expect(error?.index, equals: 1)
                try expect(error?.underlying is DecodingError, "\($0)")
            }
            try expect(try world.improbe() == nil)
        },
        Case("a matched message is received by nobody else") { world in
            let (left, right) = ringNeighbors(world)
            try expect(try world.improbe(source: left) == nil)
            try world.barrier()
            let send = try world.isend(["first", "second"], dest: right, tag: 7)
            let message = try world.mprobe(source: left, tag: 7)
            try expect(message.status.source, equals: left)
            try expect(message.status.tag, equals: 7)
            try expect(try world.improbe(source: left) == nil)
            let receive = try message.irecv([String].self)
            try expect(try receive.wait(), equals: ["first", "second"])
            try send.wait()

            try world.barrier()
            let another = try world.isend(world.rank, dest: right, tag: 8)
            while true {
                guard let message = try world.improbe(source: left, tag: 8) else { continue }
                try expect(try message.recv(Int.self), equals: left)
                break
            }
            try another.wait()
        },
        Case("nobody is a partner, too") { world in
            try world.send("lost", dest: MPI.procNull)
            try world.ssend("lost", dest: MPI.procNull)
            try world.isend("lost", dest: MPI.procNull).wait()
            try expect(try world.recv(Int?.self, source: MPI.procNull), equals: nil)
            var receive = try world.irecv(Int?.self, source: MPI.procNull)
            try expect(try receive.test())
            try expect(try receive.wait(), equals: nil)
            // Not even where a receive from anybody is waiting.
            let any = try world.irecv(Int.self)
            try expect(try world.recv(Int?.self, source: MPI.procNull), equals: nil)
            try expect(try world.mprobe(source: MPI.procNull).recv(Int?.self), equals: nil)
            let left = ringNeighbors(world).left
            try world.send(left, dest: left)
            try expect(try any.wait(), equals: world.rank)
        },
        Case("ranks and tags out of range are refused, and nothing is under way then") { world in
            let attempts: [() throws -> Void] = [
                { try world.isend(1, dest: world.size).wait() },
                { try world.isend(1, dest: -77).wait() },
                { try world.issend(1, dest: 0, tag: -1).wait() },
                { try world.ibsend(1, dest: world.size).wait() },
                { try world.ssend(1, dest: world.size) },
                { try world.bsend(1, dest: world.size) },
                { _ = try world.irecv(Int.self, source: world.size).wait() },
                { _ = try world.irecv(Int.self, tag: -77).wait() },
                { _ = try world.mprobe(source: world.size).recv(Int.self) },
                { _ = try world.improbe(tag: -77) == nil },
                { _ = try world.sendrecv(1, dest: 0, source: world.size) },
            ]
            for (index, attempt) in attempts.enumerated() {
                try expectThrow(attempt) { error in
                    let errorClass = (error as? MPIError)?.class
                    try expect(errorClass == .rank || errorClass == .tag, "\(index): \(error)")
                }
            }
        },
        Case("an object that cannot be encoded is not sent") { world in
            struct Unencodable: Encodable {
                func encode(to encoder: any Encoder) throws { throw Unmet(description: "no") }
            }
            try expectThrow { try world.send(Unencodable(), dest: world.rank) }
            try expectThrow { try world.isend(Unencodable(), dest: world.rank).wait() }
            try expect(try world.improbe() == nil)
        },
        Case("bsend and ibsend wait for nobody") { world in
            let (left, right) = ringNeighbors(world)
            let object = [Int](repeating: world.rank, count: 30_000)
            try MPI.withAttachedBuffer(byteCount: 1 << 20) {
                try world.bsend(object, dest: right, tag: 1)
                try world.ibsend(object, dest: right, tag: 2).wait()
                for tag in [2, 1] {
                    try expect(try world.recv(source: left, tag: tag) == [Int](repeating: left, count: 30_000))
                }
            }
        },
        Case("bsend without a buffer, or with one too small, throws") { world in
            // On a communicator of its own: Open MPI 4 waits for the message of a failed buffered send.
            let world = try world.dup()
            try expectThrow {
                try world.bsend([Int](repeating: 1, count: 1 << 20), dest: world.rank)
            } where: {
                try expect(($0 as? MPIError)?.function, equals: "MPI_Bsend")
            }
            try expectThrow {
                try world.ibsend([Int](repeating: 1, count: 1 << 20), dest: world.rank).wait()
            } where: {
                try expect(($0 as? MPIError)?.function, equals: "MPI_Ibsend")
            }
        },
    ]
}

/// Elements of arrays that travel with the envelope, and of such that do not.
private let objectSizes = [0, 10, 300_000]
