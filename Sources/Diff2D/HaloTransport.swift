import SwiftMPI
import Synchronization

/// The way in which halo points are transferred between ranks. The results of all strategies are bit-identical.
enum HaloStrategy: String, CaseIterable {
    /// Nonblocking sends and receives, created for each exchange.
    case nonblocking
    /// Persistent sends and receives, created once.
    case persistent
    /// A neighborhood collective.
    case neighborhood
    /// Direct stores into shared memory of the neighbor, which must be on the same node.
    case shared
}

extension HaloStrategy {
    /// Returns what is missing for `shared`, as part of a message; `nil` if the strategy can be used. Collective.
    ///
    /// - Parameters:
    ///   - rows, columns: The extent of the largest block.
    ///   - depth: The depth of the halo.
    static func obstacleToSharing(
        rows: Int, columns: Int, depth: Int, on world: Communicator
    ) throws(MPIError) -> String? {
        let sharesMemory = try world.splitBySharedMemory().size == world.size
        guard try world.Allreduce(sharesMemory, op: .logicalAnd) else { return "all ranks on one node" }
        // Includes the corners, and the padding of rows to whole vectors.
        let counts = [rows, columns].map { depth * ($0 + 2 * depth + 16) }
        let byteCount = counts.reduce(0) { $0 + SharedTransport.byteCount(count: $1) }
        let isAvailable = try SharedMemory.isAvailable(byteCount: byteCount, on: world)
        return isAvailable ? nil : "\(byteCount) bytes of /dev/shm a rank, which are not free"
    }
}

/// The two neighbors of a rank along an axis; ``MPI/procNull`` on a side without a neighbor.
struct Neighbors {
    enum Side: Int, CaseIterable { case low, high }

    private let low: Int
    private let high: Int
    /// The sides that have a neighbor.
    let sides: [Side]

    init(low: Int, high: Int) {
        (self.low, self.high) = (low, high)
        sides = Side.allCases.filter { ($0 == .low ? low : high) != MPI.procNull }
    }

    subscript(side: Side) -> Int { side == .low ? low : high }

    var ranks: [Int] { sides.map { self[$0] } }
}

/// Exchanges the same number of points with each neighbor along an axis.
///
/// In each round, call ``begin()``, copy the outgoing points to the buffers of ``outgoing(_:)``, call
/// ``exchange(meanwhile:)``, and take the received points from the buffers of ``incoming(_:)``.
protocol HaloTransport: AnyObject {
    /// The number of messages and bytes that this rank sends in one exchange.
    var messagesSent: Int { get }
    var bytesSent: Int { get }

    /// Starts a round.
    func begin()
    /// Returns the buffer for points that go to a side; `nil` if the side has no neighbor.
    func outgoing(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>?
    /// Sends the outgoing points, does the given work, and waits until all incoming points have arrived.
    func exchange(meanwhile work: () -> Void) throws(MPIError)
    /// Returns the points that came from a side; `nil` if the side has no neighbor.
    func incoming(_ side: Neighbors.Side) -> UnsafeMutableBufferPointer<Double>?
}

extension HaloStrategy {
    /// Creates the transport for the neighbors along an axis. Collective.
    ///
    /// - Parameter count: The number of points for each neighbor.
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

/// The common part of all transports that send one message to each neighbor and receive one from it. Each message has
/// its own buffer. The tag identifies the side to which the message goes.
private class MessageTransport {
    let neighbors: Neighbors
    let count: Int
    /// The outgoing points for each neighbor, followed by the incoming points from each neighbor.
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

    /// Returns the tags of messages that are sent to a side and received from it.
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

/// A transport that stores the points in the neighbor's segment of shared memory, and then the number of the round.
///
/// Each rank has two boxes per side, which are used alternately. When a rank writes to a box again, the owner has
/// already emptied it: the rank has received the points of the round in between, which the owner starts only after it
/// has finished with the box.
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
        // Points sent to the high side arrive from the neighbor's low side.
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

    /// Returns the address of the number of the last round whose points have arrived from a side. Each number has its
    /// own cache line.
    private func arrivals(
        in segment: UnsafeMutableRawPointer, _ side: Neighbors.Side
    ) -> UnsafeMutablePointer<Atomic<Int>> {
        (segment + 128 * side.rawValue).assumingMemoryBound(to: Atomic<Int>.self)
    }

    /// Returns the size of a segment in bytes.
    ///
    /// - Parameter count: The number of points for each neighbor.
    static func byteCount(count: Int) -> Int { boxes + 4 * count * MemoryLayout<Double>.size }

    /// The offset of the boxes in a segment, in bytes.
    private static var boxes: Int { 256 }

    private func box(
        in segment: UnsafeMutableRawPointer, _ side: Neighbors.Side
    ) -> UnsafeMutableBufferPointer<Double> {
        let start = (segment + Self.boxes).assumingMemoryBound(to: Double.self)
        return UnsafeMutableBufferPointer(start: start + (2 * side.rawValue + round % 2) * count, count: count)
    }
}
