// Groups and communicators (MPI-3.1 chapter 6).
// Missing: the lowercase collectives on inter-communicators.

public import CMPI

/// A set of ranks that can send each other messages.
///
/// The program starts with the communicator that ``MPI/run(threads:_:)`` passes to it; ``dup()``,
/// ``split(color:key:)``, ``create(group:)`` and the topologies create others. A message sent on one communicator can
/// never be received on another. A communicator is freed when its last reference is released, which happens at the same
/// point on every rank of a single program.
///
/// There are two families of calls: *uppercase* calls (`Send`, `Bcast`, …) move typed buffers in one MPI call, and
/// *lowercase* calls (`send`, `bcast`, …) move any `Codable` object.
///
/// MPI: `MPI_Comm`, MPI-3.1 §6.1.
public class Communicator {
    /// MPI's own handle, for calling C functions directly.
    public final let handle: MPI_Comm
    /// This process's rank in the communicator, in `0..<size`.
    public final let rank: Int
    /// The number of processes in the communicator; for an ``InterCommunicator``, in its local group.
    public final let size: Int
    /// The number of ranks that this rank can exchange messages with: `size`, or the size of the remote group of an
    /// ``InterCommunicator``.
    public final let peerCount: Int

    /// The serializer that the lowercase calls use to turn objects into bytes.
    ///
    /// All ranks of the communicator must use the same serializer. New communicators inherit it.
    public final var serializer: any ObjectSerializer {
        didSet { cbor = serializer as? CBORSerializer }
    }

    /// The serializer if it is a `CBORSerializer`, which is called without dynamic dispatch.
    @exclusivity(unchecked) private(set) final var cbor: CBORSerializer?

    @usableFromInline final let isInter: Bool

    /// The protocol of the lowercase calls, which must match mpi4py's on Python ranks; mpi4py 4's by default.
    ///
    /// All ranks of the communicator must use the same protocol. New communicators inherit it.
    public final var objectProtocol: ObjectProtocol

    /// The exchange of blocks in a topology in which a rank is a neighbor twice; `nil` for all other communicators.
    @exclusivity(unchecked) @usableFromInline final var neighborExchange: NeighborExchange?
    /// Whether every edge of a graph is matched by an edge in the other direction, as the neighborhood collectives
    /// require.
    @exclusivity(unchecked) @usableFromInline final var areEdgesMatched = true

    @usableFromInline final let tagUpperBound: Int
    private final let isPredefined: Bool

    /// The private communicator of the lowercase reductions, and the tag of the next reduction.
    final var reductionChannel: (communicator: Communicator, nextTag: Int)?

    /// Takes ownership of a communicator derived from `parent`.
    ///
    /// Without a parent, wraps `MPI_COMM_WORLD` or `MPI_COMM_SELF`, which are never freed.
    required init(_ handle: MPI_Comm, from parent: Communicator?) throws(MPIError) {
        var rank: CInt = 0
        var size: CInt = 0
        var isInter: CInt = 0
        try check("MPI_Comm_rank", MPI_Comm_rank(handle, &rank))
        try check("MPI_Comm_size", MPI_Comm_size(handle, &size))
        try check("MPI_Comm_test_inter", MPI_Comm_test_inter(handle, &isInter))
        var peerCount = size
        if isInter != 0 { try check("MPI_Comm_remote_size", MPI_Comm_remote_size(handle, &peerCount)) }
        self.handle = handle
        self.rank = Int(rank)
        self.size = Int(size)
        self.peerCount = Int(peerCount)
        self.isInter = isInter != 0
        self.serializer = parent?.serializer ?? CBORSerializer()
        self.cbor = serializer as? CBORSerializer
        self.objectProtocol = parent?.objectProtocol ?? .mpi4py4
        self.isPredefined = parent == nil
        self.tagUpperBound = try MPI.tagUpperBound
    }

    deinit {
        if isPredefined || !MPI.isRunning { return }
        var handle = CMPI_COMM_NULL()
        handle = self.handle
        MPI_Comm_free(&handle)
    }

    /// Splits the ranks into disjoint communicators, one for each color.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - color: Ranks with the same color join the same communicator; must not be negative. A rank with color `nil`
    ///     joins none.
    ///   - key: Orders the ranks within the new communicator; ranks with equal keys keep their current order.
    /// - Returns: The communicator of this rank's color, or `nil` if the color is `nil`.
    ///
    /// MPI: `MPI_Comm_split`, MPI-3.1 §6.4.2.
    public func split(color: Int?, key: Int = 0) throws(MPIError) -> Communicator? { try part(color: color, key: key) }

    /// Creates a communicator of some of the ranks.
    ///
    /// Collective over all ranks of this communicator; see ``createGroup(_:tag:)`` for a call that only the members
    /// make. Ranks may pass different groups if the groups are disjoint.
    ///
    /// - Parameter group: The members, in the order of their new ranks.
    /// - Returns: The communicator, or `nil` on ranks outside the group.
    /// - Throws: ``MPIError`` for a group with members that are not in this communicator.
    ///
    /// MPI: `MPI_Comm_create`, MPI-3.1 §6.4.2.
    public func create(group: Group) throws(MPIError) -> Communicator? { try part(group: group) }
}
