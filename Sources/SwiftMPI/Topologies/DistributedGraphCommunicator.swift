internal import CMPI

/// A communicator whose ranks are the nodes of a directed graph; each rank knows only its own edges.
///
/// MPI: distributed graph topologies, MPI-3.1 §7.5.4.
public final class DistributedGraphCommunicator: Communicator, TopologyCommunicator {
    /// The ranks at the other ends of this rank's incoming and outgoing edges.
    public let neighbors: (sources: [Int], destinations: [Int])
    /// The weights of the incoming and outgoing edges; `nil` if the graph has no weights.
    public let weights: (sources: [Int], destinations: [Int])?

    /// MPI: `MPI_Dist_graph_neighbors_count`, `MPI_Dist_graph_neighbors`, MPI-3.1 §7.5.5.
    required init(_ handle: MPI_Comm, from parent: Communicator?) throws(MPIError) {
        var incoming: CInt = 0
        var outgoing: CInt = 0
        var isWeighted: CInt = 0
        let counted = MPI_Dist_graph_neighbors_count(handle, &incoming, &outgoing, &isWeighted)
        try check("MPI_Dist_graph_neighbors_count", counted)
        var sources = [CInt](repeating: 0, count: Int(incoming))
        var destinations = [CInt](repeating: 0, count: Int(outgoing))
        var sourceWeights = sources
        var destinationWeights = destinations
        let code =
            isWeighted != 0
            ? MPI_Dist_graph_neighbors(
                handle, incoming, &sources, &sourceWeights, outgoing, &destinations, &destinationWeights)
            : MPI_Dist_graph_neighbors(
                handle, incoming, &sources, CMPI_UNWEIGHTED(), outgoing, &destinations, CMPI_UNWEIGHTED())
        try check("MPI_Dist_graph_neighbors", code)
        neighbors = (sources.map { Int($0) }, destinations.map { Int($0) })
        weights = isWeighted != 0 ? (sourceWeights.map { Int($0) }, destinationWeights.map { Int($0) }) : nil
        try super.init(handle, from: parent)
    }

    /// Throws on all ranks if an edge differs between its two ends. Gives the graph a ``NeighborExchange`` if two edges
    /// anywhere connect the same ranks in the same direction.
    ///
    /// Collective.
    func joiningRepeatedNeighbors(_ function: StaticString) throws(MPIError) -> DistributedGraphCommunicator {
        let (sources, destinations) = neighbors
        let isRepeated = Set(sources).count < sources.count || Set(destinations).count < destinations.count
        // Each edge is added at one end and subtracted at the other end.
        let sent = destinations.reduce(UInt(0)) { $0 &+ mixed(rank, $1) }
        let received = sources.reduce(UInt(0)) { $0 &+ mixed($1, rank) }
        var all: [UInt] = [isRepeated ? 1 : 0, sent &- received]
        try Allreduce(inPlace: &all, op: .sum)
        if all[1] != 0 {
            throw MPIError(
                refused: function, .topology,
                "a rank is to send to another that does not list it as often among its sources, or the other way round")
        }
        if all[0] > 0 { neighborExchange = try NeighborExchange(self) { $0 } }
        return self
    }
}

/// Returns a hash of an edge (the mixer of SplitMix64). Different sums of hashes are unlikely to be equal.
private func mixed(_ source: Int, _ destination: Int) -> UInt {
    var bits = (UInt(source) << 32 | UInt(destination)) &+ 0x9E37_79B9_7F4A_7C15
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
}

extension Communicator {
    /// Arranges the ranks as a directed graph. Each rank specifies its own incoming and outgoing edges.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - sources: The ranks from which this rank receives. Each of them must list this rank among its destinations.
    ///   - destinations: The ranks to which this rank sends.
    ///   - weights: One nonnegative weight for each edge, equal at both ends, given on all ranks or on none. The
    ///     library defines their meaning.
    ///   - info: Hints, the same on all ranks.
    ///   - reorder: Whether MPI may renumber the ranks to suit the machine.
    /// - Throws: ``MPIError`` for a rank out of range, a negative weight, or different numbers of weights and edges.
    ///   Throws on all ranks if the two ends of an edge do not agree.
    ///
    /// MPI: `MPI_Dist_graph_create_adjacent`, MPI-3.1 §7.5.4.
    public final func distributedGraph(
        sources: [Int], destinations: [Int], weights: (sources: [Int], destinations: [Int])? = nil,
        info: Info = [:], reorder: Bool = false
    ) throws(MPIError) -> DistributedGraphCommunicator {
        let function: StaticString = "MPI_Dist_graph_create_adjacent"
        let cSources = try nodes(sources, function)
        let cDestinations = try nodes(destinations, function)
        let sourceWeights = try EdgeWeights(weights?.sources, count: sources.count, function)
        let destinationWeights = try EdgeWeights(weights?.destinations, count: destinations.count, function)
        var new = CMPI_COMM_NULL()
        let code = try info.withHandle { info in
            sourceWeights.withPointer { sourceWeights in
                destinationWeights.withPointer { destinationWeights in
                    MPI_Dist_graph_create_adjacent(
                        handle, CInt(sources.count), cSources, sourceWeights, CInt(destinations.count), cDestinations,
                        destinationWeights, info, reorder ? 1 : 0, &new)
                }
            }
        }
        try check(function, code)
        return try DistributedGraphCommunicator(unwrapped(new), from: self).joiningRepeatedNeighbors(function)
    }

    /// Arranges the ranks as a directed graph. Each edge is specified once, by any rank.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - edges: Some of the edges, between any ranks.
    ///   - weights: One nonnegative weight for each edge, given on all ranks or on none. The library defines their
    ///     meaning.
    ///   - info: Hints, the same on all ranks.
    ///   - reorder: Whether MPI may renumber the ranks to suit the machine.
    /// - Throws: ``MPIError`` for a rank out of range, a negative weight, or different numbers of weights and edges.
    ///
    /// MPI: `MPI_Dist_graph_create`, MPI-3.1 §7.5.4.
    public final func distributedGraph(
        edges: [(source: Int, destination: Int)], weights: [Int]? = nil, info: Info = [:], reorder: Bool = false
    ) throws(MPIError) -> DistributedGraphCommunicator {
        let function: StaticString = "MPI_Dist_graph_create"
        let sources = try nodes(edges.map(\.source), function)
        let destinations = try nodes(edges.map(\.destination), function)
        let weights = try EdgeWeights(weights, count: edges.count, function)
        let degrees = [CInt](repeating: 1, count: edges.count)
        var new = CMPI_COMM_NULL()
        let code = try info.withHandle { info in
            weights.withPointer { weights in
                MPI_Dist_graph_create(
                    handle, CInt(edges.count), sources, degrees, destinations, weights, info, reorder ? 1 : 0, &new)
            }
        }
        try check(function, code)
        return try DistributedGraphCommunicator(unwrapped(new), from: self).joiningRepeatedNeighbors(function)
    }

    /// Returns the ranks at the ends of edges as C integers.
    private func nodes(_ ranks: [Int], _ function: StaticString) throws(MPIError) -> [CInt] {
        try requireIntra(function)
        if let stranger = ranks.first(where: { !(0..<size).contains($0) }) { throw badRank(stranger, function) }
        _ = try cCount(ranks.count, function)
        return ranks.map { CInt($0) }
    }
}

/// The weights of edges, if there are any, in the form that C takes.
private struct EdgeWeights {
    let weights: [CInt]?

    init(_ weights: [Int]?, count: Int, _ function: StaticString) throws(MPIError) {
        guard let weights else {
            self.weights = nil
            return
        }
        guard weights.count == count, weights.allSatisfy({ (0...Int(CInt.max)).contains($0) }) else {
            throw MPIError(
                refused: function, .argument,
                "weights \(weights) for \(count) edges: one each in 0...\(CInt.max)")
        }
        self.weights = weights.map { CInt($0) }
    }

    /// MPI: `MPI_UNWEIGHTED`, `MPI_WEIGHTS_EMPTY`, MPI-3.1 §7.5.4.
    func withPointer(_ body: (UnsafePointer<CInt>) -> CInt) -> CInt {
        guard let weights else { return body(CMPI_UNWEIGHTED()) }
        return weights.isEmpty ? body(CMPI_WEIGHTS_EMPTY()) : weights.withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
