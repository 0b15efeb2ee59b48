import SwiftMPI

var nonblockingCollectiveCases: [Case] {
    [
        Case("several under way at once, waited for in another order") { world in
            let (rank, size) = (world.rank, world.size)
            let summed = try world.Iallreduce([rank, 1], into: [0, 0], op: .sum)
            let copied = try world.Ibcast([rank, 7], root: size - 1)
            let gathered = try world.Iallgather([rank], into: [Int](repeating: -1, count: size))
            let barrier = try world.Ibarrier()
            let scanned = try world.Iscan(inPlace: [rank + 1], op: .product)
            let parts = try world.Iscatterv(rank == 0 ? Array(0..<2 * size) : [], into: [0, 0])
            let scattered = try parts.wait().received
            let product = try scanned.wait()
            let sum = try summed.wait().received
            try barrier.wait()
            let all = try gathered.wait().received
            let last = try copied.wait()
            try expect(sum, equals: [size * (size - 1) / 2, size])
            try expect(last, equals: [size - 1, 7])
            try expect(all, equals: Array(0..<size))
            try expect(product, equals: [(1...rank + 1).reduce(1, *)])
            try expect(scattered, equals: [2 * rank, 2 * rank + 1])
        },
        Case("several communicators, each with calls under way") { world in
            let comms = try communicators(of: world)
            let (a, b, c, d) = (comms[0], comms[1], comms[2], comms[3])
            let first = try a.Iallreduce(inPlace: [1], op: .sum)
            let second = try b.Iallreduce(inPlace: [2], op: .sum)
            let third = try c.Iallreduce(inPlace: [3], op: .sum)
            let fourth = try d.Iallreduce(inPlace: [4], op: .sum)
            let results = try [fourth.wait(), third.wait(), second.wait(), first.wait()]
            try expect(results, equals: [[4 * d.size], [3 * c.size], [2 * b.size], [a.size]])
        },
        Case("a test tells when it is done, and the wait then gives the buffer") { world in
            for form in ["array", "span"] {
                var whole = Int.room(world.size)
                if form == "array" {
                    var request = try world.Iallgather([world.rank], into: whole)
                    while !(try request.test()) {}
                    whole = try request.wait().received
                } else {
                    let part = [world.rank]
                    var request = try world.Iallgather(part.span, into: whole.mutableSpan)
                    while !(try request.test()) {}
                    _ = try request.wait()
                }
                try expect(whole, equals: Array(0..<world.size))
            }
        },
        Case("a barrier is not complete before the last rank has come") { world in
            if world.size == 1 { return }
            if world.rank == 0 {
                var barrier = try world.Ibarrier()
                // The others come only when they have heard from rank 0.
                let isEarly = try barrier.test()
                for other in 1..<world.size { try world.Send([1], dest: other) }
                try barrier.wait()
                try expect(!isEarly, "the barrier was over before all ranks had come")
            } else {
                var token = [0]
                try world.Recv(into: &token, source: 0)
                try world.Ibarrier().wait()
            }
        },
        Case("the arrays a request owns are nobody else's") { world in
            // The caller's own copies may change while MPI works; counts are kept as well.
            var part = Int.row(world.rank, 1000)
            var whole = Int.room(1000 * world.size)
            let request = try world.Iallgatherv(
                part, into: whole, counts: VariableCounts(repeatElement(1000, count: world.size)))
            part = Int.room(1000)
            whole[0] = 5
            let buffers = try request.wait()
            try expect(buffers.sent, equals: Int.row(world.rank, 1000))
            try expect(buffers.received, equals: (0..<world.size).flatMap { Int.row($0, 1000) })
            try expect(whole[0], equals: 5)
        },
        Case("array literals are sent as they were written") { world in
            let (rank, size) = (world.rank, world.size)
            let sum = try world.Iallreduce([rank, 2 * rank, 3], into: [0, 0, 0], op: .sum).wait().received
            try expect(sum, equals: [size * (size - 1) / 2, size * (size - 1), 3 * size])
            var whole = Int.room(2 * size)
            try world.Allgather([rank, -rank], into: &whole)
            try expect(whole, equals: (0..<size).flatMap { [$0, -$0] })
        },
    ]
}
