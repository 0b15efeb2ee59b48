import FoundationEssentials
import SwiftMPI

// An error on one rank of a lowercase collective: no rank waits for an object that does not come.

/// Why an object of these cases fails.
private struct Broken: ExitStatusProviding, CustomStringConvertible, Equatable {
    var rank: Int
    var exitStatus: Int32 { 42 }
    var description: String { "the object of rank \(rank) is broken" }
}

/// An object that can never be encoded, for a reason that has a text for the user only.
private struct Unencodable: Codable {
    struct Reason: LocalizedError {
        var errorDescription: String? { "the disk is full" }
    }

    init() {}
    init(from decoder: any Decoder) throws { throw Reason() }
    func encode(to encoder: any Encoder) throws { throw Reason() }
}

/// An object that can be made in a way that it cannot be encoded, or not decoded.
private struct Fragile: Codable, Equatable {
    enum State: Int, Codable { case whole, notEncodable, notDecodable }
    var ranks: [Int]
    var state = State.whole

    init(_ rank: Int, _ state: State = .whole) { (ranks, self.state) = ([rank], state) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        ranks = try container.decode([Int].self, forKey: .ranks)
        state = try container.decode(State.self, forKey: .state)
        if state == .notDecodable { throw Broken(rank: ranks[0]) }
    }

    func encode(to encoder: any Encoder) throws {
        if state == .notEncodable { throw Broken(rank: ranks[0]) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ranks, forKey: .ranks)
        try container.encode(state, forKey: .state)
    }

    enum CodingKeys: CodingKey { case ranks, state }

    static func + (a: Fragile, b: Fragile) -> Fragile {
        var sum = a
        sum.ranks += b.ranks
        if sum.state == .whole { sum.state = b.state }
        return sum
    }
}

/// How a call ended on a rank.
private enum Ending: Codable, Equatable {
    case returned
    case ownError(String)
    case failure(PeerFailure)

    init(_ body: () throws -> Void) {
        do {
            try body()
            self = .returned
        } catch let failure as PeerFailure { self = .failure(failure) } catch { self = .ownError("\(error)") }
    }
}

/// Makes a call on every rank, checks how it ended on each, and that the communicator goes on to work.
///
/// - Parameter expected: The ending on a rank.
private func expectEndings(
    of name: String, on world: Communicator, _ expected: (Int) -> Ending, _ call: @escaping () throws -> Void
) throws {
    let mine = Ending(call)
    try expect(mine == expected(world.rank), "\(name) on rank \(world.rank): \(mine)")
    try expect(try world.allgather(world.rank), equals: Array(0..<world.size))
    try expect(try world.allreduce([world.rank], +), equals: Array(0..<world.size))
    try expect(try world.scan([world.rank], +), equals: Array(0...world.rank))

    // All together: the same error everywhere, that of the lowest rank that has one.
    guard let first = (0..<world.size).first(where: { expected($0) != .returned }) else { return }
    try expectThrow {
        try world.failingTogether(call)
    } where: { error in
        guard let together = error as? JobFailure else { throw Unmet(description: "\(name): \(error)") }
        switch expected(first) {
        case .failure(let failure):
            try expect(together, equals: JobFailure(message: failure.message, exitStatus: failure.exitStatus))
        case .ownError(let text): try expect(together.message, equals: text)
        case .returned: break
        }
    }
}

private func failure(of rank: Int) -> PeerFailure {
    PeerFailure(message: "rank \(rank): \(Broken(rank: rank))", exitStatus: 42)
}

/// The endings where a rank fails, and some or all others miss its object.
private func endings(failing bad: Int, missedBy isMissed: @escaping (Int) -> Bool = { _ in true }) -> (Int) -> Ending {
    { rank in
        if rank == bad { return .ownError("\(Broken(rank: bad))") }
        return isMissed(rank) ? .failure(failure(of: bad)) : .returned
    }
}

/// A communicator for each way to send objects.
private func flavors(_ world: Communicator) throws -> [Communicator] {
    let (three, json) = (try world.dup(), try world.dup())
    three.objectProtocol = .mpi4py3
    json.serializer = JSON()
    return [world, three, json]
}

var objectFailureCases: [Case] {
    [
        Case("an object that cannot be encoded fails where it is missed, in every collective") { world in
            for comm in try flavors(world) {
                for bad in 0..<world.size {
                    let state = { (rank: Int) in rank == bad ? Fragile.State.notEncodable : .whole }
                    let mine = Fragile(world.rank, state(world.rank))
                    let all = (0..<world.size).map { Fragile($0, state($0)) }
                    try expectEndings(of: "bcast", on: comm, endings(failing: bad)) {
                        _ = try comm.bcast(world.rank == bad ? mine : nil, root: bad)
                    }
                    try expectEndings(of: "scatter", on: comm, endings(failing: bad)) {
                        _ = try comm.scatter(world.rank == bad ? all : nil, root: bad)
                    }
                    try expectEndings(of: "allgather", on: comm, endings(failing: bad)) { _ = try comm.allgather(mine) }
                    try expectEndings(of: "alltoall", on: comm, endings(failing: bad)) {
                        let whole = (0..<world.size).map { Fragile($0) }
                        _ = try comm.alltoall(world.rank == bad ? all : whole)
                    }
                    for root in 0..<world.size {
                        try expectEndings(of: "gather", on: comm, endings(failing: bad) { $0 == root }) {
                            _ = try comm.gather(mine, root: root)
                        }
                    }
                }
            }
        },
        Case("a failure brings the text that its error has for the user") { world in
            for bad in 0..<world.size {
                let ending = Ending { _ = try world.bcast(world.rank == bad ? Unencodable() : nil, root: bad) }
                if world.rank == bad { continue }
                try expect(
                    ending, equals: .failure(PeerFailure(message: "rank \(bad): the disk is full", exitStatus: 1)))
            }
        },
        Case("an object that cannot be encoded fails every reduction that needs it") { world in
            for comm in try flavors(world) where world.size > 1 {
                for bad in 0..<world.size {
                    // Rank 0 sends nothing before it has everything.
                    let mine = Fragile(world.rank, world.rank == bad ? .notEncodable : .whole)
                    if bad > 0 {
                        for root in 0..<world.size {
                            try expectEndings(of: "reduce", on: comm, endings(failing: bad) { $0 == root }) {
                                _ = try comm.reduce(mine, root: root, +)
                            }
                        }
                    }
                    let broken = Ending { _ = try comm.allreduce(mine, +) }
                    try expect(broken, equals: endings(failing: bad)(world.rank))
                    try expectEndings(of: "scan", on: comm, endings(failing: bad) { $0 > bad }) {
                        _ = try comm.scan(mine, +)
                    }
                    try expectEndings(of: "exscan", on: comm, endings(failing: bad) { $0 > bad }) {
                        _ = try comm.exscan(mine, +)
                    }
                }
            }
        },
        Case("an object that cannot be decoded fails on all ranks that need it") { world in
            for comm in try flavors(world) where world.size > 1 {
                for bad in 0..<world.size {
                    let mine = Fragile(world.rank, world.rank == bad ? .notDecodable : .whole)
                    let outcomes = try comm.allgather(Ending { _ = try comm.allreduce(mine, +) })
                    // Whoever decodes it first throws the error itself; who that is depends on the tree.
                    try expect(!outcomes.contains(.returned), "\(outcomes)")
                    try expect(outcomes.contains(.ownError("\(Broken(rank: bad))")), "\(outcomes)")
                    for case .failure(let failure) in outcomes {
                        try expect(failure.message.hasSuffix(": \(Broken(rank: bad))"), failure.message)
                        try expect(failure.exitStatus, equals: 42)
                    }
                }
            }
        },
        Case("an operation that throws fails the reduction on every rank that needs the result") { world in
            // Throws where the objects of two neighbors meet, on whatever rank that is.
            for meeting in 1..<max(1, world.size) {
                func combine(_ a: [Int], _ b: [Int]) throws -> [Int] {
                    if a.contains(meeting - 1), b.contains(meeting) { throw Broken(rank: meeting) }
                    return a + b
                }
                let check = { (outcomes: [Ending], needed: (Int) -> Bool) in
                    for (rank, outcome) in outcomes.enumerated() {
                        switch outcome {
                        case .returned: try expect(!needed(rank), "rank \(rank) of \(outcomes)")
                        case .ownError(let text): try expect(text, equals: "\(Broken(rank: meeting))")
                        case .failure(let failure):
                            try expect(needed(rank), "rank \(rank) of \(outcomes)")
                            // It names a rank where the operation has thrown.
                            let origin = outcomes.indices.first { failure.message.hasPrefix("rank \($0): ") }
                            try expect(outcomes[origin!], equals: .ownError("\(Broken(rank: meeting))"))
                            try expect(failure.exitStatus, equals: 42)
                        }
                    }
                }
                for comm in try flavors(world) {
                    for root in 0..<world.size {
                        let reduced = Ending { _ = try comm.reduce([world.rank], root: root, combine) }
                        try check(comm.allgather(reduced)) { $0 == root }
                    }
                    try check(comm.allgather(Ending { _ = try comm.allreduce([world.rank], combine) })) { _ in true }
                    try check(comm.allgather(Ending { _ = try comm.scan([world.rank], combine) })) { $0 >= meeting }
                    try check(comm.allgather(Ending { _ = try comm.exscan([world.rank], combine) })) { $0 > meeting }
                }
                // All together: one error on all ranks.
                let same = Ending { try world.failingTogether { _ = try world.reduce([world.rank], combine) } }
                try expect(try world.allgather(same).allSatisfy { $0 == same })
                try expect(same != .returned)
            }
        },
        Case("a list of a wrong length fails on all ranks, and says how long it is") { world in
            for bad in 0..<world.size {
                for count in [0, world.size - 1, world.size + 1, 100] {
                    let list = Array(repeating: 0, count: count)
                    let lengths = "has \(count) elements, needs \(world.size)"
                    if count == world.size { continue }
                    try expectEndings(
                        of: "scatter", on: world,
                        endings("MPI_Scatter: the list to scatter \(lengths)", on: bad)
                    ) { _ = try world.scatter(world.rank == bad ? list : nil, root: bad) }
                    try expectEndings(
                        of: "alltoall", on: world,
                        endings("MPI_Alltoall: the list of objects \(lengths)", on: bad)
                    ) { _ = try world.alltoall(world.rank == bad ? list : Array(0..<world.size)) }
                }
                try expectEndings(
                    of: "scatter(nil)", on: world,
                    endings("MPI_Scatter: the root gives no list, needs one of \(world.size) objects", on: bad)
                ) { _ = try world.scatter(nil as [Int]?, root: bad) }
                try expectEndings(
                    of: "bcast(nil)", on: world,
                    endings("MPI_Bcast: the root gives nil where Int is not optional", on: bad)
                ) { _ = try world.bcast(nil as Int?, root: bad) as Int }
                try expect(try world.bcast(nil, root: bad) as Int?, equals: nil)
            }
        },
        Case("a root that throws does not confuse what comes after") { world in
            let (left, right) = ringNeighbors(world)
            for round in 0..<20 {
                let bad = round % world.size
                _ = Ending { _ = try world.bcast(Fragile(world.rank, .notEncodable), root: bad) }
                _ = Ending { _ = try world.allgather(Fragile(world.rank, world.rank == bad ? .notEncodable : .whole)) }
                try expect(try world.sendrecv(round, dest: right, source: left), equals: round)
                try expect(try world.bcast(world.rank == bad ? round : nil, root: bad), equals: round)
            }
        },
        Case("a failure that was sent on keeps its words and its status") { world in
            struct Refusing: Codable {
                let isOfPeer: Bool
                func encode(to encoder: any Encoder) throws {
                    if isOfPeer { throw PeerFailure(message: "rank 8: no disk", exitStatus: 74) }
                    throw JobFailure(message: "no disk", exitStatus: 74)
                }
            }
            for bad in 0..<world.size {
                let ofJob = Ending { _ = try world.bcast(Refusing(isOfPeer: false), root: bad) }
                try expect(
                    ofJob,
                    equals: world.rank == bad
                        ? .ownError("no disk") : .failure(PeerFailure(message: "no disk", exitStatus: 74)))
                let ofPeer = Ending { _ = try world.bcast(Refusing(isOfPeer: true), root: bad) }
                try expect(ofPeer, equals: .failure(PeerFailure(message: "rank 8: no disk", exitStatus: 74)))
            }
        },
        Case("what is received in place of an object is named") { world in
            let (left, right) = ringNeighbors(world)
            func text(_ body: () throws -> Void) -> String {
                do { try body() } catch { return "\(error)" }
                return "no error"
            }
            // The message of an uppercase call.
            let outgoing = try world.Isend([1.5, 2.5], dest: right)
            let mixedUp = text { _ = try world.recv([Double].self, source: left) }
            _ = try outgoing.wait()
            try expect(mixedUp.contains("bytes left over"), mixedUp)
            try expect(mixedUp.contains("uppercase") && mixedUp.contains("Send") && mixedUp.contains("Recv"), mixedUp)
            // nil, and Python's None.
            let none = text {
                _ = try world.sendrecv(nil as Fragile?, dest: right, receiving: Fragile.self, source: left)
            }
            try expect(none.contains("Expected Fragile, but the sender sent nil"), none)
            let empty = try world.Isend([] as [UInt8], dest: right)
            let nothing = text { _ = try world.recv(Fragile.self, source: left) }
            _ = try empty.wait()
            try expect(nothing.contains("Expected Fragile, but the sender sent nil, or an empty buffer"), nothing)
            // The message of a lowercase call, the other way round.
            let object = try world.isend("a text that is longer than a number", dest: right)
            var number = [0]
            let truncated = text { try world.Recv(into: &number, source: left) }
            try object.wait()
            try expect(truncated.contains("lowercase call, such as send"), truncated)
            let gathered = text { _ = try world.gather(nil as Int?) }
            try expect(gathered, equals: "no error")
        },
    ]
}

/// The endings where the arguments of a rank are wrong.
private func endings(_ text: String, on bad: Int) -> (Int) -> Ending {
    { rank in
        rank == bad ? .ownError(text) : .failure(PeerFailure(message: "rank \(bad): \(text)", exitStatus: 1))
    }
}
