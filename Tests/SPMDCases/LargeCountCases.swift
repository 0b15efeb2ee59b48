import SwiftMPI

// Collectives of more elements or bytes than a C int counts. Each takes 4 to 8 GiB on two ranks, on which most are
// meant to run.

/// 2³¹ elements.
private let boundary = 1 << 31

/// The elements of parts that follow each other, of which each tells its owner and place.
private struct Parts<Element: MPIDatatype & Numeric> {
    let lengths: [Int]
    var starts: [Int] { lengths.indices.map { lengths[..<$0].reduce(0, +) } }
    var total: Int { lengths.reduce(0, +) }

    /// The places of a part that are written and looked at: its ends, and those around multiples of 2³⁰ in the whole.
    /// They are the same in every part, as a part arrives in the place of another.
    private func places(_ part: Int) -> [Int] {
        let edges = lengths.indices.flatMap { other in
            ([starts[other], starts[other] + lengths[other]] + (1...5).map { $0 << 30 }).map { $0 - starts[other] }
        }
        let offsets = Set(edges.flatMap { $0 - 2...$0 + 1 }).filter { (0..<lengths[part]).contains($0) }
        return offsets.sorted().map { starts[part] + $0 }
    }

    /// What a sender has at such a place of a part.
    private func element(_ sender: Int, _ part: Int, _ place: Int) -> Element {
        Element(exactly: UInt8(truncatingIfNeeded: 1 + 100 * sender + 50 * part + (place - starts[part]) % 47))!
    }

    /// A part as a buffer of its own.
    func part(_ part: Int, of sender: Int) -> [Element] {
        var elements = [Element](repeating: 0, count: lengths[part])
        for place in places(part) { elements[place - starts[part]] = element(sender, part, place) }
        return elements
    }

    /// A whole buffer with some of its parts.
    func whole(_ parts: [Int], of sender: (Int) -> Int) -> [Element] {
        var elements = [Element](repeating: 0, count: total)
        for part in parts { for place in places(part) { elements[place] = element(sender(part), part, place) } }
        return elements
    }

    /// Throws unless the parts of a whole buffer are those of their senders.
    ///
    /// - Parameter named: The number of the part at its sender.
    func check(_ whole: [Element], of sender: (Int) -> Int, named: ((Int) -> Int)? = nil) throws {
        try expect(whole.count, equals: total)
        for part in lengths.indices {
            for place in places(part) {
                let name = named?(part) ?? part
                let expected = Element(
                    exactly: UInt8(
                        truncatingIfNeeded: 1 + 100 * sender(part) + 50 * name + (place - starts[part]) % 47))!
                try expect(whole[place] == expected, "element \(place) is \(whole[place]), expected \(expected)")
            }
        }
    }

    func checkPart(_ elements: [Element], _ part: Int, of sender: Int) throws {
        try expect(elements.count, equals: lengths[part])
        for place in places(part) {
            try expect(elements[place - starts[part]] == element(sender, part, place), "element \(place)")
        }
    }
}

/// A case for two ranks.
private func case2(_ name: String, _ body: @escaping (Communicator) throws -> Void) -> Case {
    Case(name) { world in
        try expect(world.size == 2, "these cases are for two ranks")
        try body(world)
    }
}

var isOpenMPI4: Bool { MPI.libraryVersion.hasPrefix("Open MPI v4") }

/// Throws unless a call works or, with a library that has no such call, is refused on this rank.
private func works(_ body: () throws -> Void) throws {
    if !isOpenMPI4 { return try body() }
    try expectThrow(body) { error in
        try expect((error as? MPIError)?.class, equals: .count)
        try expect("\(error)".contains("large counts"), "\(error)")
    }
}

/// Collectives of equal parts whose bytes no C int counts in total, on any number of ranks.
private func equalParts<T: MPIDatatype & Numeric>(_ type: T.Type) -> [Case] {
    func parts(_ world: Communicator) -> Parts<T> {
        let length = boundary / MemoryLayout<T>.size / world.size + 8
        return Parts(lengths: (0..<world.size).map { _ in length })
    }
    func room(_ count: Int) -> [T] { [T](repeating: 0, count: count) }
    return [
        Case("Bcast and Ibcast beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, root) = (parts(world), world.size - 1)
            func buffer() -> [T] { world.rank == root ? parts.whole(Array(0..<world.size)) { $0 } : room(parts.total) }
            var whole = buffer()
            try world.Bcast(&whole, root: root)
            try parts.check(whole) { $0 }
            whole = []
            try parts.check(try world.Ibcast(buffer(), root: root).wait()) { $0 }
        },
        Case("Scatter and Iscatter beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank) = (parts(world), world.rank)
            for root in [0, world.size - 1] {
                let whole = rank == root ? parts.whole(Array(0..<world.size)) { _ in root } : []
                var part = room(parts.lengths[rank])
                try world.Scatter(whole, into: &part, root: root)
                try parts.checkPart(part, rank, of: root)
                let request = try world.Iscatter(whole, into: room(parts.lengths[rank]), root: root)
                try parts.checkPart(try request.wait().received, rank, of: root)
            }
        },
        Case("Scatter and Iscatter in place beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank) = (parts(world), world.rank)
            for root in [0, world.size - 1] {
                var buffer = rank == root ? parts.whole(Array(0..<world.size)) { _ in root } : room(parts.lengths[rank])
                try world.Scatter(inPlace: &buffer, root: root)
                if rank == root {
                    try parts.check(buffer) { _ in root }
                } else {
                    try parts.checkPart(buffer, rank, of: root)
                }
                if rank != root { buffer = room(parts.lengths[rank]) }
                buffer = try world.Iscatter(inPlace: buffer, root: root).wait()
                if rank == root {
                    try parts.check(buffer) { _ in root }
                } else {
                    try parts.checkPart(buffer, rank, of: root)
                }
            }
        },
        Case("Gather and Igather beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank, root) = (parts(world), world.rank, world.size - 1)
            var whole = rank == root ? room(parts.total) : []
            try world.Gather(parts.part(rank, of: rank), into: &whole, root: root)
            if rank == root { try parts.check(whole) { $0 } }
            whole = rank == root ? room(parts.total) : []
            let received = try world.Igather(parts.part(rank, of: rank), into: whole, root: root).wait().received
            if rank == root { try parts.check(received) { $0 } }
        },
        Case("Allgather and Iallgather beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank) = (parts(world), world.rank)
            var whole = room(parts.total)
            try world.Allgather(parts.part(rank, of: rank), into: &whole)
            try parts.check(whole) { $0 }
            whole = []
            try parts.check(try world.Iallgather(inPlace: parts.whole([rank]) { $0 }).wait()) { $0 }
        },
        Case("Allgatherv and Iallgatherv beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank) = (parts(world), world.rank)
            var whole = room(parts.total)
            try world.Allgatherv(parts.part(rank, of: rank), into: &whole)
            try parts.check(whole) { $0 }
            whole = []
            let request = try world.Iallgatherv(parts.part(rank, of: rank), into: room(parts.total))
            try parts.check(try request.wait().received) { $0 }
        },
        Case("Allgatherv and Iallgatherv in place beyond 2³¹ bytes of \(T.self)") { world in
            let (parts, rank) = (parts(world), world.rank)
            var whole = parts.whole([rank]) { $0 }
            try world.Allgatherv(inPlace: &whole)
            try parts.check(whole) { $0 }
            whole = []
            try parts.check(try world.Iallgatherv(inPlace: parts.whole([rank]) { $0 }).wait()) { $0 }
        },
    ]
}

var largeTotalCases: [Case] { equalParts(UInt8.self) + equalParts(Double.self) }

/// Parts that C ints count, whose total they do not.
private var totals: [Case] {
    let parts = Parts<UInt8>(lengths: [(1 << 30) + 5, (1 << 30) + 4])
    return [
        case2("Gatherv beyond 2³¹ elements in total") { world in
            let rank = world.rank
            var whole = rank == 0 ? [UInt8](repeating: 0, count: parts.total) : []
            try world.Gatherv(parts.part(rank, of: rank), into: &whole)
            if rank == 0 { try parts.check(whole) { $0 } }
            whole = []
            var buffer = rank == 1 ? parts.whole([1]) { $0 } : parts.part(0, of: 0)
            try world.Gatherv(inPlace: &buffer, root: 1)
            if rank == 1 { try parts.check(buffer) { $0 } }
            buffer = []
            let room = rank == 0 ? [UInt8](repeating: 0, count: parts.total) : []
            let received = try world.Igatherv(parts.part(rank, of: rank), into: room).wait().received
            if rank == 0 { try parts.check(received) { $0 } }
        },
        case2("Scatterv beyond 2³¹ elements in total") { world in
            let rank = world.rank
            var part = [UInt8](repeating: 0, count: parts.lengths[rank])
            try world.Scatterv(rank == 0 ? parts.whole([0, 1]) { _ in 0 } : [], into: &part)
            try parts.checkPart(part, rank, of: 0)
            part = []
            var buffer = rank == 1 ? parts.whole([0, 1]) { _ in 1 } : [UInt8](repeating: 0, count: parts.lengths[0])
            try world.Scatterv(inPlace: &buffer, root: 1)
            if rank == 0 { try parts.checkPart(buffer, 0, of: 1) }
            buffer = []
            let whole = rank == 0 ? parts.whole([0, 1]) { _ in 0 } : []
            let room = [UInt8](repeating: 0, count: parts.lengths[rank])
            try parts.checkPart(try world.Iscatterv(whole, into: room).wait().received, rank, of: 0)
        },
        case2("Allgatherv beyond 2³¹ elements in total") { world in
            let rank = world.rank
            var whole = [UInt8](repeating: 0, count: parts.total)
            try world.Allgatherv(parts.part(rank, of: rank), into: &whole)
            try parts.check(whole) { $0 }
            whole = parts.whole([rank]) { $0 }
            try world.Allgatherv(inPlace: &whole)
            try parts.check(whole) { $0 }
            whole = []
            try parts.check(try world.Iallgatherv(inPlace: parts.whole([rank]) { $0 }).wait()) { $0 }
        },
        case2("Alltoallv beyond 2³¹ elements in total") { world in
            let (rank, half) = (world.rank, (1 << 30) + 4)
            let halves = Parts<UInt8>(lengths: [half, half])
            let counts = VariableCounts(halves.lengths)
            var received = [UInt8](repeating: 0, count: halves.total)
            try world.Alltoallv(halves.whole([0, 1]) { _ in rank }, into: &received)
            try halves.check(received, of: { $0 }, named: { _ in rank })
            received = []
            let room = [UInt8](repeating: 0, count: halves.total)
            let request = try world.Ialltoallv(
                halves.whole([0, 1]) { _ in rank }, sendCounts: counts, into: room, recvCounts: counts)
            try halves.check(try request.wait().received, of: { $0 }, named: { _ in rank })
        },
        case2("Alltoallv in place beyond 2³¹ elements in total") { world in
            let (rank, half) = (world.rank, (1 << 30) + 4)
            let halves = Parts<UInt8>(lengths: [half, half])
            var whole = halves.whole([0, 1]) { _ in rank }
            try world.Alltoallv(inPlace: &whole, counts: VariableCounts(halves.lengths))
            try halves.check(whole, of: { $0 }, named: { _ in rank })
        },
        case2("neighborhood collectives beyond 2³¹ elements in total") { world in
            let (rank, half) = (world.rank, (1 << 30) + 4)
            let halves = Parts<UInt8>(lengths: [half, half])
            let other = 1 - rank
            // What goes below arrives from above.
            let ring = try world.cartesian(dimensions: [2], periodic: [true])!
            var received = [UInt8](repeating: 0, count: halves.total)
            try ring.Neighbor_alltoallv(halves.whole([0, 1]) { _ in rank }, into: &received)
            try halves.check(received, of: { _ in other }, named: { 1 - $0 })
            received = []
            let graph = try world.distributedGraph(sources: [0, 1], destinations: [0, 1])
            received = [UInt8](repeating: 0, count: halves.total)
            try graph.Neighbor_alltoallv(halves.whole([0, 1]) { _ in rank }, into: &received)
            try halves.check(received, of: { $0 }, named: { _ in rank })
        },
    ]
}

/// A part that no C int counts.
private var singleParts: [Case] {
    let parts = Parts<UInt8>(lengths: [5, boundary + 8])
    let counts = VariableCounts(parts.lengths)
    return [
        case2("Allgatherv with a part beyond 2³¹ elements, Iallgatherv too or an error on both ranks") { world in
            let rank = world.rank
            var whole = [UInt8](repeating: 0, count: parts.total)
            try world.Allgatherv(parts.part(rank, of: rank), into: &whole, counts: counts)
            try parts.check(whole) { $0 }
            whole = parts.whole([rank]) { $0 }
            try world.Allgatherv(inPlace: &whole, counts: counts)
            try parts.check(whole) { $0 }
            whole = []
            try works {
                let whole = parts.whole([rank]) { $0 }
                try parts.check(try world.Iallgatherv(inPlace: whole, counts: counts).wait()) { $0 }
            }
            try works {
                let room = [UInt8](repeating: 0, count: parts.total)
                let request = try world.Iallgatherv(parts.part(rank, of: rank), into: room, counts: counts)
                try parts.check(try request.wait().received) { $0 }
            }
        },
        case2("Gatherv with a part beyond 2³¹ elements, or an error on its rank and the root") { world in
            let rank = world.rank
            var whole = rank == 0 ? [UInt8](repeating: 0, count: parts.total) : []
            try works {
                try world.Gatherv(parts.part(rank, of: rank), into: &whole, counts: counts)
                if rank == 0 { try parts.check(whole) { $0 } }
            }
            whole = rank == 0 ? parts.whole([0]) { $0 } : parts.part(1, of: 1)
            try works {
                try world.Gatherv(inPlace: &whole, counts: counts)
                if rank == 0 { try parts.check(whole) { $0 } }
            }
            try works {
                let request = try world.Igatherv(inPlace: whole, counts: counts)
                whole = []
                let received = try request.wait()
                if rank == 0 { try parts.check(received) { $0 } }
            }
        },
        case2("Scatterv with a part beyond 2³¹ elements, or an error on its rank and the root") { world in
            let rank = world.rank
            var part = [UInt8](repeating: 0, count: parts.lengths[rank])
            try works {
                try world.Scatterv(rank == 0 ? parts.whole([0, 1]) { _ in 0 } : [], into: &part, counts: counts)
                try parts.checkPart(part, rank, of: 0)
            }
            part = rank == 0 ? parts.whole([0, 1]) { _ in 0 } : [UInt8](repeating: 0, count: parts.lengths[1])
            try works {
                try world.Scatterv(inPlace: &part, counts: counts)
                if rank == 1 { try parts.checkPart(part, 1, of: 0) }
            }
        },
        case2("Alltoallv with a part beyond 2³¹ elements, or an error on its two ranks") { world in
            // Rank 0 sends a byte to itself and much to rank 1, which sends a byte to each.
            let rank = world.rank
            let (sent, received) = (
                rank == 0 ? [1, boundary + 8] : [1, 1], rank == 0 ? [1, 1] : [boundary + 8, 1]
            )
            let (whole, room) = (Parts<UInt8>(lengths: sent), Parts<UInt8>(lengths: received))
            try works {
                var bytes = [UInt8](repeating: 0, count: room.total)
                try world.Alltoallv(
                    whole.whole([0, 1]) { _ in rank }, sendCounts: VariableCounts(sent), into: &bytes,
                    recvCounts: VariableCounts(received))
                try expect(bytes[0], equals: UInt8(1 + 50 * rank))
                try expect(bytes.last, equals: UInt8(101 + 50 * rank))
                let last = UInt8(truncatingIfNeeded: 1 + 50 + (boundary + 7) % 47)
                if rank == 1 { try expect(bytes[boundary + 7], equals: last) }
            }
        },
    ]
}

/// Few elements, far apart. What lies between them is never touched, so that it takes no memory.
private var distances: [Case] {
    /// Zeros, of which only a page is touched.
    func untouched(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { $1 = count }
    }
    return [
        case2("Gatherv and Scatterv of parts that lie 2³² − 1 elements apart") { world in
            let counts = VariableCounts([1, 1], displacements: [3, 3 + (1 << 32) - 1])
            var far = world.rank == 0 ? untouched(counts.extent) : []
            try world.Gatherv([UInt8(7 + world.rank)], into: &far, counts: counts)
            if world.rank == 0 { try expect([far[3], far[3 + (1 << 32) - 1]], equals: [7, 8]) }
            var part: [UInt8] = [0]
            try world.Scatterv(far, into: &part, counts: counts)
            try expect(part, equals: [UInt8(7 + world.rank)])
        },
        case2("Gatherv of parts that lie 2³² elements apart, or an error on the root") { world in
            // What the other rank sends is never received where the root throws.
            let comm = try ownCommunicator(world)
            let counts = VariableCounts([1, 1], displacements: [0, 1 << 32])
            var far = world.rank == 0 ? untouched(counts.extent) : []
            func gather() throws { try comm.Gatherv([UInt8(7 + world.rank)], into: &far, counts: counts) }
            if world.rank == 1 { return try gather() }
            try works {
                try gather()
                try expect([far[0], far[1 << 32]], equals: [7, 8])
            }
        },
        case2("Allgatherv in place of parts that lie far apart on one rank only") { world in
            let far = (1 << 31) - 1 + world.rank
            let counts = VariableCounts([1, 1], displacements: [0, far])
            var whole = untouched(counts.extent)
            whole[world.rank == 0 ? 0 : far] = UInt8(7 + world.rank)
            try world.Allgatherv(inPlace: &whole, counts: counts)
            try expect([whole[0], whole[far]], equals: [7, 8])
        },
        case2("Alltoallw and Neighbor_alltoallw of parts that lie beyond 2³¹ bytes") { world in
            let places = [1 << 32, 3]
            let layouts = try VariableLayouts<UInt8>(places.map { .init(at: $0) })
            var far = untouched((1 << 32) + 1)
            let near = try VariableLayouts<UInt8>([.init(at: 0), .init(at: 1)])
            (far[1 << 32], far[3]) = (UInt8(10 * world.rank + 1), UInt8(10 * world.rank + 2))
            var received: [UInt8] = [0, 0]
            try world.Alltoallw(far, sendLayouts: layouts, into: &received, recvLayouts: near)
            try expect(received, equals: [UInt8(1 + world.rank), UInt8(11 + world.rank)])
            let graph = try world.distributedGraph(sources: [0, 1], destinations: [0, 1])
            try graph.Neighbor_alltoallw(received, sendLayouts: near, into: &far, recvLayouts: layouts)
            try expect(
                [far[1 << 32], far[3]], equals: [UInt8(1 + 10 * world.rank), UInt8(2 + 10 * world.rank)])
        },
    ]
}

var largeCountCases: [Case] { totals + singleParts + distances }

/// A communicator on which messages may be left behind. It is never freed: in Open MPI the next one would take its
/// place, and get the messages.
private func ownCommunicator(_ world: Communicator) throws -> Communicator {
    let communicator = try world.dup()
    abandoned.append(communicator)
    return communicator
}

nonisolated(unsafe) private var abandoned: [Communicator] = []
