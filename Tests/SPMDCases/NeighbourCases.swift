import SwiftMPI

/// What a rank sends to another: who to whom, and the place within the part.
private func part(from sender: Int, to receiver: Int, count: Int) -> [Int] {
    (0..<count).map { 10_000 * sender + 100 * receiver + $0 }
}

/// How much a rank sends to another in the calls with sizes of their own.
private func length(_ sender: Int, _ receiver: Int) -> Int { 1 + (sender + 2 * receiver) % 3 }

/// One topology on as many ranks as there are.
private struct Neighbourhood {
    let name: String
    let make: (Communicator) throws -> (any TopologyCommunicator)?
}

private var neighbourhoods: [Neighbourhood] {
    [
        Neighbourhood(name: "a ring") { try $0.cartesian(dimensions: [$0.size], periodic: [true]) },
        Neighbourhood(name: "a line, with nobody beyond its ends") { try $0.cartesian(dimensions: [$0.size]) },
        Neighbourhood(name: "a grid of two axes") {
            let dimensions = try MPI.balancedDimensions(ranks: $0.size, axes: 2)
            return try $0.cartesian(dimensions: dimensions, periodic: [true, false])
        },
        Neighbourhood(name: "a graph") { world in
            try world.graph(adjacency: (0..<world.size).map { rank in (0..<world.size).filter { $0 != rank } })
        },
        Neighbourhood(name: "a distributed graph with unequal degrees") { world in
            // Rank r sends to all ranks above it, so that the first hears from nobody and the last sends to nobody.
            try world.distributedGraph(
                sources: Array(0..<world.rank), destinations: Array(world.rank + 1..<world.size))
        },
    ]
}

/// What the neighbours of a topology send this rank; the `untouched` value where there is nobody.
private func expected(_ sources: [Int], _ part: (Int) -> [Int], untouched: Int, count: (Int) -> Int) -> [Int] {
    sources.flatMap { $0 == MPI.procNull ? [Int](repeating: untouched, count: count($0)) : part($0) }
}

private func cases(on neighbourhood: Neighbourhood) -> [Case] {
    func neighbours(_ name: String, _ body: @escaping (any TopologyCommunicator) throws -> Void) -> Case {
        Case("\(name) on \(neighbourhood.name)") { world in
            if let communicator = try neighbourhood.make(world) { try body(communicator) }
        }
    }
    return [
        neighbours("Neighbor_allgather") { world in
            for count in [0, 1, 5] {
                let (sources, me) = (world.neighbours.sources, world.rank)
                let mine = part(from: me, to: 0, count: count)
                let all = expected(
                    sources, { part(from: $0, to: 0, count: count) }, untouched: -1, count: { _ in count })
                var whole = [Int](repeating: -1, count: count * sources.count)
                try world.Neighbor_allgather(mine, into: &whole)
                try expect(whole, equals: all)
                let room = [Int](repeating: -1, count: count * sources.count)
                try expect(try world.Ineighbor_allgather(mine, into: room).wait().received, equals: all)
            }
        },
        neighbours("Neighbor_allgatherv") { world in
            let (sources, me) = (world.neighbours.sources, world.rank)
            func size(_ rank: Int) -> Int { rank == MPI.procNull ? 1 : length(rank, 0) }
            let mine = part(from: me, to: 0, count: size(me))
            let all = expected(
                sources, { part(from: $0, to: 0, count: size($0)) }, untouched: -1, count: size)
            let counts = VariableCounts(sources.map(size))
            var whole = [Int](repeating: -1, count: counts.extent)
            try world.Neighbor_allgatherv(mine, into: &whole, counts: counts)
            try expect(whole, equals: all)
            let room = [Int](repeating: -1, count: counts.extent)
            try expect(try world.Ineighbor_allgatherv(mine, into: room, counts: counts).wait().received, equals: all)
        },
        neighbours("Neighbor_alltoall") { world in
            for count in [0, 1, 5] {
                let ((sources, destinations), me) = (world.neighbours, world.rank)
                let mine = destinations.flatMap { part(from: me, to: $0, count: count) }
                let all = expected(
                    sources, { part(from: $0, to: me, count: count) }, untouched: -1, count: { _ in count })
                var received = [Int](repeating: -1, count: count * sources.count)
                try world.Neighbor_alltoall(mine, into: &received)
                try expect(received, equals: all)
                var room = [Int](repeating: -1, count: count * sources.count)
                do {
                    let request = try world.Ineighbor_alltoall(mine.span, into: room.mutableSpan)
                    _ = try request.wait()
                }
                try expect(room, equals: all)
            }
        },
        neighbours("Neighbor_alltoallv") { world in
            let ((sources, destinations), me) = (world.neighbours, world.rank)
            func size(_ sender: Int, _ receiver: Int) -> Int {
                sender == MPI.procNull || receiver == MPI.procNull ? 1 : length(sender, receiver)
            }
            let mine = destinations.flatMap { part(from: me, to: $0, count: size(me, $0)) }
            let all = expected(
                sources, { part(from: $0, to: me, count: size($0, me)) }, untouched: -1, count: { size($0, me) })
            let sendCounts = VariableCounts(destinations.map { size(me, $0) })
            let recvCounts = VariableCounts(sources.map { size($0, me) })
            var received = [Int](repeating: -1, count: recvCounts.extent)
            try world.Neighbor_alltoallv(mine, sendCounts: sendCounts, into: &received, recvCounts: recvCounts)
            try expect(received, equals: all)
            let room = [Int](repeating: -1, count: recvCounts.extent)
            let request = try world.Ineighbor_alltoallv(
                mine, sendCounts: sendCounts, into: room, recvCounts: recvCounts)
            try expect(try request.wait().received, equals: all)
        },
        neighbours("counts are inferred where all parts are equal") { world in
            let ((sources, destinations), me) = (world.neighbours, world.rank)
            let mine = destinations.flatMap { part(from: me, to: $0, count: 2) }
            let all = expected(sources, { part(from: $0, to: me, count: 2) }, untouched: -1, count: { _ in 2 })
            var received = [Int](repeating: -1, count: 2 * sources.count)
            try world.Neighbor_alltoallv(mine, into: &received)
            try expect(received, equals: all)
        },
    ]
}

var neighbourCases: [Case] {
    neighbourhoods.flatMap(cases) + [
        Case("buffers that do not fit the neighbourhood are refused") { world in
            let ring = try world.cartesian(dimensions: [world.size], periodic: [true])!
            var room = [0, 0, 0]
            try expectThrow { try ring.Neighbor_allgather([1], into: &room) }
            try expectThrow { try ring.Neighbor_alltoall([1, 2, 3], into: &room) }
            try expectThrow { try ring.Neighbor_alltoallv([1, 2], sendCounts: [1], into: &room, recvCounts: [1, 1]) }
            try expectThrow { try ring.Neighbor_allgatherv([1], into: &room, counts: [1, 1, 1]) }
            try expectThrow { try ring.Neighbor_allgatherv([1], into: &room, counts: [2, 2]) }
            var pair = [0, 0]
            try ring.Neighbor_allgather([world.rank], into: &pair)
            try expect(pair, equals: ring.neighbours.sources)
        }
    ]
}
