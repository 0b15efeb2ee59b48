internal import CMPI

/// A communicator whose ranks are the nodes of a graph; every rank knows the whole graph.
///
/// For many ranks, prefer a ``DistributedGraphCommunicator``, in which each rank knows only its own edges.
///
/// MPI: graph topologies, MPI-3.1 §7.5.3.
public final class GraphCommunicator: Communicator, TopologyCommunicator {
    /// The neighbors of every rank, in rank order.
    public let adjacency: [[Int]]

    /// MPI: `MPI_Graphdims_get`, `MPI_Graph_get`, MPI-3.1 §7.5.5.
    required init(_ handle: MPI_Comm, from parent: Communicator?) throws(MPIError) {
        var nodes: CInt = 0
        var edges: CInt = 0
        try check("MPI_Graphdims_get", MPI_Graphdims_get(handle, &nodes, &edges))
        var ends = [CInt](repeating: 0, count: Int(nodes))
        var neighbors = [CInt](repeating: 0, count: Int(edges))
        try check("MPI_Graph_get", MPI_Graph_get(handle, nodes, edges, &ends, &neighbors))
        adjacency = zip([0] + ends, ends).map { neighbors[Int($0)..<Int($1)].map { Int($0) } }
        try super.init(handle, from: parent)
        areEdgesMatched = isSymmetric
    }

    /// Whether every pair of nodes has the same number of edges in both directions.
    private var isSymmetric: Bool {
        var balance: [[Int]: Int] = [:]
        for (node, list) in adjacency.enumerated() {
            for neighbor in list {
                balance[[node, neighbor], default: 0] += 1
                balance[[neighbor, node], default: 0] -= 1
            }
        }
        return balance.values.allSatisfy { $0 == 0 }
    }

    /// This rank's entry of ``adjacency``, twice: its neighbors are both sources and destinations.
    public var neighbors: (sources: [Int], destinations: [Int]) { (adjacency[rank], adjacency[rank]) }

    /// Returns the neighbors of a rank.
    ///
    /// MPI: `MPI_Graph_neighbors_count`, `MPI_Graph_neighbors`, MPI-3.1 §7.5.5.
    public func neighbors(of rank: Int) throws(MPIError) -> [Int] {
        guard rank >= 0 && rank < size else { throw badRank(rank, "MPI_Graph_neighbors") }
        var count: CInt = 0
        try check("MPI_Graph_neighbors_count", MPI_Graph_neighbors_count(handle, CInt(rank), &count))
        var neighbors = [CInt](repeating: 0, count: Int(count))
        try check("MPI_Graph_neighbors", MPI_Graph_neighbors(handle, CInt(rank), count, &neighbors))
        return neighbors.map { Int($0) }
    }
}

extension Communicator {
    /// Arranges the ranks as a graph.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - adjacency: The neighbors of each node, in the order of the graph's ranks; the same on all ranks. A node may
    ///     be its own neighbor, and a neighbor may be listed twice. The graph can be asymmetric, but the
    ///     neighborhood collectives throw unless every pair of nodes has the same number of edges in both directions.
    ///   - reorder: Whether MPI may renumber the ranks to suit the machine.
    /// - Returns: The graph, or `nil` on ranks that are not part of it.
    /// - Throws: ``MPIError`` if there are more nodes than ranks, or if a neighbor is not a node.
    ///
    /// MPI: `MPI_Graph_create`, MPI-3.1 §7.5.3.
    public final func graph(
        adjacency: [[Int]], reorder: Bool = false
    ) throws(MPIError) -> GraphCommunicator? {
        let (ends, neighbors) = try cGraph(adjacency, "MPI_Graph_create")
        var new = CMPI_COMM_NULL()
        let code = MPI_Graph_create(handle, CInt(ends.count), ends, neighbors, reorder ? 1 : 0, &new)
        try check("MPI_Graph_create", code)
        if new == CMPI_COMM_NULL() { return nil }
        let graph = try GraphCommunicator(unwrapped(new), from: self)
        if adjacency.contains(where: { Set($0).count < $0.count }) && graph.areEdgesMatched {
            graph.neighborExchange = try NeighborExchange(graph) { $0 }
        }
        return graph
    }

    /// Returns the rank that this process would get in a graph that may be reordered; see
    /// ``graph(adjacency:reorder:)``.
    ///
    /// - Returns: The rank, or `nil` if the process would not be part of the graph.
    ///
    /// MPI: `MPI_Graph_map`, MPI-3.1 §7.5.8.
    public final func rankOnGraph(adjacency: [[Int]]) throws(MPIError) -> Int? {
        let (ends, neighbors) = try cGraph(adjacency, "MPI_Graph_map")
        var rank: CInt = 0
        try check("MPI_Graph_map", MPI_Graph_map(handle, CInt(ends.count), ends, neighbors, &rank))
        return numbered(rank, of: adjacency.count)
    }

    /// Returns all lists of neighbors as one list, and the end of each.
    private func cGraph(
        _ adjacency: [[Int]], _ function: StaticString
    ) throws(MPIError) -> (ends: [CInt], neighbors: [CInt]) {
        try requireIntra(function)
        guard adjacency.count <= size else {
            throw MPIError(
                refused: function, .topology, "a graph of \(adjacency.count) nodes, there are \(size) ranks")
        }
        var ends: [CInt] = []
        var neighbors: [CInt] = []
        for (node, list) in adjacency.enumerated() {
            if let stranger = list.first(where: { !adjacency.indices.contains($0) }) {
                throw MPIError(
                    refused: function, .topology,
                    "node \(node)'s neighbor \(stranger) is not one of the nodes 0..<\(adjacency.count)")
            }
            neighbors += list.map { CInt($0) }
            ends.append(try cCount(neighbors.count, function))
        }
        return (ends, neighbors)
    }
}
