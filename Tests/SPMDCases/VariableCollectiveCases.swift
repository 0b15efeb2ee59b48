import SwiftMPI

/// A division of a buffer into parts of different sizes, with the places the parts have.
private struct Division {
    let lengths: [Int]
    let starts: [Int]
    /// `nil`: inferred by the call.
    let table: VariableCounts?
    let extent: Int

    /// Divisions of about `count` elements a rank: packed with rank 0 empty; with a gap of two after each part;
    /// backwards with every other part empty; all of one length a stride apart; and as even as possible.
    static func all(_ count: Int, parts: Int) -> [Division] {
        let rising = (0..<parts).map { $0 * count }
        let alternating = (0..<parts).map { $0.isMultiple(of: 2) ? 0 : count }
        let total = parts * count + parts - 1
        let even = (0..<parts).map { total / parts + ($0 < total % parts ? 1 : 0) }
        return [
            Division(rising, starts: packed(rising), table: VariableCounts(rising)),
            Division(rising, starts: zip(packed(rising), 0...).map { $0 + 2 * $1 }),
            Division(alternating, starts: (0..<parts).map { (parts - 1 - $0) * count }),
            Division(rising.map { _ in count }, starts: (0..<parts).map { $0 * (count + 3) }),
            Division(even, starts: packed(even), table: nil),
        ]
    }

    private init(_ lengths: [Int], starts: [Int], table: VariableCounts?) {
        (self.lengths, self.starts, self.table) = (lengths, starts, table)
        self.extent = zip(lengths, starts).map { $0 + $1 }.max() ?? 0
    }

    private init(_ lengths: [Int], starts: [Int]) {
        self.init(lengths, starts: starts, table: VariableCounts(lengths, displacements: starts))
    }

    private static func packed(_ lengths: [Int]) -> [Int] { lengths.indices.map { lengths[..<$0].reduce(0, +) } }

    /// The whole buffer with some of its parts filled in.
    func whole<T: SampleValue>(_ type: T.Type, _ ranks: some Sequence<Int>, row: (Int, Int) -> [T]) -> [T] {
        var whole = T.room(extent)
        for rank in ranks {
            whole.replaceSubrange(starts[rank]..<starts[rank] + lengths[rank], with: row(rank, lengths[rank]))
        }
        return whole
    }
}

extension CollectiveTable {
    /// The collectives that move parts of different sizes, with every division.
    fileprivate func variableCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        cases("Gatherv of \(T.self)") { form, comm, count, root, found in
            for division in Division.all(count, parts: comm.size) {
                let isRoot = comm.rank == root
                let table = isRoot ? division.table : nil
                let part = T.row(comm.rank, division.lengths[comm.rank])
                let all = division.whole(T.self, 0..<comm.size, row: T.row)
                let room = isRoot ? T.room(division.extent) : []
                found.expect(
                    try form.gatherv(part, into: room, counts: table, root: root, on: comm), equals: isRoot ? all : [])
                let inPlace = isRoot ? division.whole(T.self, [root], row: T.row) : part
                found.expect(
                    try form.gatherv(inPlace: inPlace, counts: table, root: root, on: comm),
                    equals: isRoot ? all : part)
            }
        }
            + cases("Scatterv of \(T.self)") { form, comm, count, root, found in
                for division in Division.all(count, parts: comm.size) {
                    let isRoot = comm.rank == root
                    let table = isRoot ? division.table : nil
                    let part = T.row(comm.rank, division.lengths[comm.rank])
                    let all = division.whole(T.self, 0..<comm.size, row: T.row)
                    let received = try form.scatterv(
                        isRoot ? all : [], into: T.room(part.count), counts: table, root: root, on: comm)
                    found.expect(received, equals: part)
                    let inPlace = isRoot ? all : T.room(part.count)
                    found.expect(
                        try form.scatterv(inPlace: inPlace, counts: table, root: root, on: comm),
                        equals: isRoot ? all : part)
                }
            }
            + cases("Allgatherv of \(T.self)") { form, comm, count, found in
                for division in Division.all(count, parts: comm.size) {
                    let part = T.row(comm.rank, division.lengths[comm.rank])
                    let all = division.whole(T.self, 0..<comm.size, row: T.row)
                    let room = T.room(division.extent)
                    found.expect(
                        try form.allgatherv(part, into: room, counts: division.table, on: comm), equals: all)
                    let inPlace = division.whole(T.self, [comm.rank], row: T.row)
                    found.expect(
                        try form.allgatherv(inPlace: inPlace, counts: division.table, on: comm), equals: all)
                }
            }
            + alltoallvCases(T.self)
    }

    private func alltoallvCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        cases("Alltoallv of \(T.self)") { form, comm, count, found in
            let (rank, ranks) = (comm.rank, 0..<comm.size)
            // What a rank sends to another is the row of a number that both make of the pair.
            func row(from sender: Int, to receiver: Int, _ length: Int) -> [T] { T.row(7 * sender + receiver, length) }

            // Every rank divides its buffer in the same way, so that all the parts it gets are of one length.
            for division in Division.all(count, parts: comm.size) where division.table != nil {
                let length = division.lengths[rank]
                let sent = division.whole(T.self, ranks) { row(from: rank, to: $0, $1) }
                let received = try form.alltoallv(
                    sent, sendCounts: division.table, into: T.room(comm.size * length),
                    recvCounts: VariableCounts(ranks.map { _ in length }), on: comm)
                found.expect(received, equals: ranks.flatMap { row(from: $0, to: rank, length) })
            }

            // With inferred counts: as many elements for every rank.
            let sent = ranks.flatMap { row(from: rank, to: $0, count) }
            let expected = ranks.flatMap { row(from: $0, to: rank, count) }
            let received = try form.alltoallv(
                sent, sendCounts: nil, into: T.room(sent.count), recvCounts: nil, on: comm)
            found.expect(received, equals: expected)
        }
            + cases("Alltoallv of \(T.self) in place") { form, comm, count, found in
                // Ranks r and s exchange (r + s) % 3 times the count each way, with a gap of one between the parts.
                let (rank, ranks) = (comm.rank, 0..<comm.size)
                let lengths = ranks.map { ($0 + rank) % 3 * count }
                let starts = ranks.map { lengths[..<$0].reduce($0, +) }
                let table = VariableCounts(lengths, displacements: starts)
                func whole(_ row: (Int) -> [T]) -> [T] { Array(ranks.map(row).joined(separator: T.room(1))) }
                let sent = whole { T.row(7 * rank + $0, lengths[$0]) }
                let received = try form.alltoallv(inPlace: sent, counts: table, on: comm)
                found.expect(received, equals: whole { T.row(7 * $0 + rank, lengths[$0]) })
            }
    }
}

var variableCollectiveCases: [Case] {
    CollectiveTable.all { $0.variableCases($1) } + resultFormCases + [
        Case("every rank tells its own count") { world in
            let counts = try world.counts(2 * world.rank)
            try expect(counts.extent, equals: world.size * (world.size - 1))
            let part = Int.row(world.rank, 2 * world.rank)
            var whole = Int.room(counts.extent)
            try world.Allgatherv(part, into: &whole, counts: counts)
            try expect(whole, equals: (0..<world.size).flatMap { Int.row($0, 2 * $0) })
        },
        Case("the beginning of a buffer is a part") { world in
            // What mpi4py writes as [buffer, count].
            let counts = VariableCounts((0..<world.size).map { _ in 2 })
            let sent = Int.row(world.rank, 5)
            var whole = Int.room(2 * world.size)
            try world.Allgatherv(sent.span.extracting(..<2), into: &whole, counts: counts)
            try expect(whole, equals: (0..<world.size).flatMap { Int.row($0, 2) })
        },
        Case("parts may be read from the same place") { world in
            // Every rank gets the root's only element.
            let counts = VariableCounts(
                (0..<world.size).map { _ in 1 }, displacements: (0..<world.size).map { _ in 0 })
            var part = [0]
            try world.Scatterv([42], into: &part, counts: counts)
            try expect(part, equals: [42])
            var received = Int.room(world.size)
            try world.Alltoallv([world.rank], sendCounts: counts, into: &received)
            try expect(received, equals: Array(0..<world.size))
        },
        Case("tables with wrong numbers are refused by the calls that use them, and then all works on") { world in
            let size = world.size
            let ones = [Int](repeating: 1, count: size)
            let wrong: [(MPIError.Class, VariableCounts, String)] = [
                (.count, VariableCounts(ones.dropLast() + [-1]), "-1 is no count"),
                (.count, VariableCounts([Int.min] + ones.dropFirst()), "\(Int.min) is no count"),
                (.argument, VariableCounts(ones, displacements: ones.dropLast() + [-5]), "-5 is no place"),
                (.count, VariableCounts(ones, displacements: ones + [1]), "\(size + 1) displacements"),
                (.count, VariableCounts(ones, displacements: []), "0 displacements"),
                (.count, VariableCounts([Int.max, Int.max]), "more elements than memory"),
                (.count, VariableCounts(ones, displacements: ones.map { _ in Int.max }), "than memory"),
                (.count, VariableCounts(ones + [1]), "has \(size + 1) elements, needs \(size)"),
                (.count, VariableCounts(ones.map { _ in 1 << 31 }), "the counts need \(size << 31)"),
                (.count, VariableCounts(ones, displacements: ones.map { _ in 1 << 33 }), "the counts need"),
            ]
            for (errorClass, table, text) in wrong {
                var (part, whole) = ([7], Int.room(size))
                let sent = Int.row(0, size)
                let root = world.rank
                let calls: [() throws -> Void] = [
                    { try world.Gatherv([1], into: &whole, counts: table, root: root) },
                    { try world.Gatherv(inPlace: &whole, counts: table, root: root) },
                    { _ = try world.Igatherv([1], into: whole, counts: table, root: root).wait() },
                    { try world.Scatterv(sent, into: &part, counts: table, root: root) },
                    { try world.Scatterv(inPlace: &whole, counts: table, root: root) },
                    { _ = try world.Iscatterv(sent, into: part, counts: table, root: root).wait() },
                    { try world.Allgatherv([1], into: &whole, counts: table) },
                    { try world.Allgatherv(inPlace: &whole, counts: table) },
                    { _ = try world.Iallgatherv([1], into: whole, counts: table).wait() },
                    { try world.Alltoallv(sent, sendCounts: table, into: &whole) },
                    { try world.Alltoallv(sent, into: &whole, recvCounts: table) },
                    { try world.Alltoallv(inPlace: &whole, counts: table) },
                    { _ = try world.Ialltoallv(inPlace: whole, counts: table).wait() },
                    { try world.Reduce_scatter(sent, into: &part, counts: table, op: .sum) },
                ]
                for call in calls {
                    try expectThrow(call) { error in
                        try expect((error as? MPIError)?.class, equals: errorClass)
                        try expect("\(error)".contains(text), "\(error)")
                    }
                }
                try expect(whole, equals: Int.room(size))
            }
            // Only one rank's count is wrong: all learn of it.
            let table = try world.counts(world.rank == size - 1 ? -3 : 1)
            var whole = Int.room(size)
            try expectRefused(.count) { try world.Allgatherv([1], into: &whole, counts: table) }
            try world.Allgatherv([world.rank], into: &whole)
            try expect(whole, equals: Array(0..<size))
        },
        Case("a selection is exchanged in place, and what lies between its elements stays") { world in
            let size = world.size
            // Every second element, the last of them the last of the buffer, and backwards from there.
            let layouts: [(Layout<Int>, start: Int)] = [
                (try Layout<Int>.element.resized(extent: 2), 1),
                (try Layout<Int>.indexed(displacements: [-1]).resized(extent: 2), 2),
            ]
            for (every, start) in layouts {
                for length in [1, 3000] {
                    let count = size * length
                    func spread(_ part: (Int) -> Int) -> [Int] {
                        (0..<count).flatMap { [-1, 1_000_000 * part($0 / length) + $0 % length] }
                    }
                    let counts = VariableCounts((0..<size).map { _ in length })
                    let mine = spread { 10 * world.rank + $0 }
                    let expected = spread { 10 * $0 + world.rank }
                    var chosen = try mine.selecting(every, count: count, from: start)
                    try world.Alltoallv(inPlace: &chosen, counts: counts)
                    try expect(chosen.base, equals: expected)
                    let request = try world.Ialltoallv(
                        inPlace: try mine.selecting(every, count: count, from: start), counts: counts)
                    try expect(try request.wait().base, equals: expected)
                }
            }
        },
        Case("empty buffers, and one table for both sides") { world in
            let size = world.size
            let none = VariableCounts((0..<size).map { _ in 0 })
            func exchange(_ sent: Span<Int>, _ received: inout MutableSpan<Int>) throws {
                try world.Alltoallv(sent, sendCounts: none, into: &received, recvCounts: none)
                try world.Alltoallv(
                    sent, sendCounts: none, into: &received, recvCounts: VariableCounts((0..<size).map { _ in 0 }))
                try world.Allgatherv(sent, into: &received, counts: none)
                try world.Gatherv(sent, into: &received, counts: none)
                try world.Scatterv(sent, into: &received, counts: none)
                try world.Alltoallv(inPlace: &received, counts: none)
                try world.Allgatherv(inPlace: &received, counts: none)
                try world.Gatherv(inPlace: &received, counts: none)
                try world.Scatterv(inPlace: &received, counts: none)
            }
            func exchangeNonblocking(_ sent: [Int], _ received: [Int]) throws {
                _ = try world.Ialltoallv(sent, sendCounts: none, into: received, recvCounts: none).wait()
                _ = try world.Iallgatherv(sent, into: received, counts: none).wait()
                _ = try world.Igatherv(sent, into: received, counts: none).wait()
                _ = try world.Iscatterv(sent, into: received, counts: none).wait()
                _ = try world.Ialltoallv(inPlace: received, counts: none).wait()
                _ = try world.Iallgatherv(inPlace: received, counts: none).wait()
            }
            // No memory at all, two empty arrays (which have one address), two empty places in one array.
            var nothing = MutableSpan<Int>()
            try exchange(Span(), &nothing)
            var empty: [Int] = []
            var room = empty.mutableSpan
            try exchange([Int]().span, &room)
            var elements = [1, 2, 3]
            try elements.withUnsafeMutableBufferPointer { elements in
                let sent = UnsafeBufferPointer(elements)
                for place in 0...3 {
                    var received = UnsafeMutableBufferPointer(rebasing: elements[place..<place]).mutableSpan
                    try exchange(UnsafeBufferPointer(rebasing: sent[place..<place]).span, &received)
                }
            }
            try exchangeNonblocking([], [])
            try world.Alltoallv([Int](), into: &empty)
            _ = try world.Ialltoallv([Int](), into: [Int]()).wait()
            try expect(elements, equals: [1, 2, 3])

            let counts = VariableCounts((0..<size).map { (world.rank + $0) % 3 })
            let sent = (0..<size).flatMap { Int.row(10 * world.rank + $0, (world.rank + $0) % 3) }
            let expected = (0..<size).flatMap { Int.row(10 * $0 + world.rank, (world.rank + $0) % 3) }
            var received = Int.room(counts.extent)
            try world.Alltoallv(sent, sendCounts: counts, into: &received, recvCounts: counts)
            try expect(received, equals: expected)
            let request = try world.Ialltoallv(
                sent, sendCounts: counts, into: Int.room(counts.extent), recvCounts: counts)
            try expect(try request.wait().received, equals: expected)
        },
    ]
}
