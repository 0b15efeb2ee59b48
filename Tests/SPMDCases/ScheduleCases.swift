import SwiftMPI

// Random schedules of messages and collective calls, against what they must deliver. A seed makes the same schedule on
// all ranks. CI runs some seeds; `mpiexec -n N spmd-cases --schedules FIRST COUNT` runs any others.

var scheduleCases: [Case] {
    (0..<40).map { seed in Case("schedule \(seed)") { world in try runSchedule(seed: UInt64(seed), on: world) } }
}

/// Six rounds of messages of both families, with a collective call while they are under way.
func runSchedule(seed: UInt64, on world: Communicator) throws {
    var random = SplitMix(state: seed)
    let comms = [world, try world.dup(), try world.split(color: world.rank % 2)!]
    for round in 0..<6 {
        let exchange = Exchange(on: comms[Int.random(in: 0..<2, using: &random)], round: round, using: &random)
        let comm = comms[Int.random(in: 0..<3, using: &random)]
        let call = Int.random(in: 0..<10, using: &random)
        let root = Int.random(in: 0..<comm.size, using: &random)
        do {
            try exchange.run { try checkCollective(call, root: comm === comms[2] ? 0 : root, on: comm) }
        } catch {
            throw Unmet(description: "seed \(seed), round \(round): \(error)")
        }
    }
}

/// S. Vigna, splitmix64.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What a message says of itself, followed by elements that follow from it.
private struct Letter: Codable, Equatable {
    var source: Int
    var tag: Int
    /// Counts the messages of a round with this source, destination and tag.
    var number: Int
    var values: [Double]

    init(source: Int, tag: Int, number: Int, count: Int) {
        (self.source, self.tag, self.number) = (source, tag, number)
        values = (0..<count).map { Double(1000 * source + 100 * tag + 10 * number + $0) }
    }

    /// As a buffer of numbers.
    var numbers: [Double] { [Double(source), Double(tag), Double(number), Double(values.count)] + values }

    init(numbers: [Double]) {
        (source, tag, number) = (Int(numbers[0]), Int(numbers[1]), Int(numbers[2]))
        values = Array(numbers[4..<4 + Int(numbers[3])])
    }

    var isWhole: Bool { self == Letter(source: source, tag: tag, number: number, count: values.count) }
}

/// Messages between random ranks and the receives that take them, in a random order.
private struct Exchange {
    private struct Message {
        let source: Int
        let dest: Int
        let tag: Int
        let number: Int
        let count: Int
        let isSynchronous: Bool
    }

    private enum Way: CaseIterable { case posted, blocking, matched, probed }

    private struct Receive {
        let source: Int
        let tag: Int
        let isObject: Bool
        let way: Way
    }

    private static let longest = 40_000

    private let comm: Communicator
    private var messages: [Message] = []
    private var receives: [Receive] = []

    /// Objects travel with odd tags, numbers with even ones.
    private static func isObject(_ tag: Int) -> Bool { !tag.isMultiple(of: 2) }

    init(on comm: Communicator, round: Int, using random: inout SplitMix) {
        self.comm = comm
        var numbers: [[Int]: Int] = [:]
        let tags = [0..<4, 0..<1, 1..<2].randomElement(using: &random)!
        for _ in 0..<Int.random(in: 0...3 * comm.size, using: &random) {
            let source = Int.random(in: 0..<comm.size, using: &random)
            let dest = Int.random(in: 0..<comm.size, using: &random)
            let tag = Int.random(in: tags, using: &random)
            let number = numbers[[source, dest, tag], default: 0]
            numbers[[source, dest, tag]] = number + 1
            messages.append(
                Message(
                    source: source, dest: dest, tag: tag, number: number,
                    count: [0, 1, 7, 300, 5000, Self.longest].randomElement(using: &random)!,
                    isSynchronous: Bool.random(using: &random)))
        }
        // Receives of one message each. Those that could take each other's messages are alike, so that none is left.
        for dest in 0..<comm.size {
            let incoming = messages.filter { $0.dest == dest }
            let isUniform = Set(incoming.map { Self.isObject($0.tag) }).count <= 1
            let fromAnybody = (0..<4).map { _ in Bool.random(using: &random) }
            let takesAnything = isUniform && Bool.random(using: &random)
            let receives = incoming.shuffled(using: &random).map { message in
                Receive(
                    source: takesAnything || fromAnybody[message.tag] ? MPI.anySource : message.source,
                    tag: takesAnything ? MPI.anyTag : message.tag, isObject: Self.isObject(message.tag),
                    way: Way.allCases.randomElement(using: &random)!)
            }
            if dest == comm.rank { self.receives = receives }
        }
    }

    /// - Parameter meanwhile: Called when everything that can be posted is.
    func run(_ meanwhile: () throws -> Void) throws {
        var posted = RequestSet<[Double]>()
        var postedObjects = ObjectRequests<ObjectReceiveRequest<Letter>>()
        for receive in receives where receive.way == .posted {
            if receive.isObject {
                postedObjects.append(try comm.irecv(source: receive.source, tag: receive.tag))
            } else {
                posted.append(try comm.Irecv(into: room, source: receive.source, tag: receive.tag))
            }
        }
        var sends = RequestSet<[Double]>()
        var objectSends = ObjectRequests<ObjectSendRequest>()
        for message in messages where message.source == comm.rank {
            let (dest, tag) = (message.dest, message.tag)
            let letter = Letter(source: message.source, tag: tag, number: message.number, count: message.count)
            switch (Self.isObject(tag), message.isSynchronous) {
            case (true, true): objectSends.append(try comm.issend(letter, dest: dest, tag: tag))
            case (true, false): objectSends.append(try comm.isend(letter, dest: dest, tag: tag))
            case (false, true): sends.append(try comm.Issend(letter.numbers, dest: dest, tag: tag))
            case (false, false): sends.append(try comm.Isend(letter.numbers, dest: dest, tag: tag))
            }
        }
        // A synchronous send may wait for a receive that is not posted: collective calls must go on all the same.
        try meanwhile()
        let others = try receives.filter { $0.way != .posted }.map { try letter(of: $0) }
        let letters = try posted.waitAll().map(Letter.init(numbers:)) + postedObjects.waitAll() + others
        _ = try sends.waitAll()
        _ = try objectSends.waitAll()
        try check(letters)
        // A message of the next round must not meet a receive of this one.
        try comm.Barrier()
    }

    private var room: [Double] { [Double](repeating: -1, count: 4 + Self.longest) }

    private func letter(of receive: Receive) throws -> Letter {
        var (source, tag) = (receive.source, receive.tag)
        if receive.way == .matched {
            if receive.isObject { return try comm.mprobe(source: source, tag: tag).recv() }
            let message = try comm.Mprobe(source: source, tag: tag)
            var numbers = [Double](repeating: 0, count: message.status.count(of: Double.self)!)
            try message.Recv(into: &numbers)
            return Letter(numbers: numbers)
        }
        if receive.way == .probed {
            var status: Status?
            while status == nil { status = try comm.Iprobe(source: source, tag: tag) }
            (source, tag) = (status!.source, status!.tag)
        }
        if receive.isObject { return try comm.recv(source: source, tag: tag) }
        var numbers = room
        try comm.Recv(into: &numbers, source: source, tag: tag)
        return Letter(numbers: numbers)
    }

    /// Every message arrived once and whole, and those that any of several receives could take came in order.
    private func check(_ letters: [Letter]) throws {
        for letter in letters { try expect(letter.isWhole, "a letter of \(letter.source), tag \(letter.tag)") }
        let keys = { (letters: [Letter]) in letters.map { [$0.source, $0.tag, $0.number, $0.values.count] } }
        let expected = messages.filter { $0.dest == comm.rank }.map { [$0.source, $0.tag, $0.number, $0.count] }
        try expect(
            keys(letters).sorted { $0.lexicographicallyPrecedes($1) },
            equals: expected.sorted { $0.lexicographicallyPrecedes($1) })
        // Letters of one family are in the order in which their receives were posted or made.
        for (_, same) in Dictionary(grouping: letters, by: { [$0.source, $0.tag] }) {
            try expect(same.map(\.number), equals: Array(0..<same.count))
        }
    }
}

/// One collective call whose result is known.
private func checkCollective(_ call: Int, root: Int, on comm: Communicator) throws {
    let (rank, size) = (comm.rank, comm.size)
    let ranks = Array(0..<size)
    switch call {
    case 0: try comm.Barrier()
    case 1: try expect(try comm.bcast(rank == root ? "from \(root)" : nil, root: root), equals: "from \(root)")
    case 2: try expect(try comm.Allreduce(rank, op: .sum), equals: size * (size - 1) / 2)
    case 3: try expect(try comm.allgather("\(rank)"), equals: ranks.map(String.init))
    case 4: try expect(try comm.gather([rank], root: root), equals: rank == root ? ranks.map { [$0] } : nil)
    case 5: try expect(try comm.alltoall(ranks.map { "\(rank) to \($0)" }), equals: ranks.map { "\($0) to \(rank)" })
    case 6:
        try expect(try comm.scan("\(rank)") { $0 + $1 }, equals: ranks[...rank].map(String.init).joined())
    case 7: try expect(try comm.allreduce([rank]) { $0 + $1 }, equals: ranks)
    case 8:
        var buffer = [Int](repeating: rank == root ? root : -1, count: 30_000)
        try comm.Bcast(&buffer, root: root)
        try expect(buffer == [Int](repeating: root, count: 30_000))
    default:
        var received = [Int](repeating: -1, count: size)
        try comm.Alltoall(ranks.map { 100 * rank + $0 }, into: &received)
        try expect(received, equals: ranks.map { 100 * $0 + rank })
    }
}
