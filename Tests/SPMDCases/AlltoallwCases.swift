import SwiftMPI

/// What rank `sender` has in its matrix, one row and one column a rank.
private func matrix(_ sender: Int, _ size: Int) -> [Int] {
    (0..<size * size).map { 1000 * sender + 10 * ($0 / size) + $0 % size }
}

var alltoallwCases: [Case] {
    [
        Case("Alltoallw gives even ranks columns and odd ranks rows") { world in
            let (size, rank) = (world.size, world.rank)
            let column = try Layout<Int>.vector(count: size, stride: size)
            let sendLayouts = try VariableLayouts<Int>(
                (0..<size).map { $0.isMultiple(of: 2) ? .init(column, at: $0) : .init(count: size, at: $0 * size) })
            // Each becomes a column, in reverse order.
            let recvLayouts = try VariableLayouts((0..<size).map { .init(column, at: size - 1 - $0) })
            let expected = (0..<size * size).map { index in
                let (place, sender) = (index / size, size - 1 - index % size)
                return matrix(sender, size)[rank.isMultiple(of: 2) ? place * size + rank : rank * size + place]
            }
            var received = [Int](repeating: -1, count: size * size)
            try world.Alltoallw(
                matrix(rank, size), sendLayouts: sendLayouts, into: &received, recvLayouts: recvLayouts)
            try expect(received, equals: expected)

            let owned = try world.Ialltoallw(
                matrix(rank, size), sendLayouts: sendLayouts, into: [Int](repeating: -1, count: size * size),
                recvLayouts: recvLayouts)
            try expect(try owned.wait().received, equals: expected)

            var filled = [Int](repeating: -1, count: size * size)
            let whole = matrix(rank, size)
            let borrowed = try world.Ialltoallw(
                whole.span, sendLayouts: sendLayouts, into: filled.mutableSpan, recvLayouts: recvLayouts)
            _ = try borrowed.wait()
            try expect(filled, equals: expected)
        },
        Case("Alltoallw in place") { world in
            let (size, rank) = (world.size, world.rank)
            let column = try Layout<Int>.vector(count: size, stride: size)
            let layouts = try VariableLayouts((0..<size).map { .init(column, at: $0) })
            let expected = (0..<size * size).map { matrix($0 % size, size)[$0 / size * size + rank] }
            var whole = matrix(rank, size)
            try world.Alltoallw(inPlace: &whole, layouts: layouts)
            try expect(whole, equals: expected)
            let request = try world.Ialltoallw(inPlace: matrix(rank, size), layouts: layouts)
            try expect(try request.wait(), equals: expected)
        },
        Case("the layouts of Alltoallw are kept until it is complete") { world in
            let size = world.size
            func start() throws -> Request<Buffers<[Int], [Int]>> {
                try world.Ialltoallw(
                    matrix(world.rank, size),
                    sendLayouts: try VariableLayouts((0..<size).map { .init(count: size, at: $0 * size) }),
                    into: [Int](repeating: -1, count: size * size),
                    recvLayouts: try VariableLayouts((0..<size).map { .init(count: size, at: $0 * size) }))
            }
            let request = try start()
            for stride in 1...50 { _ = try VariableLayouts<Int>([.init(.vector(count: size, stride: stride))]) }
            let expected = (0..<size).flatMap { matrix($0, size)[world.rank * size..<(world.rank + 1) * size] }
            try expect(try request.wait().received, equals: expected)
        },
        Case("layouts of Alltoallw that do not fit are refused before MPI is called") { world in
            let size = world.size
            let good = try VariableLayouts<Int>((0..<size).map { .init(at: $0) })
            let refused: [(CInt, VariableLayouts<Int>)] = [
                (MPIError.count, try VariableLayouts((0..<size - 1).map { .init(at: $0) })),
                (MPIError.argument, try VariableLayouts((0..<size).map { .init(at: $0 + 1) })),
                (MPIError.argument, try VariableLayouts((0..<size).map { .init(at: $0 - 1) })),
                (MPIError.argument, try VariableLayouts((0..<size).map { _ in .init(count: size + 1) })),
            ]
            let whole = [Int](repeating: 7, count: size)
            for (errorClass, bad) in refused {
                var room = whole
                let calls: [() throws -> Void] = [
                    { try world.Alltoallw(whole, sendLayouts: bad, into: &room, recvLayouts: good) },
                    { try world.Alltoallw(whole, sendLayouts: good, into: &room, recvLayouts: bad) },
                    { try world.Alltoallw(inPlace: &room, layouts: bad) },
                    { _ = try world.Ialltoallw(inPlace: whole, layouts: bad).wait() },
                ]
                for call in calls {
                    try expectThrow(call) { try expect(($0 as? MPIError)?.errorClass, equals: errorClass) }
                }
                try expect(room, equals: whole)
            }
            var chosen = try whole.selecting(.contiguous(size))
            try expectThrow { try world.Alltoallw(inPlace: &chosen, layouts: good) }
        },
        Case("parts that Alltoallw would receive into the same place are refused") { world in
            let size = world.size
            if size == 1 { return }
            var room = [Int](repeating: 7, count: 3 * size)
            let apart = try VariableLayouts<Int>((0..<size).map { .init(at: $0) })
            let tangled = try Layout<Int>.vector(count: 2, stride: size)
            // Intertwined but disjoint, then with one element in common.
            let disjoint = try VariableLayouts((0..<size).map { .init(tangled, at: $0) })
            let common = try VariableLayouts((0..<size).map { .init(tangled, at: $0 % (size - 1)) })
            try world.Alltoallw(inPlace: &room, layouts: disjoint)
            try world.Alltoallw(inPlace: &room, layouts: apart)
            try expectThrow {
                try world.Alltoallw(inPlace: &room, layouts: common)
            } where: { error in
                try expect("\(error)".contains("same place"), "\(error)")
            }
        },
        Case("a part of negative count, or farther than MPI-3.1 reaches, is refused") { world in
            try expectThrow {
                _ = try VariableLayouts<Int>([.init(count: -1)])
            } where: { error in
                try expect((error as? MPIError)?.errorClass, equals: MPIError.count)
            }
            for start in [1 << 28, Int.max] {
                try expectThrow {
                    _ = try VariableLayouts<Int>([.init(at: start)])
                } where: { error in
                    try expect((error as? MPIError)?.errorClass, equals: MPIError.argument)
                }
            }
        },
    ]
}
