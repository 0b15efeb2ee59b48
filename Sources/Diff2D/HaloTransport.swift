import SwiftMPI
import Synchronization

/// How the points of a halo get from rank to rank. All give the same bits.
enum HaloStrategy: String, CaseIterable {
    /// Nonblocking sends and receives, started anew each time.
    case nonblocking
    /// Sends and receives that are set up once.
    case persistent
    /// A neighborhood collective.
    case neighborhood
    /// Straight into the memory of the neighbor, which must be on the same node.
    case shared
}

extension HaloStrategy {
    /// Why `shared` cannot be used; `nil` if it can. Collective.
    ///
    /// - Parameters:
    ///   - rows, columns: The largest block of a rank.
    ///   - depth: Of the halo.
    static func obstacleToSharing(
        rows: Int, columns: Int, depth: Int, on world: Communicator
    ) throws(MPIError) -> String? {
        let sharesMemory = try world.splitBySharedMemory().size == world.size
        guard try world.Allreduce(sharesMemory, op: .logicalAnd) else { return "all ranks on one node" }
        // With what fills a row up to whole vectors, and the corners.
        let counts = [rows, columns].map { depth * ($0 + 2 * depth + 16) }
        let byteCount = counts.reduce(0) { $0 + SharedTransport.byteCount(count: $1) }
        let isAvailable = try SharedMemory.isAvailable(byteCount: byteCount, on: world)
        return isAvailable ? nil : "\(byteCount) bytes of /dev/shm a rank, which are not free"
    }
}

/// The two neighbors of a rank along an axis; ``MPI/procNull`` where there is none.
struct Neighbors {
    enum Side: Int, CaseIterable { case low, high }

    private let low: Int
    private let high: Int
    /// The sides on which there is one.
    let sides: [Side]

    init(low: Int, high: Int) {
        (self.low, self.high) = (low, high)
        sides = Side.allCases.filter { ($0 == .low ? low : high) != MPI.procNull }
    }

    subscript(side: Side) -> Int { side == .low ? low : high }

    var ranks: [Int] { sides.map { self[$0] } }
}

/// Brings as many points to each neighbor along an axis as come from it.
///
/// In each round: ``begin()``, put the points that go out where ``outgoing(_:)`` says, ``exchange(meanwhile:)``, take
/// those that came from where ``incoming(_:)`` says.
protocol HaloTransport: AnyObject {
    /// What one exchange sends.
    var messagesSent: Int { get }
    var bytesSent: Int { get }

    func begin()
    /// Room for what goes to a side; `nil` if there is nobody.
    func outgoing(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>?
    /// Sends, does some work, and waits until everything has come.
    func exchange(meanwhile work: () -> Void) throws(MPIError)
    /// What came from a side.
    func incoming(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>?
}

extension HaloStrategy {
    /// Collective.
    ///
    /// - Parameter count: Points for each neighbor.
    func transport(
        between neighbors: Neighbors, count: Int, _ decomposition: Decomposition
    ) throws(MPIError) -> any HaloTransport {
        switch self {
        case .nonblocking: NonblockingTransport(neighbors, count: count, decomposition.communicator)
        case .persistent: try PersistentTransport(neighbors, count: count, decomposition)
        case .neighborhood: try NeighborhoodTransport(neighbors, count: count, decomposition.communicator)
        case .shared: try SharedTransport(neighbors, count: count, decomposition)
        }
    }
}

/// A message to each neighbor and one from it, through buffers of their own. The tag says to which side it goes.
private class MessageTransport {
    let neighbors: Neighbors
    let count: Int
    /// For each neighbor there is, the points that go out; then those that come in.
    private let memory: UnsafeMutableBufferPointer<Double>

    init(_ neighbors: Neighbors, count: Int) {
        self.neighbors = neighbors
        self.count = count
        memory = .allocate(capacity: 2 * neighbors.sides.count * count)
        memory.initialize(repeating: 0)
    }

    deinit { memory.deallocate() }

    final var messagesSent: Int { neighbors.sides.count }
    final var bytesSent: Int { neighbors.sides.count * count * MemoryLayout<Double>.size }

    final func begin() {}

    final var allOutgoing: UnsafeMutableBufferPointer<Double> { part(0, neighbors.sides.count) }
    final var allIncoming: UnsafeMutableBufferPointer<Double> { part(neighbors.sides.count, neighbors.sides.count) }

    final func outgoing(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>? {
        neighbors.sides.firstIndex(of: side).map { part($0, 1) }
    }

    final func incoming(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>? {
        neighbors.sides.firstIndex(of: side).map { part(neighbors.sides.count + $0, 1) }
    }

    private final func part(_ first: Int, _ parts: Int) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(rebasing: memory[first * count..<(first + parts) * count])
    }

    /// The tag of what travels to a side, and of what comes from there.
    static func tags(_ side: Neighbors.Side) -> (sent: Int, received: Int) { (side.rawValue, 1 - side.rawValue) }
}

private final class NonblockingTransport: MessageTransport, HaloTransport {
    private let communicator: Communicator

    init(_ neighbors: Neighbors, count: Int, _ communicator: Communicator) {
        self.communicator = communicator
        super.init(neighbors, count: count)
    }

    func exchange(meanwhile work: () -> Void) throws(MPIError) {
        var requests = RequestScope()
        for side in neighbors.sides {
            requests.append(
                try communicator.Irecv(
                    into: incoming(side)!.mutableSpan, source: neighbors[side], tag: Self.tags(side).received))
        }
        for side in neighbors.sides {
            requests.append(
                try communicator.Isend(outgoing(side)!.span, dest: neighbors[side], tag: Self.tags(side).sent))
        }
        work()
        try requests.finish()
    }
}

private final class PersistentTransport: MessageTransport, HaloTransport {
    private var requests: PersistentRequests

    init(_ neighbors: Neighbors, count: Int, _ decomposition: Decomposition) throws(MPIError) {
        requests = PersistentRequests(on: decomposition.communicator, yields: decomposition.sharesProcessors)
        super.init(neighbors, count: count)
        for side in neighbors.sides {
            try requests.addReceive(into: incoming(side)!, source: neighbors[side], tag: Self.tags(side).received)
        }
        for side in neighbors.sides {
            try requests.addSend(outgoing(side)!, dest: neighbors[side], tag: Self.tags(side).sent)
        }
    }

    func exchange(meanwhile work: () -> Void) throws(MPIError) {
        try requests.start()
        work()
        try requests.wait()
    }
}

private final class NeighborhoodTransport: MessageTransport, HaloTransport {
    private let graph: DistributedGraphCommunicator

    init(_ neighbors: Neighbors, count: Int, _ communicator: Communicator) throws(MPIError) {
        graph = try communicator.distributedGraph(sources: neighbors.ranks, destinations: neighbors.ranks)
        super.init(neighbors, count: count)
    }

    func exchange(meanwhile work: () -> Void) throws(MPIError) {
        var requests = RequestScope()
        requests.append(try graph.Ineighbor_alltoall(allOutgoing.span, into: allIncoming.mutableSpan))
        work()
        try requests.finish()
    }
}

/// Points are written into the neighbor's segment of shared memory, and then the number of the round.
///
/// Each rank has two boxes a side, used in turn. When a rank writes to a box again, its owner has emptied it: the rank
/// has meanwhile heard of the round in between, which the owner begins when it is done with the box.
private final class SharedTransport: HaloTransport {
    private let neighbors: Neighbors
    private let count: Int
    private let yields: Bool
    private let memory: SharedMemory
    private let own: UnsafeMutableRawPointer
    /// The segments of the neighbors.
    private let theirs: [UnsafeMutableRawPointer?]
    private var round = 0

    init(_ neighbors: Neighbors, count: Int, _ decomposition: Decomposition) throws(MPIError) {
        let communicator = decomposition.communicator
        self.neighbors = neighbors
        self.count = count
        yields = decomposition.sharesProcessors
        let byteCount = Self.byteCount(count: neighbors.sides.isEmpty ? 0 : count)
        let memory = try SharedMemory(byteCount: byteCount, on: communicator)
        self.memory = memory
        own = try memory.segment(of: communicator.rank)
        var theirs: [UnsafeMutableRawPointer?] = []
        for side in Neighbors.Side.allCases {
            let rank = neighbors[side]
            theirs.append(rank == MPI.procNull ? nil : try memory.segment(of: rank))
        }
        self.theirs = theirs
    }

    var messagesSent: Int { neighbors.sides.count }
    var bytesSent: Int { neighbors.sides.count * count * MemoryLayout<Double>.size }

    func begin() { round += 1 }

    func outgoing(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>? {
        // What goes to my high side comes from its low side.
        theirs[side.rawValue].map { box(in: $0, side == .low ? .high : .low) }
    }

    func incoming(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>? {
        neighbors[side] == MPI.procNull ? nil : box(in: own, side)
    }

    func exchange(meanwhile work: () -> Void) throws(MPIError) {
        for side in neighbors.sides {
            arrivals(in: theirs[side.rawValue]!, side == .low ? .high : .low).pointee.store(round, ordering: .releasing)
        }
        work()
        for side in neighbors.sides {
            let arrived = arrivals(in: own, side)
            while arrived.pointee.load(ordering: .acquiring) < round {
                if yields { yieldProcessor() }
            }
        }
    }

    /// The number of the last round of which the points have come from a side; each in a cache line of its own.
    private func arrivals(
        in segment: UnsafeMutableRawPointer, _ side: Neighbors.Side
    ) -> UnsafeMutablePointer<Atomic<Int>> {
        (segment + 128 * side.rawValue).assumingMemoryBound(to: Atomic<Int>.self)
    }

    /// The size of a segment.
    ///
    /// - Parameter count: Points for each neighbor.
    static func byteCount(count: Int) -> Int { boxes + 4 * count * MemoryLayout<Double>.size }

    /// Where the boxes begin in a segment.
    private static var boxes: Int { 256 }

    private func box(
        in segment: UnsafeMutableRawPointer, _ side: Neighbors.Side
    ) -> UnsafeMutableBufferPointer<Double> {
        let start = (segment + Self.boxes).assumingMemoryBound(to: Double.self)
        return UnsafeMutableBufferPointer(start: start + (2 * side.rawValue + round % 2) * count, count: count)
    }
}
