// Groups and communicators (MPI-3.1 chapter 6).
// Missing: the lowercase collectives on inter-communicators.

public import CMPI

/// A set of ranks that can send each other messages.
///
/// The program starts with the one that ``MPI/run(threads:_:)`` hands it; ``dup()``, ``split(color:key:)``,
/// ``create(group:)`` and the topologies make others. Messages of one communicator never meet those of another. A
/// communicator frees itself when its last reference goes, which happens at the same place on every rank of a single
/// program.
///
/// Calls in two families: *uppercase* (`Send`, `Bcast`, …) move typed buffers in one MPI call, *lowercase* (`send`,
/// `bcast`, …) move any `Codable`.
///
/// MPI: `MPI_Comm`, MPI-3.1 §6.1.
public class Communicator {
    /// MPI's own handle, for calling C directly.
    public final let handle: MPI_Comm
    /// This process's number in the communicator, `0..<size`.
    public final let rank: Int
    /// How many processes the communicator has; of an ``InterCommunicator``, how many this side of it has.
    public final let size: Int
    /// How many ranks there are to exchange messages with: `size`, or that of the other side of an
    /// ``InterCommunicator``.
    public final let peerCount: Int

    /// What the lowercase calls use to turn objects into bytes.
    ///
    /// All ranks of the communicator must use the same. New communicators inherit it.
    public final var serializer: any ObjectSerializer {
        didSet { cbor = serializer as? CBORSerializer }
    }

    /// The serializer if it is the usual one, which is called without looking it up.
    @exclusivity(unchecked) private(set) final var cbor: CBORSerializer?

    @usableFromInline final let isInter: Bool

    /// Whose lowercase calls this communicator's can be mixed with; mpi4py 4's unless set otherwise.
    ///
    /// All ranks of the communicator must use the same. New communicators inherit it.
    public final var objectProtocol: ObjectProtocol

    /// How a topology exchanges blocks where a rank is a neighbor twice; `nil` where none is.
    @exclusivity(unchecked) @usableFromInline final var neighborExchange: NeighborExchange?
    /// Whether each edge of a graph has its counterpart, which the neighborhood collectives need.
    @exclusivity(unchecked) @usableFromInline final var areEdgesMatched = true

    @usableFromInline final let tagUpperBound: Int
    private final let isPredefined: Bool

    /// The private channel of the lowercase reductions, and the tag of the next one.
    final var reductionChannel: (communicator: Communicator, nextTag: Int)?

    /// Takes over a communicator derived from `parent`; without one, wraps `MPI_COMM_WORLD` or `MPI_COMM_SELF`, which
    /// are never freed.
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

    /// Divides the ranks into disjoint communicators, one a color.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - color: Not negative; ranks of the same color come together. `nil`: this rank joins none.
    ///   - key: Orders the ranks within the new communicator; ties keep their order here.
    /// - Returns: The communicator of this rank's color; `nil` if its color was.
    ///
    /// MPI: `MPI_Comm_split`, MPI-3.1 §6.4.2.
    public func split(color: Int?, key: Int = 0) throws(MPIError) -> Communicator? { try part(color: color, key: key) }

    /// Makes a communicator of some of the ranks.
    ///
    /// Collective over all ranks of this communicator; see ``createGroup(_:tag:)`` for a call that only the members
    /// make. Ranks may name different groups as long as these are disjoint.
    ///
    /// - Parameter group: The members, in the order of their new ranks.
    /// - Returns: The communicator; `nil` on ranks outside the group.
    /// - Throws: ``MPIError`` for a group with members that this communicator does not have.
    ///
    /// MPI: `MPI_Comm_create`, MPI-3.1 §6.4.2.
    public func create(group: Group) throws(MPIError) -> Communicator? { try part(group: group) }
}
