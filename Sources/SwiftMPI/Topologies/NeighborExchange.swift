public import CMPI

/// The neighborhood all-to-all of a topology in which a rank is a neighbor more than once.
///
/// The standard defines which sent block becomes which received block: along an axis, the block for the lower rank is
/// received as the block from the upper rank; in a graph, the edges between two ranks keep their order. The libraries
/// deviate from this, and differently in each call. Here, all blocks for a rank are sent as one message, on a separate
/// graph in which no rank is a neighbor twice.
///
/// MPI: MPI-3.1 §7.6; MPI-4.0 §8.6 on periodic axes of one or two ranks.
@usableFromInline
final class NeighborExchange {
    let graph: Communicator
    /// The blocks for each rank of the graph, in the order in which they are sent.
    private let sent: [[Int]]
    /// The blocks from each rank of the graph, in the same order.
    private let received: [[Int]]
    /// The blocks that this rank sends to itself, as pairs of the sent and the received block.
    let own: [(sent: Int, received: Int)]

    /// Collective.
    ///
    /// - Parameter counterpart: Returns the position, at the sender, of a received block, or any number that sorts the
    ///   blocks from one rank in the same order.
    init(_ topology: some TopologyCommunicator, counterpart: (Int) -> Int) throws(MPIError) {
        let (sources, destinations) = topology.neighbors
        let sent = Dictionary(grouping: destinations.indices) { destinations[$0] }
        let received = Dictionary(grouping: sources.indices.sorted { counterpart($0) < counterpart($1) }) {
            sources[$0]
        }
        let from = received.keys.filter { $0 != MPI.procNull }.sorted()
        let to = sent.keys.filter { $0 != MPI.procNull }.sorted()
        self.sent = to.map { sent[$0]! }
        self.received = from.map { received[$0]! }
        own = zip(sent[topology.rank] ?? [], received[topology.rank] ?? []).map { (sent: $0, received: $1) }
        graph = try topology.distributedGraph(sources: from, destinations: to)
    }

    private init(_ graph: Communicator, like other: NeighborExchange) {
        self.graph = graph
        (sent, received, own) = (other.sent, other.received, other.own)
    }

    /// Returns the same exchange on a duplicate of the graph.
    func with(_ graph: Communicator) -> NeighborExchange { NeighborExchange(graph, like: self) }

    /// Returns an exchange of blocks at any positions.
    @usableFromInline
    func prepared(sending: (Int) -> Block, receiving: (Int) -> Block) throws(MPIError) -> PreparedExchange {
        PreparedExchange(
            graph.handle, sent: try MessageTable(sent.map { $0.map(sending) }),
            received: try MessageTable(received.map { $0.map(receiving) }))
    }

    /// Returns an exchange of consecutive blocks of equal size.
    @usableFromInline
    func prepared(
        sending sent: (count: CInt, type: MPI_Datatype), receiving received: (count: CInt, type: MPI_Datatype)
    ) throws(MPIError) -> PreparedExchange {
        let sentExtent = Int(sent.count) * extent(of: sent.type)
        let receivedExtent = Int(received.count) * extent(of: received.type)
        return try prepared {
            Block(offset: $0 * sentExtent, count: Int(sent.count), type: sent.type)
        } receiving: {
            Block(offset: $0 * receivedExtent, count: Int(received.count), type: received.type)
        }
    }
}

/// An exchange with the datatypes that its call uses. It must stay alive until the call completes.
@usableFromInline
final class PreparedExchange {
    private let graph: MPI_Comm
    private let sent: MessageTable
    private let received: MessageTable

    fileprivate init(_ graph: MPI_Comm, sent: MessageTable, received: MessageTable) {
        self.graph = graph
        self.sent = sent
        self.received = received
    }

    /// MPI: `MPI_Neighbor_alltoallw`, MPI-3.1 §7.6.4.
    @usableFromInline
    func call(_ whole: UnsafeRawPointer?, _ room: UnsafeMutableRawPointer?) -> CInt {
        CMPI_Neighbor_alltoallw(
            whole, sent.neighborCounts, sent.neighborDisplacements, sent.types,
            room, received.neighborCounts, received.neighborDisplacements, received.types, graph)
    }

    /// MPI: `MPI_Ineighbor_alltoallw`, MPI-3.1 §7.7.4.
    @usableFromInline
    func start(
        _ whole: UnsafeRawPointer?, _ room: UnsafeMutableRawPointer?
    ) -> (code: CInt, request: MPI_Request) {
        var request = CMPI_REQUEST_NULL()
        let code = CMPI_Ineighbor_alltoallw(
            whole, sent.neighborCounts, sent.neighborDisplacements, sent.types,
            room, received.neighborCounts, received.neighborDisplacements, received.types, graph, &request)
        return (code, unwrapped(request))
    }

    /// MPI: `MPI_Neighbor_alltoallw_init`, MPI-4.0 §8.8.
    @usableFromInline
    func initialize(
        _ whole: UnsafeRawPointer?, _ room: UnsafeMutableRawPointer?
    ) -> (code: CInt, request: MPI_Request) {
        var request = CMPI_REQUEST_NULL()
        let code = CMPI_Neighbor_alltoallw_init(
            whole, sent.neighborCounts, sent.neighborDisplacements, sent.types,
            room, received.neighborCounts, received.neighborDisplacements, received.types, graph, &request)
        return (code, unwrapped(request))
    }
}
