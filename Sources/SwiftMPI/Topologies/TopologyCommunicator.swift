// Process topologies (MPI-3.1 chapter 7).
// Missing: nothing; the neighborhood collectives are with the collectives.

internal import CMPI

/// A communicator whose ranks have neighbors.
///
/// MPI: MPI-3.1 §7.
public protocol TopologyCommunicator: Communicator {
    /// Whom this rank hears from and whom it sends to in a neighborhood collective, in the order of the buffers'
    /// blocks; ``MPI/procNull`` where a grid ends.
    var neighbors: (sources: [Int], destinations: [Int]) { get }
}

extension TopologyCommunicator {
    /// How many neighbors this rank hears from and sends to.
    @inlinable
    public var neighborCounts: (in: Int, out: Int) { (neighbors.sources.count, neighbors.destinations.count) }
}

/// The kinds of topology.
///
/// MPI: `MPI_CART` and the others, MPI-3.1 §7.5.5.
public enum Topology: Hashable, Sendable {
    /// A grid: a ``CartesianCommunicator``.
    case cartesian
    /// A graph that every rank knows as a whole: a ``GraphCommunicator``.
    case graph
    /// A graph of which every rank knows its own edges: a ``DistributedGraphCommunicator``.
    case distributedGraph
}

extension Communicator {
    /// The communicator's topology; `nil` if it has none.
    ///
    /// MPI: `MPI_Topo_test`, MPI-3.1 §7.5.5.
    public final var topology: Topology? {
        get throws(MPIError) {
            var status: CInt = 0
            try check("MPI_Topo_test", MPI_Topo_test(handle, &status))
            return switch status {
            case CMPI_CART(): .cartesian
            case CMPI_GRAPH(): .graph
            case CMPI_DIST_GRAPH(): .distributedGraph
            default: nil
            }
        }
    }
}

/// What `MPI_Cart_map` and `MPI_Graph_map` answer; `nil` for a process left over, which Open MPI 4 numbers all the
/// same.
func numbered(_ rank: CInt, of nodes: Int) -> Int? {
    rank == CMPI_UNDEFINED() || rank >= nodes ? nil : Int(rank)
}
