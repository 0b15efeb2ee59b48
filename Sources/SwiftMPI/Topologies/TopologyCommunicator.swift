// Process topologies (MPI-3.1 chapter 7).
// Missing: nothing; the neighborhood collectives are with the collectives.

internal import CMPI

/// A communicator whose ranks have neighbors.
///
/// MPI: MPI-3.1 §7.
public protocol TopologyCommunicator: Communicator {
    /// The ranks that this rank receives from and sends to in a neighborhood collective, in the order of the buffers'
    /// blocks; ``MPI/procNull`` beyond an edge of a grid.
    var neighbors: (sources: [Int], destinations: [Int]) { get }
}

extension TopologyCommunicator {
    /// The numbers of neighbors that this rank receives from and sends to.
    @inlinable
    public var neighborCounts: (in: Int, out: Int) { (neighbors.sources.count, neighbors.destinations.count) }
}

/// A kind of topology.
///
/// MPI: `MPI_CART` and the others, MPI-3.1 §7.5.5.
public enum Topology: Hashable, Sendable {
    /// A grid: a ``CartesianCommunicator``.
    case cartesian
    /// A graph that every rank knows as a whole: a ``GraphCommunicator``.
    case graph
    /// A graph in which every rank knows only its own edges: a ``DistributedGraphCommunicator``.
    case distributedGraph
}

extension Communicator {
    /// The communicator's topology, or `nil` if it has none.
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

/// Returns the rank that `MPI_Cart_map` or `MPI_Graph_map` gave, or `nil` for a process that is not part of the
/// topology. Open MPI 4 gives such processes numbers, too.
func numbered(_ rank: CInt, of nodes: Int) -> Int? {
    rank == CMPI_UNDEFINED() || rank >= nodes ? nil : Int(rank)
}
