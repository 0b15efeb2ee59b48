import SwiftMPI

/// Selections in the calls that take any buffer, and those that are refused.
var selectionCases: [Case] {
    [
        Case("columns are gathered into a matrix and scattered from it") { world in
            // Row by row, one column a rank: element (i, r) is 10 r + i.
            let (rows, columns) = (4, world.size)
            let column = try Layout<Int>.vector(count: rows, stride: columns).resized(extent: 1)
            let matrix = (0..<rows).flatMap { row in (0..<columns).map { 10 * $0 + row } }
            let own = (0..<rows).map { 10 * world.rank + $0 }
            for root in 0..<world.size {
                var gathered = [Int](repeating: -1, count: rows * columns)
                if world.rank == root {
                    var whole = try gathered.mutableSpan.selecting(column, count: columns)
                    try world.Gather(own, into: &whole, root: root)
                    try expect(gathered, equals: matrix)
                } else {
                    try world.Gather(own, into: &gathered, root: root)
                }
                var part = [Int](repeating: -1, count: rows)
                try world.Scatter(matrix.selecting(column, count: columns), into: &part, root: root)
                try expect(part, equals: own)
            }
            var everywhere = [Int](repeating: -1, count: rows * columns)
            var whole = try everywhere.mutableSpan.selecting(column, count: columns)
            try world.Allgather(own, into: &whole)
            try expect(everywhere, equals: matrix)
        },
        Case("a selection is broadcast") { world in
            let diagonal = try Layout<Int32>.vector(count: 3, stride: 4)
            var matrix = [Int32](repeating: Int32(world.rank), count: 9)
            var chosen = try matrix.mutableSpan.selecting(diagonal)
            try world.Bcast(&chosen, root: world.size - 1)
            let last = Int32(world.size - 1)
            try expect(matrix.indices.allSatisfy { matrix[$0] == ($0 % 4 == 0 ? last : Int32(world.rank)) })
        },
        Case("halo columns are exchanged in place by requests that borrow the matrix") { world in
            let (left, right) = ringNeighbors(world)
            let (rows, columns) = (3, 4)
            let column = try Layout<Double>.vector(count: rows, stride: columns)
            let inner = [Double](repeating: Double(world.rank), count: rows * columns)
            var (fromLeft, fromRight) = (inner, inner)
            var exchange = RequestScope()
            exchange.append(
                try world.Irecv(into: fromLeft.mutableSpan.selecting(column, from: 0), source: left, tag: 1))
            exchange.append(
                try world.Irecv(into: fromRight.mutableSpan.selecting(column, from: 3), source: right, tag: 2))
            exchange.append(try world.Isend(inner.span.selecting(column, from: 2), dest: right, tag: 1))
            exchange.append(try world.Isend(inner.span.selecting(column, from: 1), dest: left, tag: 2))
            try exchange.finish()
            for index in inner.indices {
                try expect(fromLeft[index], equals: Double(index % columns == 0 ? left : world.rank))
                try expect(fromRight[index], equals: Double(index % columns == 3 ? right : world.rank))
            }
        },
        Case("a selection outlives the layout's last other reference") { world in
            let (left, right) = ringNeighbors(world)
            let incoming = try world.Irecv(
                into: [Int](repeating: 0, count: 6).selecting(.vector(count: 3, stride: 2), from: 1), source: left)
            for stride in 1...50 { _ = try Layout<Int>.vector(count: 2, stride: stride) }
            let outgoing = try world.Isend([1, 2, 3], dest: right)
            _ = try outgoing.wait()
            try expect(try incoming.wait().base, equals: [0, 1, 0, 2, 0, 3])
        },
        Case("two parts of one buffer are exchanged") { world in
            let (left, right) = ringNeighbors(world)
            let (rows, columns) = (4, 6)
            func block(_ rank: Int) -> [Int] { (0..<rows * columns).map { 100 * rank + $0 } }
            let column = try Layout<Int>.vector(count: rows, stride: columns)
            // The last own column goes right; what comes from the left becomes column 0.
            let exchange = try PartExchange(sending: column, from: columns - 2, receiving: column, into: 0)
            try expect(exchange.extent, equals: rows * columns - 1)
            var wanted = block(world.rank)
            for row in 0..<rows { wanted[row * columns] = block(left)[row * columns + columns - 2] }
            var mine = block(world.rank)
            let status = try world.Sendrecv(exchange, in: &mine, dest: right, source: left)
            try expect(status.count(of: column), equals: 1)
            try expect(mine, equals: wanted)
            var again = block(world.rank)
            var span = again.mutableSpan
            try world.Sendrecv(exchange, in: &span, dest: right, sendTag: 3, source: left, recvTag: 3)
            try expect(again, equals: wanted)
            // Parts of other shapes, and nobody on one side.
            let turned = try PartExchange(
                sending: column, from: 1, receiving: .contiguous(rows), into: rows * columns - rows)
            mine = block(world.rank)
            try world.Sendrecv(turned, in: &mine, dest: MPI.procNull, source: MPI.procNull)
            try expect(mine, equals: block(world.rank))
        },
        Case("parts that share an element are refused") { world in
            let column = try Layout<Int>.vector(count: 3, stride: 4)
            let row = try Layout<Int>.contiguous(4)
            let twice = try Layout<Int>.indexed(displacements: [1, 1])
            let reasons: [(String, () throws -> PartExchange<Int>)] = [
                ("share an element", { try .init(sending: column, from: 1, receiving: column, into: 1) }),
                ("share an element", { try .init(sending: column, from: 0, receiving: column, into: 4) }),
                ("share an element", { try .init(sending: column, from: 1, receiving: row, into: 4) }),
                ("share an element", { try .init(sending: row, from: 5, receiving: column, into: 0) }),
                ("share an element", { try .init(sending: row, sendCount: 2, from: 0, receiving: row, into: 7) }),
                ("twice", { try .init(sending: .element, from: 9, receiving: twice, into: 0) }),
                ("not inside", { try .init(sending: column, from: -1, receiving: column, into: 1) }),
                ("not inside", { try .init(sending: column, from: 0, receiving: column, into: -4) }),
            ]
            for (reason, make) in reasons {
                try expectThrow {
                    _ = try make()
                } where: { error in
                    try expect("\(error)".contains(reason), "\(reason): \(error)")
                }
            }
            // Beside each other, woven into each other, the same element sent twice, and nothing at all.
            _ = try PartExchange(sending: column, from: 0, receiving: column, into: 1)
            _ = try PartExchange(sending: row, from: 0, receiving: row, into: 4)
            _ = try PartExchange(sending: twice, from: 0, receiving: .element, into: 0)
            _ = try PartExchange(sending: row, sendCount: 0, from: 0, receiving: row, into: 0)

            let exchange = try PartExchange(sending: column, from: 0, receiving: column, into: 1)
            var short = [Int](repeating: 7, count: 9)
            try expectThrow {
                try world.Sendrecv(exchange, in: &short, dest: world.rank, source: world.rank)
            } where: { error in
                try expect("\(error)".contains("the buffer has 9 elements"), "\(error)")
            }
            // More than the room for it, from oneself, where Open MPI 4 would not notice.
            let long = try PartExchange(sending: row, from: 4, receiving: .contiguous(3), into: 0)
            var buffer = [Int](repeating: 7, count: 8)
            try expectThrow {
                try world.Sendrecv(long, in: &buffer, dest: world.rank, source: world.rank)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .truncated)
            }
            try expect(short + buffer, equals: [Int](repeating: 7, count: 17))
        },
        Case("layouts are freed: any number can be made one after the other") { world in
            for _ in 0..<20_000 { try expect(try Layout<Double>.contiguous(3).extent, equals: 3) }
        },
        Case("layouts above 2³¹ bytes tell their size") { _ in
            let large = try Layout<UInt8>.contiguous(1 << 31 - 1)
            try expect(
                [large.size, large.extent, large.elementCount], equals: [1 << 31 - 1, 1 << 31 - 1, 1 << 31 - 1])
            let larger = try Layout<UInt8>.vector(count: 1 << 20, stride: 2, of: large)
            try expect(larger.size, equals: (1 << 31 - 1) << 20)
            try expect(larger.trueExtent, equals: (1 << 31 - 1) * (2 << 20 - 1))
        },
        Case("elements may be sent twice") { world in
            let twice = try Layout<Int>.indexed(displacements: [1, 1, 0])
            var received = [0, 0, 0]
            try world.Sendrecv(
                [7, 8].selecting(twice), dest: world.rank, into: &received, source: world.rank)
            try expect(received, equals: [8, 8, 7])
        },
        Case("elements are not received twice") { world in
            let column = try Layout<Int>.vector(count: 3, stride: 4).resized(extent: 1)
            let refused: [(Layout<Int>, Int)] = [
                (try .indexed(displacements: [1, 1, 0]), 1),
                (try .indexed(lengths: [2, 2], displacements: [3, 2]), 1),
                (try .vector(count: 2, blockLength: 3, stride: 2), 1),
                (try .contiguous(5, of: column), 1),
                (column, 5),
                (try Layout.contiguous(3).resized(extent: 2), 2),
                (try Layout.vector(count: 3, stride: 4).resized(extent: 8), 2),
                (
                    try .subarray(
                        sizes: [2, 2], subsizes: [2, 2], starts: [0, 0], of: Layout.contiguous(2).resized(extent: 1)), 1
                ),
            ]
            for (layout, count) in refused {
                var base = [Int](repeating: 7, count: 40)
                try expectThrow {
                    var room = try base.mutableSpan.selecting(layout, count: count)
                    try world.Bcast(&room)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .argument)
                    try expect("\(error)".contains("twice"), "\(error)")
                }
                try expect(base, equals: [Int](repeating: 7, count: 40))
            }
            for (layout, count) in [(column, 4), (try .contiguous(4, of: column), 1)] {
                var base = [Int](repeating: world.rank, count: 12)
                var room = try base.mutableSpan.selecting(layout, count: count)
                try world.Bcast(&room)
                try expect(base, equals: [Int](repeating: 0, count: 12))
            }
        },
        Case("nothing is chosen outside the buffer") { world in
            let base = [Int](repeating: 0, count: 10)
            let column = try Layout<Int>.vector(count: 3, stride: 4)
            let backwards = try Layout<Int>.vector(count: 3, stride: -4)
            for (layout, count, start) in [
                (column, 1, 2), (column, 1, -1), (column, 2, 0), (column, 1, Int.max), (column, Int.max, 0),
                (column, 1, Int.min), (backwards, 1, 7), (backwards, 1, 10), (.element, 1, 10), (.element, 11, 0),
                (try column.resized(extent: Int.max / 64), 3, 0),
            ] {
                try expectThrow {
                    _ = try base.selecting(layout, count: count, from: start)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .argument)
                    try expect("\(error)".contains("not inside a buffer of 10"), "\(error)")
                }
            }
            _ = try base.selecting(column, from: 1)
            _ = try base.selecting(backwards, from: 9)
            _ = try base.selecting(.element, count: 10)
            _ = try base.selecting(column, count: 0, from: 99)
        },
        Case("layouts that are none are refused before MPI is called") { world in
            let refused: [(MPIError.Class, () throws -> Layout<Float>)] = [
                (.count, { try .contiguous(-1) }),
                (.count, { try .contiguous(1 << 31) }),
                (.count, { try .vector(count: -1, stride: 2) }),
                (.count, { try .vector(count: 1, blockLength: -1, stride: 2) }),
                (.argument, { try .vector(count: 2, stride: Int.max / 2) }),
                (.count, { try .indexed(lengths: [1, -1], displacements: [0, 1]) }),
                (.argument, { try .indexed(lengths: [1, 1], displacements: [0]) }),
                (.argument, { try .indexed(displacements: [0, Int.max]) }),
                (.count, { try .indexed(blockLength: -2, displacements: [0]) }),
                (.argument, { try .subarray(sizes: [], subsizes: [], starts: []) }),
                (.argument, { try .subarray(sizes: [4, 4], subsizes: [2], starts: [0, 0]) }),
                (.argument, { try .subarray(sizes: [4], subsizes: [3], starts: [2]) }),
                (.argument, { try .subarray(sizes: [4], subsizes: [0], starts: [0]) }),
                (.argument, { try .subarray(sizes: [4], subsizes: [1], starts: [-1]) }),
                (.argument, { try .subarray(sizes: [1 << 40], subsizes: [1], starts: [0]) }),
                (.argument, { try Layout.contiguous(2).resized(extent: 0) }),
                (.argument, { try Layout.contiguous(2).resized(extent: -2) }),
                (.argument, { try Layout.contiguous(2).resized(extent: Int.max) }),
            ]
            for (number, (errorClass, make)) in refused.enumerated() {
                try expectThrow {
                    _ = try make()
                } where: { error in
                    try expect((error as? MPIError)?.class == errorClass, "\(number): \(error)")
                }
            }
        },
        Case("a selection of a selection, and a negative count, are refused") { world in
            let pair = try Layout<Int>.contiguous(2)
            let chosen = try [1, 2, 3, 4].selecting(pair, count: 2)
            try expectThrow { _ = try chosen.selecting(pair) }
            try expectThrow {
                _ = try [1, 2].selecting(pair, count: -1)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .count)
            }
        },
    ]
}
