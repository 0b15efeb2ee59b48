import SwiftMPI

/// What a request that fails does to others: nothing. Of five messages from the left, the second and the fourth are too
/// long for their receives. The cases have communicators of their own, where nothing is left over.
var failedRequestCases: [Case] { failuresInSets + failuresInScopes + failuresOfObjects + failuresAlone }

private var failuresInSets: [Case] {
    let forms: [(String, (inout RequestSet<[Int]>) throws -> [(index: Int, buffer: [Int])])] = [
        ("waitAny", { try $0.waitAny().map { [($0.index, $0.buffer)] } ?? [] }),
        ("testAny", { try $0.testAny().map { [($0.index, $0.buffer)] } ?? [] }),
        ("waitSome", { try $0.waitSome().map { ($0.index, $0.buffer) } }),
        ("testSome", { try $0.testSome().map { ($0.index, $0.buffer) } }),
        (
            "testAll and waitSome",
            { set in
                while !(try set.testAll()) {}
                return try set.waitSome().map { ($0.index, $0.buffer) }
            }
        ),
        ("waitAll", { set in zip([0, 2, 4], try set.waitAll()).map { ($0, $1) } }),
    ]
    return forms.flatMap { name, form in
        [true, false].map { haveArrived in
            Case("\(name) of a set where two \(haveArrived ? "have failed" : "fail")") { world in
                if world.size == 1 { return }
                let messages = try FiveMessages(on: world)
                let sends = haveArrived ? try messages.send() : nil
                if haveArrived { try messages.waitUntilTheyHaveArrived() }
                var set = RequestSet<[Int]>()
                for tag in 0..<5 {
                    set.append(try messages.comm.Irecv(into: FiveMessages.room(tag), source: messages.left, tag: tag))
                }
                let laterSends = haveArrived ? nil : try messages.send()
                var given: [Int: [Int]] = [:]
                var failed: [Int] = []
                while set.count > 0 {
                    do {
                        for (index, buffer) in try form(&set) {
                            try expect(given.updateValue(buffer, forKey: index) == nil, "\(index) is given twice")
                        }
                    } catch let error as MPIError {
                        failed.append(try index(of: error))
                    }
                }
                try expect(given, equals: [0: [0, 0], 2: [2, 2], 4: [4, 4]])
                try expect(failed.sorted(), equals: [1, 3])
                try expect(try set.waitAll(), equals: [])
                try expect(try set.waitAny() == nil)
                try expect(try set.testSome().isEmpty)
                try expect(try set.testAll())
                end(sends)
                end(laterSends)
            }
        }
    }
}

private var failuresInScopes: [Case] {
    let forms: [(String, (inout RequestScope) throws -> [Int])] = [
        ("waitAny", { try $0.waitAny().map { [$0.index] } ?? [] }),
        ("testAny", { try $0.testAny().map { [$0.index] } ?? [] }),
        ("waitSome", { try $0.waitSome().map(\.index) }), ("testSome", { try $0.testSome().map(\.index) }),
    ]
    return forms.map { name, form in
        Case("\(name) of a scope where two fail") { world in
            if world.size == 1 { return }
            let messages = try FiveMessages(on: world)
            var (a, b, c, d, e) = (
                FiveMessages.room(0), FiveMessages.room(1), FiveMessages.room(2), FiveMessages.room(3),
                FiveMessages.room(4)
            )
            let sends = try messages.send()
            var told: [Int] = []
            var failed: [Int] = []
            do {
                var scope = RequestScope()
                scope.append(try messages.comm.Irecv(into: a.mutableSpan, source: messages.left, tag: 0))
                scope.append(try messages.comm.Irecv(into: b.mutableSpan, source: messages.left, tag: 1))
                scope.append(try messages.comm.Irecv(into: c.mutableSpan, source: messages.left, tag: 2))
                scope.append(try messages.comm.Irecv(into: d.mutableSpan, source: messages.left, tag: 3))
                scope.append(try messages.comm.Irecv(into: e.mutableSpan, source: messages.left, tag: 4))
                while scope.count > 0 {
                    do { told += try form(&scope) } catch { failed.append(try index(of: error)) }
                }
                try scope.finish()
            }
            try expect(told.sorted(), equals: [0, 2, 4])
            try expect(failed.sorted(), equals: [1, 3])
            try expect(a + c + e, equals: [0, 0, 2, 2, 4, 4])
            end(sends)
        }
    } + [
        Case("the end of a scope where one fails") { world in
            if world.size == 1 { return }
            for tests in [false, true] {
                let messages = try FiveMessages(on: world)
                var (a, b, c) = (FiveMessages.room(0), FiveMessages.room(1), FiveMessages.room(2))
                let sends = try messages.send()
                var failed: [Int] = []
                do {
                    var scope = RequestScope()
                    scope.append(try messages.comm.Irecv(into: a.mutableSpan, source: messages.left, tag: 0))
                    scope.append(try messages.comm.Irecv(into: b.mutableSpan, source: messages.left, tag: 1))
                    scope.append(try messages.comm.Irecv(into: c.mutableSpan, source: messages.left, tag: 2))
                    if tests { do { while !(try scope.testAll()) {} } catch { failed.append(try index(of: error)) } }
                    do { try scope.finish() } catch { failed.append(try index(of: error)) }
                }
                try expect(failed, equals: [1])
                try expect(a + c, equals: [0, 0, 2, 2])
                var rest = [[Int]]()
                for tag in 3..<5 {
                    var room = [0, 0, 0, 0]
                    try messages.comm.Recv(into: &room, source: messages.left, tag: tag)
                    rest.append(room)
                }
                end(sends)
            }
        }
    ]
}

private var failuresOfObjects: [Case] {
    /// Of four objects one is too long and one is none of those expected.
    func exchange(
        on world: Communicator,
        _ body: (inout ObjectRequests<ObjectReceiveRequest<[Int]>>, inout [Int: [Int]], inout [Int], Bool) throws ->
            Void
    ) throws {
        let (left, right) = ringNeighbors(world)
        for haveArrived in [true, false] {
            let comm = try world.dup()
            var sends = ObjectRequests<ObjectSendRequest>()
            func send() throws {
                for tag in 0..<3 {
                    let object = [Int](repeating: tag, count: tag == 1 ? 100 : 2)
                    sends.append(try comm.isend(object, dest: right, tag: tag))
                }
                sends.append(try comm.isend("three", dest: right, tag: 3))
            }
            if haveArrived {
                try send()
                for tag in 0..<4 { while try comm.Iprobe(source: left, tag: tag) == nil {} }
            }
            var receives = ObjectRequests<ObjectReceiveRequest<[Int]>>()
            for tag in 0..<4 { receives.append(try comm.irecv(source: left, tag: tag, upTo: 50)) }
            if !haveArrived { try send() }
            var given: [Int: [Int]] = [:]
            var failed: [Int] = []
            try body(&receives, &given, &failed, haveArrived)
            try expect(given, equals: [0: [0, 0], 2: [2, 2]])
            try expect(failed.sorted(), equals: [1, 3])
            try expect(try receives.waitAll(), equals: [])
            try expect(try receives.waitAny() == nil)
            while true { do { _ = try sends.waitAll(); break } catch {} }  // MPICH tells the sender as well
        }
    }
    return [
        Case("waitAny and testAny of objects where two fail") { world in
            if world.size == 1 { return }
            for waits in [true, false] {
                try exchange(on: world) { receives, given, failed, haveArrived in
                    while given.count + failed.count < 4 {
                        do {
                            if let (index, object) = try waits ? receives.waitAny() : receives.testAny() {
                                try expect(given.updateValue(object, forKey: index) == nil)
                            }
                        } catch let error as RequestError {
                            try expect(given.count == 2 || !haveArrived, "an error before what is complete")
                            failed.append(try index(of: error))
                        }
                    }
                }
            }
        },
        Case("waitAll and testAll of objects where two fail") { world in
            if world.size == 1 { return }
            for tests in [false, true] {
                try exchange(on: world) { receives, given, failed, _ in
                    var objects: [[Int]]?
                    while objects == nil {
                        do {
                            if tests { while !(try receives.testAll()) {} }
                            objects = try receives.waitAll()
                        } catch let error as RequestError {
                            failed.append(try index(of: error))
                        }
                    }
                    for (index, object) in zip([0, 2], objects!) { given[index] = object }
                }
            }
        },
    ]
}

private var failuresAlone: [Case] {
    [
        Case("a request that a test finds failed never gives its buffer") { world in
            if world.size == 1 { return }
            let messages = try FiveMessages(on: world)
            let sends = try messages.send()
            for tag in 0..<5 {
                var request = try messages.comm.Irecv(into: FiveMessages.room(tag), source: messages.left, tag: tag)
                if tag.isMultiple(of: 2) {
                    while !(try request.test()) {}
                    try expect(try request.wait(), equals: [tag, tag])
                } else {
                    for _ in 0..<2 {
                        try expectThrow {
                            while !(try request.test()) {}
                        } where: {
                            try expect(($0 as? MPIError)?.class, equals: .truncated)
                        }
                    }
                    do {
                        _ = try request.wait()
                        throw Unmet(description: "the buffer of a request that failed")
                    } catch let error as MPIError {
                        try expect(error.class, equals: .truncated)
                        try expect(error.requestIndex, equals: nil)
                    }
                }
            }
            end(sends)
        },
        Case("a set takes requests that are over, and tells how they ended") { world in
            if world.size == 1 { return }
            for form in 0..<3 {
                let messages = try FiveMessages(on: world)
                let sends = try messages.send()
                var set = RequestSet<[Int]>()
                for tag in 0..<5 {
                    var request = try messages.comm.Irecv(into: FiveMessages.room(tag), source: messages.left, tag: tag)
                    if tag < 2 { do { while !(try request.test()) {} } catch {} }
                    set.append(request)
                }
                var given = 0
                var failed: [Int] = []
                while set.count > 0 {
                    do {
                        switch form {
                        case 0: given += try set.waitAll().count
                        case 1: given += try set.waitAny().map { _ in 1 } ?? 0
                        default: given += try set.testSome().count
                        }
                    } catch {
                        failed.append(try index(of: error))
                    }
                }
                try expect(given, equals: 3)
                try expect(failed.sorted(), equals: [1, 3])
                end(sends)
            }
        },
        Case("requests of nobody's messages are given by a set once") { world in
            let (left, right) = ringNeighbors(world)
            for form in 0..<5 {
                var set = RequestSet<[Int]>()
                set.append(try world.Irecv(into: [7], source: MPI.procNull))
                set.append(try world.Irecv(into: [0], source: left))
                set.append(try world.Isend([9], dest: MPI.procNull))
                set.append(try world.Isend([3], dest: right))
                var given: [Int: [Int]] = [:]
                while set.count > 0 {
                    switch form {
                    case 0: if let one = try set.waitAny() { given[one.index] = one.buffer }
                    case 1: if let one = try set.testAny() { given[one.index] = one.buffer }
                    case 2: for one in try set.waitSome() { given[one.index] = one.buffer }
                    case 3: for one in try set.testSome() { given[one.index] = one.buffer }
                    default:
                        while !(try set.testAll()) {}
                        for (index, buffer) in try set.waitAll().enumerated() { given[index] = buffer }
                    }
                }
                try expect(given, equals: [0: [7], 1: [3], 2: [9], 3: [3]])
            }
        },
        Case("a set stays as small as what is under way") { world in
            var set = RequestSet<[Int]>()
            for round in 0..<3000 {
                set.append(try world.Irecv(into: [-1], source: world.rank))
                _ = try world.Isend([round], dest: world.rank).wait()
                let (index, buffer, status) = try set.waitAny()!
                try expect(buffer, equals: [round])
                try expect(status.source, equals: world.rank)
                try expect(index, equals: round)
                try expect(set.count, equals: 0)
            }
        },
        Case("a persistent request that has failed is not started again") { world in
            if world.size == 1 { return }
            let (left, right) = ringNeighbors(world)
            for tests in [false, true] {
                let world = try world.dup()
                var room = [0, 0]
                let sends = try world.Isend([1, 2, 3], dest: right)
                do {
                    var incoming = try world.Recv_init(into: room.mutableSpan, source: left)
                    try incoming.start()
                    try expectThrow {
                        if tests { while !(try incoming.test()) {} } else { try incoming.wait() }
                    } where: {
                        try expect(($0 as? MPIError)?.class, equals: .truncated)
                    }
                    try incoming.wait()
                    try expectThrow {
                        try incoming.start()
                    } where: {
                        try expect("\($0)".contains("has failed before"), "\($0)")
                    }
                }
                _ = try? sends.wait()
                let again = try world.Isend([4, 5], dest: right)
                do {
                    var incoming = try world.Recv_init(into: room.mutableSpan, source: left)
                    try incoming.start()
                    try incoming.wait()
                }
                _ = try again.wait()
                try expect(room, equals: [4, 5])
            }
        },
    ]
}

/// Two numbers each with the tags 0, 2 and 4, four with 1 and 3.
private struct FiveMessages {
    let comm: Communicator
    let left: Int
    private let right: Int

    init(on world: Communicator) throws {
        comm = try world.dup()
        (left, right) = ringNeighbors(comm)
    }

    static func room(_ tag: Int) -> [Int] { [-1, -1] }

    func send() throws -> RequestSet<[Int]>? {
        var sends = RequestSet<[Int]>()
        for tag in 0..<5 {
            sends.append(
                try comm.Isend([Int](repeating: tag, count: tag.isMultiple(of: 2) ? 2 : 4), dest: right, tag: tag))
        }
        return sends
    }

    func waitUntilTheyHaveArrived() throws {
        for tag in 0..<5 { while try comm.Iprobe(source: left, tag: tag) == nil {} }
    }
}

/// Waits for sends of which MPICH tells that their receives failed.
private func end(_ sends: consuming RequestSet<[Int]>?) {
    guard var sends else { return }
    while sends.count > 0 { _ = try? sends.waitAll() }
}

private func index(of error: any Error) throws -> Int {
    if let error = error as? RequestError { return error.index }
    guard let error = error as? MPIError else { throw error }
    try expect(error.class, equals: .truncated)
    try expect("\(error)".hasPrefix("request \(error.requestIndex ?? -1): "), "\(error)")
    return error.requestIndex ?? -1
}
