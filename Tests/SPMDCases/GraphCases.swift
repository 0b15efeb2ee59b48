import SwiftMPI

var graphCases: [Case] {
    [
        Case("kinds of topology, kept by duplicates") { world in
            try expect(try world.topology, equals: nil)
            let graph = try world.graph(adjacency: ring(world.size))!
            try expect(try graph.topology, equals: .graph)
            try expect(try graph.dup().adjacency, equals: ring(world.size))
            let distributed = try world.distributedGraph(sources: [world.rank], destinations: [world.rank])
            try expect(try distributed.topology, equals: .distributedGraph)
            try expect(try distributed.dup().neighbors.sources, equals: [world.rank])
        },
        Case("a ring as a graph") { world in
            let expected = ring(world.size)
            let graph = try world.graph(adjacency: expected)!
            try expect(graph.size, equals: world.size)
            try expect(graph.adjacency, equals: expected)
            try expect(graph.neighbors.sources, equals: expected[graph.rank])
            try expect(graph.neighbors.destinations, equals: expected[graph.rank])
            try expect(graph.neighborCounts.in, equals: 2)
            for rank in world.ranks { try expect(try graph.neighbors(of: rank), equals: expected[rank]) }
            for rank in [-1, world.size] { try expectRefused(.rank) { _ = try graph.neighbors(of: rank) } }
        },
        Case("a star of fewer nodes than ranks, and no nodes at all") { world in
            let nodes = max(1, world.size - 1)
            let star = [Array(1..<nodes)] + Array(repeating: [0], count: nodes - 1)
            let graph = try world.graph(adjacency: star)
            try expect((graph != nil) == (world.rank < nodes))
            try expect(graph?.neighborCounts.out ?? 1, equals: world.rank == 0 ? nodes - 1 : 1)
            try expect(try world.graph(adjacency: []) == nil)
        },
        Case("a graph may be reordered, and the map tells how") { world in
            let graph = try world.graph(adjacency: ring(world.size), reorder: true)!
            try expect(try world.rankOnGraph(adjacency: ring(world.size)), equals: graph.rank)
            try expect((try world.rankOnGraph(adjacency: [[0]]) == nil) == (world.rank != 0))
        },
        Case("graphs larger than the communicator, and neighbors that are no nodes, are refused") { world in
            for adjacency in [ring(world.size + 1), [[1]], [[-1]], [[Int.max]]] {
                try expectRefused(.topology) { _ = try world.graph(adjacency: adjacency) }
                try expectRefused(.topology) { _ = try world.rankOnGraph(adjacency: adjacency) }
            }
        },
        Case("a distributed graph, each rank giving both ends of its edges") { world in
            let (sources, destinations) = twoStepNeighbors(world)
            let graph = try world.distributedGraph(sources: sources, destinations: destinations)
            try expect(graph.neighbors.sources, equals: sources)
            try expect(graph.neighbors.destinations, equals: destinations)
            try expect(graph.neighborCounts.in, equals: 2)
            try expect(graph.neighborCounts.out, equals: 2)
            try expect(graph.weights == nil)
        },
        Case("weights of edges") { world in
            let (sources, destinations) = twoStepNeighbors(world)
            // Equal at both ends.
            let weights = (
                sources: sources.map { 10 * $0 + world.rank }, destinations: destinations.map { 10 * world.rank + $0 }
            )
            for graph in [
                try world.distributedGraph(sources: sources, destinations: destinations, weights: weights),
                try world.distributedGraph(sources: sources, destinations: destinations, weights: weights).dup(),
            ] {
                try expect(graph.neighbors.sources, equals: sources)
                try expect(graph.weights!.sources, equals: weights.sources)
                try expect(graph.weights!.destinations, equals: weights.destinations)
            }
        },
        Case("ranks without edges, weighted or not") { world in
            let none = try world.distributedGraph(sources: [], destinations: [])
            try expect(none.neighborCounts.in + none.neighborCounts.out, equals: 0)
            try expect(none.weights == nil)
            let weighted = try world.distributedGraph(sources: [], destinations: [], weights: ([], []))
            try expect(weighted.weights?.sources, equals: [])
            try expect(weighted.weights?.destinations, equals: [])
            // A star in which only rank 0 hears: sources here, destinations there.
            let star = try world.distributedGraph(
                sources: world.rank == 0 ? Array(world.ranks) : [], destinations: [0])
            try expect(star.neighborCounts.in, equals: world.rank == 0 ? world.size : 0)
            try expect(star.neighbors.destinations, equals: [0])
        },
        Case("a distributed graph of edges that any rank gives") { world in
            // Each rank its own, those of its neighbor, or rank 0 all.
            let ringEdges = world.ranks.map { (source: $0, destination: ($0 + 1) % world.size) }
            let given: [[(source: Int, destination: Int)]] = [
                [ringEdges[world.rank]], [ringEdges[(world.rank + 1) % world.size]], world.rank == 0 ? ringEdges : [],
            ]
            let (left, right) = ringNeighbors(world)
            for edges in given {
                let graph = try world.distributedGraph(edges: edges)
                try expect(graph.neighbors.sources, equals: [left])
                try expect(graph.neighbors.destinations, equals: [right])
                try expect(graph.weights == nil)
                let weighted = try world.distributedGraph(edges: edges, weights: edges.map { 5 * $0.source + 1 })
                try expect(weighted.weights!.sources, equals: [5 * left + 1])
                try expect(weighted.weights!.destinations, equals: [5 * world.rank + 1])
            }
        },
        Case("several edges from one rank, to itself and its neighbors") { world in
            let (left, right) = ringNeighbors(world)
            let ends = [left, world.rank, right]
            let graph = try world.distributedGraph(edges: ends.map { (world.rank, $0) }, weights: [1, 2, 3])
            try expect(graph.neighbors.destinations.sorted(), equals: ends.sorted())
            try expect(graph.neighbors.sources.sorted(), equals: ends.sorted())
            try expect(graph.weights!.destinations.sorted(), equals: [1, 2, 3])
        },
        Case("a distributed graph with hints, and reordered") { world in
            let (left, right) = ringNeighbors(world)
            let graph = try world.distributedGraph(
                sources: [left], destinations: [right], info: ["no_such_hint": "1"], reorder: true)
            try expect(try graph.Allreduce(graph.rank, op: .sum), equals: world.ranks.reduce(0, +))
            try expect(graph.neighborCounts.in, equals: 1)
        },
        Case("a distributed graph whose edges are not the same at both ends is refused on all ranks") { world in
            // Rank 0 expects more than it gets, or the last rank sends more than is expected.
            let (left, right) = ringNeighbors(world)
            let isLast = world.rank == world.size - 1
            let wrong: [(sources: [Int], destinations: [Int])] = [
                (world.rank == 0 ? [left, left] : [left], [right]), ([left], isLast ? [right, right] : [right]),
                ([left], isLast ? [] : [right]), (world.rank == 0 ? [] : [left], [right]),
            ]
            for (sources, destinations) in wrong {
                try expectRefused(.topology) {
                    _ = try world.distributedGraph(sources: sources, destinations: destinations)
                }
            }
            // As many edges as there should be, but others.
            if world.size < 3 { return }
            try expectRefused(.topology) {
                _ = try world.distributedGraph(sources: [right], destinations: [right])
            }
        },
        Case("edges out of range and weights that do not fit are refused") { world in
            for rank in [-1, world.size, Int.max, MPI.procNull] {
                try expectRefused(.rank) { _ = try world.distributedGraph(sources: [rank], destinations: []) }
                try expectRefused(.rank) { _ = try world.distributedGraph(sources: [], destinations: [rank]) }
                try expectRefused(.rank) { _ = try world.distributedGraph(edges: [(rank, 0)]) }
                try expectRefused(.rank) { _ = try world.distributedGraph(edges: [(0, rank)]) }
            }
            for weights in [[], [1, 2], [-1], [Int.max]] {
                try expectRefused(.argument) {
                    _ = try world.distributedGraph(edges: [(0, 0)], weights: weights)
                }
                try expectRefused(.argument) {
                    _ = try world.distributedGraph(sources: [0], destinations: [], weights: (weights, []))
                }
            }
        },
    ]
}

/// Every node beside the one before and the one after.
private func ring(_ size: Int) -> [[Int]] { (0..<size).map { [($0 + size - 1) % size, ($0 + 1) % size] } }

/// The two ranks before this one in the ring, and the two after.
private func twoStepNeighbors(_ world: Communicator) -> (sources: [Int], destinations: [Int]) {
    let size = world.size
    return (
        [(world.rank + 2 * size - 2) % size, (world.rank + size - 1) % size],
        [(world.rank + 1) % size, (world.rank + 2) % size]
    )
}
