import SwiftMPI

// The forms that make room for what they receive and return it.

var resultFormCases: [Case] {
    [
        Case("Gather and Allgather of a value return one of each rank") { world in
            let all = (0..<world.size).map { Double($0) / 4 }
            try expect(try world.Allgather(all[world.rank]), equals: all)
            for root in 0..<world.size {
                try expect(try world.Gather(all[world.rank], root: root), equals: world.rank == root ? all : nil)
            }
        },
        Case("Gather, Allgather and Alltoall of a buffer return the parts of all ranks") { world in
            for length in [0, 1, 3] {
                let all = (0..<world.size).flatMap { Int.row($0, length) }
                try expect(try world.Allgather(Int.row(world.rank, length)), equals: all)
                for root in 0..<world.size {
                    let gathered = try world.Gather(Int.row(world.rank, length).span, root: root)
                    try expect(gathered, equals: world.rank == root ? all : nil)
                }
                let sent = (0..<world.size).flatMap { Int.row(world.size * world.rank + $0, length) }
                try expect(
                    try world.Alltoall(sent),
                    equals: (0..<world.size).flatMap { Int.row(world.size * $0 + world.rank, length) })
            }
            let second = try Int.row(world.rank, 4).selecting(.vector(count: 2, stride: 2))
            try expect(
                try world.Allgather(second),
                equals: (0..<world.size).flatMap { rank in [0, 2].map { Int.row(rank, 4)[$0] } })
            if world.size > 1 { try expectThrow { _ = try world.Alltoall(Int.row(0, world.size + 1)) } }
        },
        Case("counts tell what they are") { _ in
            try expect("\(VariableCounts.even(5, parts: 3))", equals: "[2, 2, 1]")
            try expect("\(VariableCounts([1, 2], displacements: [4, 0]))", equals: "[1 from 4, 2 from 0]")
            try expect("\(VariableCounts([1, -2]))", equals: "unusable counts: -2 is no count of elements")
        },
        Case("Gatherv and Allgatherv return parts of any length") { world in
            for empty in 0..<world.size {
                // Rank `empty` has none.
                func row(_ rank: Int) -> [Int] { Int.row(rank, rank == empty ? 0 : 3 + rank) }
                let all = (0..<world.size).flatMap(row)
                try expect(try world.Allgatherv(row(world.rank)), equals: all)
                try expect(try world.Allgatherv(row(world.rank).span), equals: all)
                try expect(
                    try world.Gatherv(row(world.rank), root: empty), equals: world.rank == empty ? all : nil)
            }
            // Every second element.
            let row = Int.row(world.rank, 6)
            let second = try row.selecting(.vector(count: 3, stride: 2))
            let seconds = (0..<world.size).flatMap { rank in [0, 2, 4].map { Int.row(rank, 6)[$0] } }
            try expect(try world.Allgatherv(second), equals: seconds)
            try expect(try world.Gatherv(second), equals: world.rank == 0 ? seconds : nil)
        },
        Case("Scatterv returns the rank's part") { world in
            for root in 0..<world.size {
                let whole = world.rank == root ? Int.row(root, 2 * world.size + 1) : []
                let all = Int.row(root, 2 * world.size + 1)
                let even = VariableCounts.even(all.count, parts: world.size)
                try expect(try world.Scatterv(whole, root: root), equals: Array(all[even.range(of: world.rank)]))
                try expect(
                    try world.Scatterv(whole, counts: .even(all.count, parts: world.size), root: root),
                    equals: Array(all[even.range(of: world.rank)]))
                // Backwards, rank r gets r + 1 elements but for rank 0, which gets none.
                let counts = (0..<world.size).map { $0 == 0 ? 0 : $0 + 1 }
                let places = (0..<world.size).map { 2 * world.size + 1 - counts[0...$0].reduce(0, +) }
                if places.allSatisfy({ $0 >= 0 }) {
                    let table = VariableCounts(counts, displacements: places)
                    try expect(
                        try world.Scatterv(whole, counts: table, root: root),
                        equals: Array(all[table.range(of: world.rank)]))
                }
                // Rows of three.
                let rows = world.rank == root ? Int.row(root, 3 * (world.size + 1)) : []
                let mine = try world.Scatterv(
                    try rows.selecting(.contiguous(3), count: rows.count / 3), root: root)
                let range = VariableCounts.even(world.size + 1, parts: world.size).range(of: world.rank)
                let elements = Int.row(root, 3 * (world.size + 1))
                try expect(mine, equals: Array(elements[3 * range.lowerBound..<3 * range.upperBound]))
            }
        },
        Case("Alltoallv returns what all ranks have for this one") { world in
            // Rank r sends (r + s) % 3 elements to rank s.
            func length(_ from: Int, _ to: Int) -> Int { (from + to) % 3 }
            func message(_ from: Int, _ to: Int) -> [Int] { (0..<length(from, to)).map { 1000 * from + 10 * to + $0 } }
            let ranks = 0..<world.size
            let whole = ranks.flatMap { message(world.rank, $0) }
            let received = try world.Alltoallv(whole, sendCounts: ranks.map { length(world.rank, $0) })
            try expect(received, equals: ranks.flatMap { message($0, world.rank) })
            try expect(try world.Alltoallv([] as [Int]), equals: [])
            try expect(
                try world.Alltoallv(ranks.map { 10 * world.rank + $0 }), equals: ranks.map { 10 * $0 + world.rank })
        },
        Case("tables that do not fit are refused by the forms that return something, and then all works on") { world in
            let whole = [Int](repeating: 1, count: world.size)
            for counts in [VariableCounts([world.size, 1] + whole), [-1], VariableCounts(whole.map { $0 + 1 })] {
                if counts.partCount == world.size, counts.extent <= whole.count { continue }
                try expectThrow { _ = try world.Alltoallv(whole, sendCounts: counts) }
                if world.rank == 0 { try expectThrow { _ = try world.Scatterv(whole, counts: counts) } }
            }
            try expect(try world.Allgather(world.rank), equals: Array(0..<world.size))
        },
        Case("Recv of a count returns the elements of the message") { world in
            let (left, right) = ringNeighbors(world)
            for length in [0, 3, 5] {
                let outgoing = try world.Isend(Double.row(world.rank, length), dest: right, tag: length)
                let received: [Double] = try world.Recv(count: 5, source: left, tag: length)
                try expect(received, equals: Double.row(left, length))
                _ = try outgoing.wait()
            }
            try expect(try world.Recv(Int.self, count: 3, source: MPI.procNull), equals: [])
            let long = try world.Isend([1, 2, 3], dest: right)
            try expectThrow {
                _ = try world.Recv(Int.self, count: 2, source: left)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .truncated)
            }
            _ = try long.wait()
            try expectThrow { _ = try world.Recv(Int.self, count: -1, source: left) }
            // MPICH 4 stops with an assertion where such a message is one to oneself.
            if world.size == 1 { return }
            let bytes = try world.Isend([1, 2, 3] as [UInt8], dest: right)
            try expectThrow {
                _ = try world.Recv(Int.self, count: 2, source: left)
            } where: { error in
                try expect("\(error)".contains("ends inside an element"), "\(error)")
            }
            _ = try bytes.wait()
        },
        Case("slices are buffers") { world in
            let (left, right) = ringNeighbors(world)
            let mine = Int.row(world.rank, 6)
            var received = Int.room(6)
            let outgoing = try world.Isend(mine[2..<5], dest: right)
            try world.Recv(into: &received[1..<4], source: left)
            _ = try outgoing.wait()
            try expect(received, equals: Int.room(1) + Int.row(left, 6)[2..<5] + Int.room(2))
            var sums = [1, 2, 3, 4]
            try world.Allreduce(inPlace: &sums[1...2], op: .sum)
            try expect(sums, equals: [1, 2 * world.size, 3 * world.size, 4])
            let incoming = try world.Irecv(into: mine[..<2], source: left)
            try world.Send(mine[4...], dest: right)
            try expect(try incoming.wait(), equals: Int.row(left, 6)[4...])
            try expect(mine, equals: Int.row(world.rank, 6))
            try expectThrow { try world.Bcast(&received[0..<world.rank + 1], root: world.size) }
        },
    ]
}
