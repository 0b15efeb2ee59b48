import SwiftMPI

var cartesianCases: [Case] {
    [
        Case("a ring of all ranks") { world in
            let ring = try world.cartesian(dimensions: [world.size], periodic: [true])!
            let (source, destination) = try ring.shift(axis: 0)
            try expect(source, equals: (ring.rank + ring.size - 1) % ring.size)
            try expect(destination, equals: (ring.rank + 1) % ring.size)
            try expect(try ring.sendrecv(ring.rank, dest: destination, source: source), equals: source)
            let two = try ring.shift(axis: 0, by: -2)
            try expect(two.source, equals: (ring.rank + 2) % ring.size)
            // As far as a C int counts, the place added to it or not.
            for displacement in [Int(Int32.max), -Int(Int32.max)] {
                let far = try ring.shift(axis: 0, by: displacement)
                func wrapped(_ place: Int) -> Int { (place % ring.size + ring.size) % ring.size }
                try expect(far.source, equals: wrapped(ring.rank - displacement))
                try expect(far.destination, equals: wrapped(ring.rank + displacement))
            }
        },
        Case("a line ends at its ends") { world in
            let line = try world.cartesian(dimensions: [world.size])!
            let (source, destination) = try line.shift(axis: 0)
            try expect(source, equals: line.rank == 0 ? MPI.procNull : line.rank - 1)
            try expect(destination, equals: line.rank == line.size - 1 ? MPI.procNull : line.rank + 1)
            try expectThrow { _ = try line.rank(at: [line.size]) }
            try expectThrow { _ = try line.rank(at: [-1]) }
            try expectThrow { _ = try line.shift(axis: 1) }
            for displacement in [line.size, -line.size, Int(Int32.max), -Int(Int32.max)] {
                let far = try line.shift(axis: 0, by: displacement)
                try expect([far.source, far.destination], equals: [MPI.procNull, MPI.procNull])
            }
        },
        Case("coordinates and ranks are each other's inverse, on every grid of two axes") { world in
            for rows in 1...world.size where world.size.isMultiple(of: rows) {
                let grid = try world.cartesian(dimensions: [rows, world.size / rows], periodic: [true, false])!
                for rank in 0..<grid.size {
                    let place = try grid.coordinates(of: rank)
                    try expect(place, equals: [rank / (world.size / rows), rank % (world.size / rows)])
                    try expect(try grid.rank(at: place), equals: rank)
                }
                try expect(try grid.rank(at: [-1, 0]), equals: (rows - 1) * (world.size / rows))
                try expect(try grid.coordinates, equals: try grid.coordinates(of: grid.rank))
                let row = try grid.sub(keeping: [false, true])
                try expect(row.dimensions, equals: [world.size / rows])
                try expect(row.size, equals: world.size / rows)
            }
        },
        Case("ranks left over get no grid") { world in
            let grid = try world.cartesian(dimensions: [1, 1])
            try expect((grid != nil) == (world.rank == 0))
        },
        Case("grids larger than the communicator and other nonsense are refused") { world in
            let manyAxes = [Int](repeating: 4, count: 32)  // 2⁶⁴ ranks
            for dimensions in [[world.size + 1], [0], [-1], [Int.max, Int.max], [world.size, 2], manyAxes] {
                try expectThrow {
                    _ = try world.cartesian(dimensions: dimensions)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .dimensions)
                }
            }
        },
        Case("grids of one to five axes: places, shifts, neighbors, subgrids") { world in
            for axes in 1...5 {
                let dimensions = try MPI.balancedDimensions(ranks: world.size, axes: axes)
                let grid = try world.cartesian(dimensions: dimensions, periodic: dimensions.map { _ in true })!
                try expect(try grid.topology, equals: .cartesian)
                try expect(grid.dimensions, equals: dimensions)
                try expect(grid.periodic, equals: dimensions.map { _ in true })
                var neighbors: [Int] = []
                for axis in 0..<axes {
                    for step in [-1, 1] {
                        var place = try grid.coordinates
                        place[axis] += step
                        let neighbor = try grid.rank(at: place)
                        try expect(try grid.shift(axis: axis, by: step).destination, equals: neighbor)
                        neighbors.append(neighbor)
                    }
                }
                try expect(grid.neighbors.sources, equals: neighbors)
                try expect(grid.neighbors.destinations, equals: neighbors)
                try expect(grid.neighborCounts.in, equals: 2 * axes)
                try expect(grid.neighborCounts.out, equals: 2 * axes)
                for axis in 0..<axes {
                    let sub = try grid.sub(keeping: (0..<axes).map { $0 != axis })
                    var remaining = dimensions
                    remaining.remove(at: axis)
                    try expect(sub.dimensions, equals: remaining)
                    try expect(sub.size, equals: remaining.reduce(1, *))
                    var place = try grid.coordinates
                    place.remove(at: axis)
                    try expect(try sub.coordinates, equals: place)
                }
            }
        },
        Case("neighbors beyond the edge of a grid are nobody") { world in
            let line = try world.cartesian(dimensions: [world.size])!
            let last = line.size - 1
            try expect(
                line.neighbors.sources,
                equals: [
                    line.rank == 0 ? MPI.procNull : line.rank - 1, line.rank == last ? MPI.procNull : line.rank + 1,
                ])
        },
        Case("a grid without axes has one rank") { world in
            let point = try world.cartesian(dimensions: [])
            try expect((point != nil) == (world.rank == 0))
            if let point {
                try expect(point.dimensions, equals: [])
                try expect(try point.coordinates, equals: [])
                try expect(try point.rank(at: []), equals: 0)
                try expect(point.neighborCounts.in, equals: 0)
            }
            let dropped = try world.cartesian(dimensions: [world.size])!.sub(keeping: [false])
            try expect([dropped.size, dropped.dimensions.count], equals: [1, 0])
        },
        Case("a grid may be reordered, and the map tells how") { world in
            for axes in 1...3 {
                let dimensions = try MPI.balancedDimensions(ranks: world.size, axes: axes)
                for periodic in [nil, dimensions.map { _ in true }] {
                    let grid = try world.cartesian(dimensions: dimensions, periodic: periodic, reorder: true)!
                    try expect(
                        try world.rankOnCartesian(dimensions: dimensions, periodic: periodic), equals: grid.rank)
                }
            }
            try expect((try world.rankOnCartesian(dimensions: [1]) == nil) == (world.rank != 0))
        },
        Case("coordinates, axes and ranks that a grid does not have are refused") { world in
            let grid = try world.cartesian(dimensions: [1, world.size], periodic: [false, true])!
            for rank in [-1, world.size, Int.max] {
                try expectRefused(.rank) { _ = try grid.coordinates(of: rank) }
            }
            for place in [[], [0], [0, 0, 0]] { try expectRefused(.count) { _ = try grid.rank(at: place) } }
            for place in [[1, 0], [-1, 0], [Int.max, 0]] {
                try expectRefused(.argument) { _ = try grid.rank(at: place) }
            }
            try expect(try grid.rank(at: [0, Int.max]), equals: Int.max % world.size)
            try expect(try grid.rank(at: [0, Int.min + 1]), equals: (world.size - Int.max % world.size) % world.size)
            for axis in [-1, 2] { try expectRefused(.dimensions) { _ = try grid.shift(axis: axis) } }
            for displacement in [1 << 40, -1 << 31, Int.max, Int.min] {
                for axis in 0...1 {
                    try expectThrow {
                        _ = try grid.shift(axis: axis, by: displacement)
                    } where: { error in
                        try expect((error as? MPIError)?.class, equals: .argument)
                        try expect(
                            "\(error)",
                            equals: "MPI_Cart_shift: displacement \(displacement) along axis \(axis) "
                                + "is not one of -2147483647...2147483647")
                    }
                }
            }
            try expectRefused(.count) { _ = try grid.sub(keeping: [true]) }
            try expectRefused(.count) { _ = try world.cartesian(dimensions: [1], periodic: []) }
            try expectRefused(.dimensions) { _ = try world.rankOnCartesian(dimensions: [world.size + 1]) }
        },
        Case("balanced dimensions, some of them given") { _ in
            try expect(try MPI.balancedDimensions(ranks: 12, axes: 2), equals: [4, 3])
            try expect(try MPI.balancedDimensions(ranks: 7, axes: 2), equals: [7, 1])
            try expect(try MPI.balancedDimensions(ranks: 8, axes: 3), equals: [2, 2, 2])
            try expect(try MPI.balancedDimensions(ranks: 12, fixed: [nil, 6]), equals: [2, 6])
            try expect(try MPI.balancedDimensions(ranks: 24, fixed: [nil, 2, nil]), equals: [4, 2, 3])
            try expect(try MPI.balancedDimensions(ranks: 6, fixed: [2, 3]), equals: [2, 3])
            try expect(try MPI.balancedDimensions(ranks: 1, axes: 0), equals: [])
            try expect(try MPI.balancedDimensions(ranks: 72, axes: 2), equals: [9, 8])
            try expect(try MPI.balancedDimensions(ranks: 240, fixed: [nil, 2, nil]), equals: [12, 2, 10])
        },
        Case("dimensions whose product cannot be the number of ranks are refused") { _ in
            for (ranks, fixed) in [
                (12, [nil, 5]), (12, [3, 3]), (0, [nil]), (-4, [nil]), (4, [0, nil]), (4, [-2, nil]), (2, []),
            ]
                as [(Int, [Int?])]
            {
                try expectRefused(.dimensions) { _ = try MPI.balancedDimensions(ranks: ranks, fixed: fixed) }
            }
            try expectRefused(.dimensions) { _ = try MPI.balancedDimensions(ranks: 4, axes: -1) }
            try expectRefused(.dimensions) { _ = try MPI.balancedDimensions(ranks: 1, axes: -1) }
        },
    ]
}
