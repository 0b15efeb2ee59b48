import SwiftMPI

/// A division of a buffer into parts of different sizes, with the places the parts have.
private struct Division {
    let lengths: [Int]
    let starts: [Int]
    /// `nil`: inferred by the call.
    let table: VariableCounts?
    let extent: Int

    /// Divisions of about `count` elements a rank: packed with rank 0 empty; with a gap of two after each part; backwards
    /// with every other part empty; all of one length a stride apart; and as even as possible.
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
                let isNonblocking = form == .nonblockingArrays || form == .nonblockingSpans
                if count > 100 && isNonblocking && LibraryDefect.largeIalltoallvInPlace { return }
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
    CollectiveTable.all { $0.variableCases($1) } + [
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
    ]
}
