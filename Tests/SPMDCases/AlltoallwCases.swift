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
        Case("Alltoallw in place of layouts of different sizes") { world in
            let (size, rank) = (world.size, world.rank)
            for unit in [1, 3000] {
                // Ranks r and s exchange 1 + (r + s) % 3 units each way, as one item of a layout.
                let lengths = (0..<size).map { (1 + (rank + $0) % 3) * unit }
                let starts = (0..<size).map { lengths[..<$0].reduce(0, +) }
                func whole(_ part: (Int) -> Int) -> [Int] {
                    (0..<size).flatMap { other in (0..<lengths[other]).map { 100_000 * part(other) + $0 } }
                }
                let layouts = try VariableLayouts<Int>(
                    (0..<size).map { .init(try Layout<Int>.contiguous(lengths[$0]), at: starts[$0]) })
                let (mine, expected) = (whole { 10 * rank + $0 }, whole { 10 * $0 + rank })
                var buffer = mine
                try world.Alltoallw(inPlace: &buffer, layouts: layouts)
                try expect(buffer, equals: expected)
                try expect(try world.Ialltoallw(inPlace: mine, layouts: layouts).wait(), equals: expected)
            }
        },
        Case("the layouts of Alltoallw are kept until it is complete") { world in
            let size = world.size
            func start() throws -> Request<BufferPair<[Int], [Int]>> {
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
            let refused: [(MPIError.Class, VariableLayouts<Int>)] = [
                (.count, try VariableLayouts((0..<size - 1).map { .init(at: $0) })),
                (.argument, try VariableLayouts((0..<size).map { .init(at: $0 + 1) })),
                (.argument, try VariableLayouts((0..<size).map { .init(at: $0 - 1) })),
                (.argument, try VariableLayouts((0..<size).map { _ in .init(count: size + 1) })),
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
                    try expectThrow(call) { try expect(($0 as? MPIError)?.class, equals: errorClass) }
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
        Case("a part of negative count, or one that no memory has, is refused") { world in
            let refused: [(MPIError.Class, VariableLayouts<Int>.Part)] = [
                (.count, .init(count: -1)), (.argument, .init(at: Int.max)),
                (.argument, .init(count: Int.max)), (.argument, .init(at: Int.min)),
            ]
            for (errorClass, part) in refused {
                try expectRefused(errorClass) { _ = try VariableLayouts<Int>([part]) }
            }
            // Beyond a C int, which memory may have, but not this buffer.
            var room = [7]
            for part: VariableLayouts<Int>.Part in [.init(at: 1 << 28), .init(count: 1 << 31), .init(at: -1 << 30)] {
                let layouts = try VariableLayouts<Int>(world.ranks.map { _ in part })
                try expectRefused(.argument) { try world.Alltoallw(inPlace: &room, layouts: layouts) }
            }
        },
        Case("Alltoallw of empty buffers, and with one table for both sides") { world in
            let size = world.size
            let none = try VariableLayouts<Int>(world.ranks.map { _ in .init(count: 0) })
            var (empty, room): ([Int], [Int]) = ([], [7])
            try world.Alltoallw([], sendLayouts: none, into: &empty, recvLayouts: none)
            try world.Alltoallw([], sendLayouts: none, into: &room, recvLayouts: none)
            try world.Alltoallw([1], sendLayouts: none, into: &empty, recvLayouts: none)
            try world.Alltoallw(inPlace: &empty, layouts: none)
            _ = try world.Ialltoallw([], sendLayouts: none, into: [Int](), recvLayouts: none).wait()
            _ = try world.Ialltoallw(inPlace: [Int](), layouts: none).wait()
            try expect(room, equals: [7])
            let layouts = try VariableLayouts<Int>((0..<size).map { .init(count: size, at: $0 * size) })
            var received = [Int](repeating: -1, count: size * size)
            try world.Alltoallw(matrix(world.rank, size), sendLayouts: layouts, into: &received, recvLayouts: layouts)
            let expected = (0..<size).flatMap { matrix($0, size)[world.rank * size..<(world.rank + 1) * size] }
            try expect(received, equals: expected)
        },
    ]
}
