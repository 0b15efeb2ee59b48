import SwiftMPI

/// A directed edge of a topology, with the places its block has in the buffers at both ends.
private struct Edge {
    let source: Int
    let sent: Int
    let destination: Int
    let received: Int

    /// What travels along it, which tells the edge and the place within the block.
    func block(_ count: Int) -> [Int] { (0..<count).map { 10_000 * source + 100 * sent + $0 } }

    /// How much travels along it in the calls with sizes of their own.
    var length: Int { 1 + (source + 2 * sent) % 3 }
}

/// One topology on as many ranks as there are.
private struct Neighborhood {
    let name: String
    /// The topology, and all edges of all ranks.
    let make: (Communicator) throws -> (communicator: any TopologyCommunicator, edges: [Edge])?

    /// A grid of ranks. What a rank sends to the one below arrives as what comes from above (MPI-4.0 §8.6).
    static func grid(_ dimensions: [Int], _ periodic: [Bool]) -> Neighborhood {
        let shape = zip(dimensions, periodic).map { "\($0)\($1 ? " periodic" : "")" }.joined(separator: " x ")
        return Neighborhood(name: "a grid of \(shape)") { world in
            guard let grid = try world.cartesian(dimensions: dimensions, periodic: periodic) else { return nil }
            return (grid, edges(of: dimensions, periodic))
        }
    }

    static func edges(of dimensions: [Int], _ periodic: [Bool]) -> [Edge] {
        (0..<dimensions.reduce(1, *)).flatMap { rank in
            dimensions.indices.flatMap { axis in
                [-1, 1].compactMap { step in
                    // Ranks count the last axis fastest.
                    let stride = dimensions[(axis + 1)...].reduce(1, *)
                    let place = rank / stride % dimensions[axis]
                    let next = (place + step + dimensions[axis]) % dimensions[axis]
                    if !periodic[axis] && next != place + step { return nil }
                    let (below, above) = (2 * axis, 2 * axis + 1)
                    return Edge(
                        source: rank, sent: step < 0 ? below : above,
                        destination: rank + (next - place) * stride, received: step < 0 ? above : below)
                }
            }
        }
    }

    /// A graph, whose parallel edges keep their order.
    static func graph(
        _ name: String, _ make: @escaping (Communicator) throws -> any TopologyCommunicator
    ) -> Neighborhood {
        Neighborhood(name: name) { world in
            let graph = try make(world)
            let sources = try world.allgather(graph.neighbors.sources)
            let destinations = try world.allgather(graph.neighbors.destinations)
            return (graph, edges(sources: sources, destinations: destinations))
        }
    }

    private static func edges(sources: [[Int]], destinations: [[Int]]) -> [Edge] {
        sources.indices.flatMap { destination in
            sources[destination].enumerated().map { place, source in
                let earlier = sources[destination][..<place].count { $0 == source }
                let parallel = destinations[source].indices.filter { destinations[source][$0] == destination }
                return Edge(source: source, sent: parallel[earlier], destination: destination, received: place)
            }
        }
    }
}

/// All grids of the ranks along one or two axes and some of three, closed to rings or not; graphs and distributed
/// graphs with and without parallel edges.
private func neighborhoods(_ size: Int) -> [Neighborhood] {
    let shapes = [[size], [1, 1]] + (1...size).filter { size.isMultiple(of: $0) }.map { [$0, size / $0] }
    let cubes = size == 1 ? [[1, 1, 1]] : [[1, size, 1], [2, 1, size / 2]]
    let grids = (shapes + cubes).flatMap { dimensions in
        (0..<1 << dimensions.count).map { pattern in
            Neighborhood.grid(dimensions, dimensions.indices.map { pattern >> $0 & 1 != 0 })
        }
    }
    return grids + [
        .graph("a graph") { world in
            try world.graph(adjacency: world.ranks.map { rank in world.ranks.filter { $0 != rank } })!
        },
        .graph("a graph with parallel edges and loops") { world in
            let size = world.size
            return try world.graph(
                adjacency: world.ranks.map { rank in
                    [rank + 1, rank, rank + size - 1, rank + 1, rank, rank + size - 1].map { $0 % size }
                })!
        },
        .graph("a distributed graph with unequal degrees") { world in
            // Rank r sends to all ranks above it, so that the first hears from nobody and the last sends to nobody.
            try world.distributedGraph(
                sources: Array(0..<world.rank), destinations: Array(world.rank + 1..<world.size))
        },
        .graph("a distributed graph with unequal degrees and parallel edges") { world in
            // The same in which edge r → s comes s times, the sources in another order than the destinations.
            try world.distributedGraph(
                sources: (0..<world.rank).reversed().flatMap { [Int](repeating: $0, count: world.rank) },
                destinations: world.ranks.flatMap { round in (world.rank + 1..<world.size).filter { $0 > round } })
        },
        .graph("a distributed graph in which one pair of ranks has parallel edges") { world in
            let last = world.size - 1
            return try world.distributedGraph(
                sources: world.rank == 0 ? [last, last] : [world.rank - 1],
                destinations: world.rank == last ? [0, 0] : [world.rank + 1])
        },
        .graph("a distributed graph of edges that rank 0 gives") { world in
            let edges = world.ranks.flatMap { rank in
                [(rank, (rank + 1) % world.size), (rank, rank), (rank, (rank + 1) % world.size)]
            }
            return try world.distributedGraph(edges: world.rank == 0 ? edges : [])
        },
    ]
}

/// What a topology's rank sends and is to receive.
private struct Exchange {
    let sent: [[Int]]
    let received: [[Int]]

    /// - Parameter count: The size of an edge's block; `nil` is a block beyond the edge of a grid.
    init(_ topology: any TopologyCommunicator, _ edges: [Edge], count: (Edge?) -> Int) {
        let (outgoing, incoming) = (topology.neighbors.destinations, topology.neighbors.sources)
        sent = outgoing.indices.map { place in
            let edge = edges.first { $0.source == topology.rank && $0.sent == place }
            return edge?.block(count(edge)) ?? [Int](repeating: -7, count: count(nil))
        }
        received = incoming.indices.map { place in
            let edge = edges.first { $0.destination == topology.rank && $0.received == place }
            return edge?.block(count(edge)) ?? [Int](repeating: -1, count: count(nil))
        }
    }

    var whole: [Int] { Array(sent.joined()) }
    var expected: [Int] { Array(received.joined()) }
    var room: [Int] { [Int](repeating: -1, count: expected.count) }
}

private struct NeighborCase {
    let name: String
    let body: (any TopologyCommunicator, [Edge], Findings) throws -> Void
}

private var calls: [NeighborCase] {
    [
        NeighborCase(name: "Neighbor_allgather") { world, edges, found in
            for count in [0, 1, 5] {
                let (sources, me) = (world.neighbors.sources, world.rank)
                let mine = (0..<count).map { 100 * me + $0 }
                let all = sources.flatMap { source in
                    (0..<count).map { source == MPI.procNull ? -1 : 100 * source + $0 }
                }
                var whole = [Int](repeating: -1, count: all.count)
                try world.Neighbor_allgather(mine, into: &whole)
                found.expect(whole, equals: all)
                let room = [Int](repeating: -1, count: all.count)
                found.expect(try world.Ineighbor_allgather(mine, into: room).wait().received, equals: all)
            }
        },
        NeighborCase(name: "Neighbor_allgatherv") { world, edges, found in
            let (sources, me) = (world.neighbors.sources, world.rank)
            func size(_ rank: Int) -> Int { rank == MPI.procNull ? 1 : 1 + rank % 3 }
            let mine = (0..<size(me)).map { 100 * me + $0 }
            let all = sources.flatMap { source in
                (0..<size(source)).map { source == MPI.procNull ? -1 : 100 * source + $0 }
            }
            let counts = VariableCounts(sources.map(size))
            var whole = [Int](repeating: -1, count: counts.extent)
            try world.Neighbor_allgatherv(mine, into: &whole, counts: counts)
            found.expect(whole, equals: all)
            let room = [Int](repeating: -1, count: counts.extent)
            found.expect(try world.Ineighbor_allgatherv(mine, into: room, counts: counts).wait().received, equals: all)
        },
        NeighborCase(name: "Neighbor_alltoall") { world, edges, found in
            for count in [0, 1, 5, 3000] {
                let exchange = Exchange(world, edges) { _ in count }
                let whole = exchange.whole
                var received = exchange.room
                try world.Neighbor_alltoall(whole, into: &received)
                found.expect(received, equals: exchange.expected)
                var room = exchange.room
                do {
                    let request = try world.Ineighbor_alltoall(whole.span, into: room.mutableSpan)
                    _ = try request.wait()
                }
                found.expect(room, equals: exchange.expected)
                let owned = try world.Ineighbor_alltoall(whole, into: exchange.room)
                found.expect(try owned.wait().received, equals: exchange.expected)
            }
        },
        NeighborCase(name: "Neighbor_alltoallv") { world, edges, found in
            let exchange = Exchange(world, edges) { $0?.length ?? 1 }
            let sendCounts = VariableCounts(exchange.sent.map(\.count))
            let recvCounts = VariableCounts(exchange.received.map(\.count))
            var received = exchange.room
            try world.Neighbor_alltoallv(
                exchange.whole, sendCounts: sendCounts, into: &received, recvCounts: recvCounts)
            found.expect(received, equals: exchange.expected)
            let request = try world.Ineighbor_alltoallv(
                exchange.whole, sendCounts: sendCounts, into: exchange.room, recvCounts: recvCounts)
            found.expect(try request.wait().received, equals: exchange.expected)
            // Without counts all parts are equal.
            let equal = Exchange(world, edges) { _ in 2 }
            received = equal.room
            try world.Neighbor_alltoallv(equal.whole, into: &received)
            found.expect(received, equals: equal.expected)
        },
        NeighborCase(name: "Neighbor_alltoallv with gaps, backwards") { world, edges, found in
            let exchange = Exchange(world, edges) { $0?.length ?? 1 }
            // Each part begins 5 elements before the one of the edge before it, in buffers of elements 9.
            func spread(_ parts: [[Int]]) -> (whole: [Int], counts: VariableCounts) {
                var whole = [Int](repeating: 9, count: 5 * parts.count)
                let starts = parts.indices.map { 5 * (parts.count - 1 - $0) }
                for (start, part) in zip(starts, parts) {
                    whole.replaceSubrange(start..<start + part.count, with: part)
                }
                return (whole, VariableCounts(parts.map(\.count), displacements: starts))
            }
            let (whole, sendCounts) = spread(exchange.sent)
            let (room, recvCounts) = spread(exchange.received.map { $0.map { _ in -1 } })
            let expected = spread(exchange.received).whole
            var received = room
            try world.Neighbor_alltoallv(whole, sendCounts: sendCounts, into: &received, recvCounts: recvCounts)
            found.expect(received, equals: expected)
            let request = try world.Ineighbor_alltoallv(
                whole, sendCounts: sendCounts, into: room, recvCounts: recvCounts)
            found.expect(try request.wait().received, equals: expected)
        },
        NeighborCase(name: "Neighbor_alltoallw of rows into columns") { world, edges, found in
            // Block i of 3 elements is row i of a matrix here, column i of one there.
            let exchange = Exchange(world, edges) { _ in 3 }
            let (rows, columns) = (exchange.sent.count, exchange.received.count)
            let column = try Layout<Int>.vector(count: 3, stride: max(1, columns))
            let sendLayouts = try VariableLayouts<Int>((0..<rows).map { .init(count: 3, at: 3 * $0) })
            let recvLayouts = try VariableLayouts((0..<columns).map { .init(column, at: $0) })
            let expected = (0..<3).flatMap { place in exchange.received.map { $0[place] } }
            var received = exchange.room
            try world.Neighbor_alltoallw(
                exchange.whole, sendLayouts: sendLayouts, into: &received, recvLayouts: recvLayouts)
            found.expect(received, equals: expected)
            let owned = try world.Ineighbor_alltoallw(
                exchange.whole, sendLayouts: sendLayouts, into: exchange.room, recvLayouts: recvLayouts)
            found.expect(try owned.wait().received, equals: expected)
            let whole = exchange.whole
            var filled = exchange.room
            do {
                let borrowed = try world.Ineighbor_alltoallw(
                    whole.span, sendLayouts: sendLayouts, into: filled.mutableSpan, recvLayouts: recvLayouts)
                _ = try borrowed.wait()
            }
            found.expect(filled, equals: expected)
        },
        NeighborCase(name: "Neighbor_alltoallw of parts of one buffer") { world, edges, found in
            // What is sent lies at the even places, what is received at the odd ones.
            let exchange = Exchange(world, edges) { $0?.length ?? 1 }
            func parts(_ blocks: [[Int]], from first: Int) throws -> [VariableLayouts<Int>.Part] {
                var start = first
                return try blocks.map { block in
                    defer { start += 2 * block.count }
                    return .init(try .vector(count: block.count, stride: 2), at: start)
                }
            }
            let places = max(exchange.whole.count, exchange.expected.count)
            func woven(_ sent: [Int], _ received: [Int]) -> [Int] {
                (0..<places).flatMap { place in
                    [sent, received].map { place < $0.count ? $0[place] : -5 }
                }
            }
            let halo = try HaloParts(
                sending: parts(exchange.sent, from: 0), receiving: parts(exchange.received, from: 1))
            let whole = woven(exchange.whole, exchange.room)
            let expected = woven(exchange.whole, exchange.expected)
            var buffer = whole
            try world.Neighbor_alltoallw(halo, in: &buffer)
            found.expect(buffer, equals: expected)
            found.expect(try world.Ineighbor_alltoallw(halo, in: whole).wait(), equals: expected)
            buffer = whole
            do {
                let request = try world.Ineighbor_alltoallw(halo, in: buffer.mutableSpan)
                _ = try request.wait()
            }
            found.expect(buffer, equals: expected)
            // Each round sends other values.
            buffer = whole
            var persistent = try world.Neighbor_alltoallw_init(halo, in: buffer.mutableSpan)
            for round in 1...3 {
                persistent.withBuffer { span in
                    for (place, element) in exchange.whole.enumerated() {
                        span[2 * place] = element + 1_000_000 * round
                    }
                }
                try persistent.start()
                try persistent.wait()
                let received = exchange.expected.map { $0 == -1 ? -1 : $0 + 1_000_000 * round }
                let expected = woven(exchange.whole.map { $0 + 1_000_000 * round }, received)
                persistent.withBuffer { span in
                    found.expect(span.indices.map { span[$0] }, equals: expected)
                }
            }
        },
        NeighborCase(name: "Neighbor_alltoall and Neighbor_alltoallv of selections") { world, edges, found in
            // Every second element, from the third on.
            let exchange = Exchange(world, edges) { _ in 2 }
            let every = try Layout<Int>.element.resized(extent: 2)
            func spread(_ elements: [Int]) -> [Int] { [8, 8] + elements.flatMap { [$0, 8] } }
            let (whole, count) = (spread(exchange.whole), exchange.whole.count)
            let (room, roomCount) = (spread(exchange.room), exchange.room.count)
            let expected = spread(exchange.expected)
            var received = try room.selecting(every, count: roomCount, from: 2)
            try world.Neighbor_alltoall(try whole.selecting(every, count: count, from: 2), into: &received)
            found.expect(received.base, equals: expected)
            received = try room.selecting(every, count: roomCount, from: 2)
            try world.Neighbor_alltoallv(try whole.selecting(every, count: count, from: 2), into: &received)
            found.expect(received.base, equals: expected)
            let request = try world.Ineighbor_alltoall(
                try whole.selecting(every, count: count, from: 2),
                into: try room.selecting(every, count: roomCount, from: 2))
            found.expect(try request.wait().received.base, equals: expected)
        },
        NeighborCase(name: "several neighborhood exchanges under way, waited for in another order") {
            world, edges, found in
            let exchanges = [1, 4, 2].map { count in Exchange(world, edges) { _ in count } }
            let first = try world.Ineighbor_alltoall(exchanges[0].whole, into: exchanges[0].room)
            let second = try world.Ineighbor_alltoallv(exchanges[1].whole, into: exchanges[1].room)
            let third = try world.Ineighbor_alltoall(exchanges[2].whole, into: exchanges[2].room)
            found.expect(try third.wait().received, equals: exchanges[2].expected)
            found.expect(try first.wait().received, equals: exchanges[0].expected)
            found.expect(try second.wait().received, equals: exchanges[1].expected)
        },
    ]
}

/// The ways to the same topology.
private var copies: [(name: String, make: (any TopologyCommunicator) throws -> any TopologyCommunicator)] {
    [
        ("", { $0 }),
        (", duplicated", { try $0.dup() }),
        (", duplicated meanwhile", { try $0.idup().wait() as! any TopologyCommunicator }),
        (", duplicated twice with hints", { try $0.dup(info: ["no_such_hint": "1"]).dup() }),
    ]
}

var neighborCases: [Case] {
    calls.flatMap { call in
        copies.filter { $0.name.isEmpty || call.name == "Neighbor_alltoall" }.map { copy in
            Case("\(call.name) on every topology\(copy.name)") { world in
                let found = Findings()
                for neighborhood in neighborhoods(world.size) {
                    found.place = neighborhood.name
                    guard let (communicator, edges) = try neighborhood.make(world) else { continue }
                    try call.body(try copy.make(communicator), edges, found)
                }
                if let unmet = found.first { throw unmet }
            }
        }
    } + [
        Case("a grid that is left of a larger one exchanges in the standard's order") { world in
            let grid = try world.cartesian(dimensions: [world.size, 1, 1], periodic: [false, true, true])!
            for kept in [[false, true, true], [false, false, true], [true, false, true]] {
                let sub = try grid.sub(keeping: kept)
                let exchange = Exchange(sub, Neighborhood.edges(of: sub.dimensions, sub.periodic)) { _ in 2 }
                let request = try sub.Ineighbor_alltoall(exchange.whole, into: exchange.room)
                try expect(try request.wait().received, equals: exchange.expected)
                var received = exchange.room
                try sub.Neighbor_alltoallv(exchange.whole, into: &received)
                try expect(received, equals: exchange.expected)
            }
        },
        Case("a duplicate is ready for each rank by itself") { world in
            // Rank 0 has it before the others ask for theirs.
            let grid = try world.cartesian(dimensions: [world.size, 1], periodic: [true, true])!
            let pending = try grid.idup()
            if world.rank > 0 { _ = try world.recv(source: world.rank - 1) as Int }
            let duplicate = try pending.wait() as! CartesianCommunicator
            if world.rank < world.size - 1 { try world.send(1, dest: world.rank + 1) }
            let exchange = Exchange(duplicate, Neighborhood.edges(of: [world.size, 1], [true, true])) { _ in 1 }
            let request = try duplicate.Ineighbor_alltoall(exchange.whole, into: exchange.room)
            try expect(try request.wait().received, equals: exchange.expected)
        },
        Case("a request outlives the topology it was started on") { world in
            func start() throws -> Request<BufferPair<[Int], [Int]>> {
                let ring = try world.cartesian(dimensions: [1, world.size], periodic: [true, true])!
                let exchange = Exchange(ring, Neighborhood.edges(of: [1, world.size], [true, true])) { _ in 40_000 }
                return try ring.Ineighbor_alltoall(exchange.whole, into: exchange.room)
            }
            let request = try start()
            for stride in 1...50 { _ = try VariableLayouts<Int>([.init(.vector(count: 3, stride: stride))]) }
            let received = try request.wait().received
            // Along the axis of one rank it gets its own blocks, crosswise.
            try expect(received[0], equals: 10_000 * world.rank + 100)
            try expect(received[40_000], equals: 10_000 * world.rank)
            try expect(received[2 * 40_000], equals: 10_000 * ((world.rank + world.size - 1) % world.size) + 300)
        },
        Case("a graph whose edges do not all lead back is refused by the neighborhood collectives") { world in
            // Rank 0 has all as neighbors, nobody has rank 0.
            if world.size == 1 { return }
            let star = try world.graph(adjacency: [Array(1..<world.size)] + (1..<world.size).map { _ in [] })!
            let whole = [Int](repeating: 0, count: star.neighborCounts.in)
            var room = whole
            try expectRefused(.topology) { try star.Neighbor_allgather([1], into: &room) }
            try expectRefused(.topology) { try star.Neighbor_alltoall(whole, into: &room) }
            try expectRefused(.topology) { _ = try star.dup().Ineighbor_alltoallv(whole, into: whole).wait() }
        },
        Case("parts of a halo that share an element with one that is received are refused") { _ in
            let column = try Layout<Int>.vector(count: 3, stride: 4)
            let row = try Layout<Int>.contiguous(4)
            let reasons: [(String, () throws -> HaloParts<Int>)] = [
                ("share an element", { try .init(sending: [.init(column, at: 1)], receiving: [.init(at: 5)]) }),
                ("share an element", { try .init(sending: [.init(row)], receiving: [.init(at: 9), .init(at: 3)]) }),
                ("twice", { try .init(sending: [.init()], receiving: [.init(column, at: 1), .init(row, at: 4)]) }),
                ("twice", { try .init(sending: [], receiving: [.init(try .indexed(displacements: [1, 1]))]) }),
                ("not inside", { try .init(sending: [.init(at: -1)], receiving: []) }),
                ("no count", { try .init(sending: [], receiving: [.init(count: -1)]) }),
            ]
            for (reason, make) in reasons {
                try expectThrow {
                    _ = try make()
                } where: { error in
                    try expect("\(error)".contains(reason), "\(reason): \(error)")
                }
            }
            // The corners of a block go to two neighbors.
            _ = try HaloParts<Int>(
                sending: [.init(row), .init(column)], receiving: [.init(column, at: 1 + 4), .init(at: 14)])
        },
        Case("what a rank sends itself is as much as it receives, or the call is refused") { _ in
            let alone = try MPI.ownCommunicator()
            // A loop, one that occurs twice, and a grid that closes to a ring: what goes up comes from below.
            for topology in [
                try alone.distributedGraph(sources: [0], destinations: [0]),
                try alone.distributedGraph(sources: [0, 0], destinations: [0, 0]),
                try alone.cartesian(dimensions: [1], periodic: [true])!,
            ] as [any TopologyCommunicator] {
                let parts = topology.neighborCounts.in
                let isGrid = topology is CartesianCommunicator
                for (sent, received) in [
                    ([3, 1], [2, 2]), ([2, 2], [3, 1]), ([200, 1], [1, 200]), ([2, 3], [2, 3]),
                ] {
                    let (sendCounts, recvCounts) = (
                        VariableCounts(sent.prefix(parts)), VariableCounts(received.prefix(parts))
                    )
                    let whole = Int.row(1, sendCounts.extent)
                    var room = Int.room(recvCounts.extent)
                    func places(_ counts: VariableCounts, from start: Int) -> [VariableLayouts<Int>.Part] {
                        (0..<parts).map { .init(count: counts.count(of: $0), at: start + counts.start(of: $0)) }
                    }
                    let (sendLayouts, recvLayouts) = try (
                        VariableLayouts(places(sendCounts, from: 0)), VariableLayouts(places(recvCounts, from: 0))
                    )
                    let halo = try HaloParts(
                        sending: places(sendCounts, from: 0), receiving: places(recvCounts, from: whole.count))
                    var both = whole + room
                    let calls: [() throws -> Void] = [
                        {
                            try topology.Neighbor_alltoallv(
                                whole, sendCounts: sendCounts, into: &room, recvCounts: recvCounts)
                        },
                        {
                            _ = try topology.Ineighbor_alltoallv(
                                whole, sendCounts: sendCounts, into: room, recvCounts: recvCounts
                            ).wait()
                        },
                        {
                            try topology.Neighbor_alltoallw(
                                whole, sendLayouts: sendLayouts, into: &room, recvLayouts: recvLayouts)
                        },
                        {
                            _ = try topology.Ineighbor_alltoallw(
                                whole, sendLayouts: sendLayouts, into: room, recvLayouts: recvLayouts
                            ).wait()
                        },
                        { try topology.Neighbor_alltoallw(halo, in: &both) },
                        { _ = try topology.Ineighbor_alltoallw(halo, in: both).wait() },
                    ]
                    let arrive = isGrid ? Array(sent.reversed()) : Array(sent.prefix(parts))
                    let fits = arrive == Array(received.prefix(parts))
                    for call in calls { if fits { try call() } else { try expectRefused(.truncated, call) } }
                    if !fits { try expect(room + both, equals: Int.room(room.count) + whole + Int.room(room.count)) }
                }
                var room = Int.room(2 * parts)
                let two = VariableCounts((0..<parts).map { _ in 2 })
                try expectRefused(.truncated) {
                    try topology.Neighbor_allgatherv([1, 2, 3], into: &room, counts: two)
                }
                try expectRefused(.truncated) {
                    _ = try topology.Ineighbor_allgatherv([1], into: room, counts: two).wait()
                }
                try expect(room, equals: Int.room(room.count))
            }
        },
        Case("buffers that do not fit the neighborhood are refused") { world in
            for dimensions in [[world.size], [world.size, 1]] {
                let ring = try world.cartesian(dimensions: dimensions, periodic: dimensions.map { _ in true })!
                let parts = 2 * dimensions.count
                let whole = [Int](repeating: 7, count: parts + 1)
                var room = whole
                let counts = VariableCounts((0..<parts).map { _ in 1 })
                let layouts = try VariableLayouts<Int>((0..<parts).map { .init(at: $0) })
                let calls: [() throws -> Void] = [
                    { try ring.Neighbor_allgather([1], into: &room) },
                    { try ring.Neighbor_alltoall(whole, into: &room) },
                    { try ring.Neighbor_alltoall([], into: &room) },
                    { try ring.Neighbor_alltoallv([1, 2], sendCounts: [1], into: &room, recvCounts: counts) },
                    { try ring.Neighbor_alltoallv([1], sendCounts: counts, into: &room, recvCounts: counts) },
                    { try ring.Neighbor_alltoallv(whole, sendCounts: counts, into: &room, recvCounts: [1, -1]) },
                    { try ring.Neighbor_allgatherv([1], into: &room, counts: [1, 1, 1]) },
                    { try ring.Neighbor_allgatherv([1], into: &room, counts: VariableCounts([parts, parts])) },
                    { try ring.Neighbor_alltoallw([1], sendLayouts: layouts, into: &room, recvLayouts: layouts) },
                    {
                        try ring.Neighbor_alltoallw(
                            whole, sendLayouts: try VariableLayouts([.init()]), into: &room, recvLayouts: layouts)
                    },
                    {
                        let halo = try HaloParts<Int>(sending: [.init()], receiving: [.init(at: 1)])
                        try ring.Neighbor_alltoallw(halo, in: &room)
                    },
                    {
                        let halo = try HaloParts<Int>(sending: [.init()], receiving: [.init(at: 1)])
                        _ = try ring.Ineighbor_alltoallw(halo, in: whole).wait()
                    },
                    {
                        let halo = try HaloParts<Int>(sending: [.init()], receiving: [.init(at: 1)])
                        _ = try ring.Neighbor_alltoallw_init(halo, in: room.mutableSpan)
                    },
                    {
                        let halo = try HaloParts<Int>(
                            sending: (0..<parts).map { .init(at: $0) },
                            receiving: (1...parts).map { .init(at: parts + $0) })
                        try ring.Neighbor_alltoallw(halo, in: &room)
                    },
                    {
                        let same = try VariableLayouts<Int>((0..<parts).map { _ in .init() })
                        try ring.Neighbor_alltoallw(whole, sendLayouts: layouts, into: &room, recvLayouts: same)
                    },
                ]
                for call in calls { try expectThrow(call) }
                try expect(room, equals: whole)
                var all = [Int](repeating: -1, count: parts)
                try ring.Neighbor_allgather([world.rank], into: &all)
                try expect(all, equals: ring.neighbors.sources)
            }
        },
    ]
}
