import SwiftMPI

var interCommunicatorCases: [Case] {
    [
        Case("sides, ranks and groups") { world in
            try withHalves(of: world) { half, inter in
                try expect([inter.rank, inter.size], equals: [half.rank, half.size])
                try expect(inter.remoteSize, equals: world.size - half.size)
                try expect(inter.peerCount, equals: inter.remoteSize)
                try expect(try inter.group == half.group)
                try expect(try inter.remoteGroup == world.group.subtracting(half.group))
                try expect(half.peerCount, equals: half.size)
            }
        },
        Case("messages go to the rank of the other side") { world in
            try withHalves(of: world) { _, inter in
                // Every rank sends to every rank of the other side; the lower side first.
                let first = world.rank < world.size / 2
                func send() throws {
                    for peer in 0..<inter.remoteSize { try inter.send([world.rank, peer], dest: peer, tag: 4) }
                }
                func receive() throws {
                    for peer in 0..<inter.remoteSize {
                        let (message, status) = try inter.recvWithStatus([Int].self, source: peer, tag: 4)
                        try expect(message, equals: [try otherRanks(inter, world)[peer], inter.rank])
                        try expect(status.source, equals: peer)
                    }
                }
                if first { try send() } else { try receive() }
                if first { try receive() } else { try send() }
            }
        },
        Case("typed messages, from any source") { world in
            try withHalves(of: world) { _, inter in
                if inter.rank == 0 {
                    var received = [0.0]
                    let status = try inter.Sendrecv([Double(world.rank)], dest: 0, into: &received, source: 0)
                    try expect(status.source, equals: 0)
                    try expect(received, equals: [world.rank == 0 ? Double(inter.size) : 0])
                }
                if inter.rank == 0 { try inter.Send([1, 2], dest: MPI.procNull) }
            }
        },
        Case("only ranks of the other side are partners") { world in
            try withHalves(of: world) { _, inter in
                for rank in [inter.remoteSize, -7, Int.max] {
                    try expectRefused(.rank) { try inter.send(1, dest: rank) }
                    try expectRefused(.rank) { _ = try inter.recv(Int.self, source: rank) }
                    try expectThrow {
                        try inter.Send([1], dest: rank)
                    } where: { error in
                        try expect("\(error)".contains("0..<\(inter.remoteSize)"), "\(error)")
                    }
                }
            }
        },
        Case("broadcasts go from one rank to all of the other side") { world in
            try forEachRoot(of: world) { inter, root, isRootSide, rootRank in
                var value = root == MPI.root ? 100 + rootRank : -1
                try inter.Bcast(&value, root: root)
                try expect(value, equals: isRootSide && root != MPI.root ? -1 : 100 + rootRank)
            }
        },
        Case("each side reduces what the other contributes") { world in
            try withHalves(of: world) { half, inter in
                try inter.Barrier()
                let all = world.ranks.reduce(0, +)
                let mine = try half.Allreduce(world.rank, op: .sum)
                try expect(try inter.Allreduce(world.rank, op: .sum), equals: all - mine)
            }
        },
        Case("gathering and scattering between a root and the other side") { world in
            try forEachRoot(of: world) { inter, root, isRootSide, _ in
                // The root's own part is not part of the whole: it only says how large the others' are.
                let isRoot = root == MPI.root
                var whole = [Int](repeating: -1, count: isRoot ? 2 * inter.remoteSize : 0)
                try inter.Gather([world.rank, inter.rank], into: &whole, root: root)
                if isRoot { try expect(whole, equals: try otherRanks(inter, world).enumerated().flatMap { [$1, $0] }) }

                var part = [-1]
                try inter.Scatter(isRoot ? (0..<inter.remoteSize).map { 7 * $0 } : [], into: &part, root: root)
                try expect(part, equals: isRootSide ? [-1] : [7 * inter.rank])

                // Parts of different sizes: rank r has r + 1 elements.
                let counts = isRoot ? VariableCounts(1...inter.remoteSize) : nil
                let extent = counts?.extent ?? 0
                var varied = [Int](repeating: -1, count: extent)
                let own = [Int](repeating: inter.rank, count: inter.rank + 1)
                try inter.Gatherv(isRootSide ? [] : own, into: &varied, counts: counts, root: root)
                if isRoot {
                    let expected = (0..<inter.remoteSize).flatMap { [Int](repeating: $0, count: $0 + 1) }
                    try expect(varied, equals: expected)
                }
                var back = [Int](repeating: -1, count: isRootSide ? 0 : inter.rank + 1)
                try inter.Scatterv(varied, into: &back, counts: counts, root: root)
                try expect(back, equals: isRootSide ? [] : own)
            }
        },
        Case("reducing the other side to one root") { world in
            try forEachRoot(of: world) { inter, root, _, _ in
                let sum = try inter.Reduce(world.rank, op: .sum, root: root)
                try expect(sum, equals: root == MPI.root ? try otherRanks(inter, world).reduce(0, +) : nil)
                var array = [0, 0]
                try inter.Reduce([1, inter.rank], into: &array, op: .max, root: root)
                try expect(array, equals: root == MPI.root ? [1, inter.remoteSize - 1] : [0, 0])
            }
        },
        Case("allgather and alltoall give each side the other's parts") { world in
            try withHalves(of: world) { _, inter in
                let others = try otherRanks(inter, world)
                var all = [Int](repeating: -1, count: inter.remoteSize)
                try inter.Allgather([world.rank], into: &all)
                try expect(all, equals: others)
                try inter.Alltoall((0..<inter.remoteSize).map { 100 * world.rank + $0 }, into: &all)
                try expect(all, equals: others.map { 100 * $0 + inter.rank })
            }
        },
        Case("reduce_scatter shares the other side's sum among this side") { world in
            try withHalves(of: world) { half, inter in
                // As many elements on both sides: rank r of a side gets a part of it.
                let whole = (0..<inter.size * inter.remoteSize).map { $0 + world.rank }
                let others = try otherRanks(inter, world)
                var part = [Int](repeating: -1, count: inter.remoteSize)
                try inter.Reduce_scatter(
                    whole, into: &part, counts: VariableCounts(half.ranks.map { _ in inter.remoteSize }),
                    op: .sum)
                let first = inter.rank * inter.remoteSize
                try expect(
                    part, equals: (0..<inter.remoteSize).map { (first + $0) * others.count + others.reduce(0, +) })
                var tooSmall = Array(part.dropLast())
                try expectRefused(.count) {
                    try inter.Reduce_scatter(
                        whole, into: &tooSmall, counts: VariableCounts(half.ranks.map { _ in inter.remoteSize }),
                        op: .sum)
                }
            }
        },
        Case("buffers of the wrong size are refused before the other side is involved") { world in
            try withHalves(of: world) { _, inter in
                var tooSmall = [Int](repeating: 0, count: inter.remoteSize - 1)
                try expectRefused(.count) { try inter.Gather([1], into: &tooSmall, root: MPI.root) }
                try expectRefused(.count) { try inter.Allgather([1], into: &tooSmall) }
                var part = [0]
                try expectRefused(.count) { try inter.Scatter(tooSmall, into: &part, root: MPI.root) }
            }
        },
        Case("bad roots are refused, and the special ones belong to inter-communicators") { world in
            var value = 1
            try expectRefused(.root) { try world.Bcast(&value, root: MPI.root) }
            try expectRefused(.root) { try world.Bcast(&value, root: MPI.procNull) }
            try withHalves(of: world) { _, inter in
                let allowed = [MPI.root, MPI.procNull]
                for root in [inter.remoteSize, -1, -2, -3, -4, -5, Int.min] where !allowed.contains(root) {
                    try expectRefused(.root) { try inter.Bcast(&value, root: root) }
                }
            }
        },
        Case("merging gives one communicator, the high side last") { world in
            try withHalves(of: world) { half, inter in
                let isUpper = world.rank >= world.size / 2
                let merged = try inter.merge(high: isUpper)
                try expect([merged.rank, merged.size], equals: [world.rank, world.size])
                try expect(try merged.compare(with: world), equals: .congruent)
                let swapped = try inter.merge(high: !isUpper)
                try expect(swapped.rank, equals: isUpper ? half.rank : half.rank + inter.remoteSize)
                try expect(try swapped.Allreduce(1, op: .sum), equals: world.size)
            }
        },
        Case("a duplicate is an inter-communicator") { world in
            try withHalves(of: world) { _, inter in
                let other: InterCommunicator = try inter.dup()
                try expect(try inter.compare(with: other), equals: .congruent)
                try expect(other.remoteSize, equals: inter.remoteSize)
                try expect(try other.Allreduce(1, op: .sum), equals: other.remoteSize)
            }
        },
        Case("splitting both sides") { world in
            try withHalves(of: world) { _, inter in
                let whole: InterCommunicator = try inter.split(color: 42, key: 42)!
                try expect([whole.rank, whole.size], equals: [inter.rank, inter.size])
                try expect(whole.remoteSize, equals: inter.remoteSize)
                // One rank of each side; the last of the larger side has no partner.
                let pair = try inter.split(color: inter.rank)
                try expect((pair != nil) == (inter.rank < inter.remoteSize))
                if let pair {
                    try expect([pair.rank, pair.size, pair.remoteSize], equals: [0, 1, 1])
                    let lower = world.size / 2
                    let partner = world.rank < lower ? world.rank + lower : world.rank - lower
                    try expect(try pair.Allreduce(world.rank, op: .sum), equals: partner)
                }
            }
        },
        Case("some of both sides") { world in
            try withHalves(of: world) { _, inter in
                let leaders = try inter.create(group: inter.group.including([0]))
                try expect((leaders != nil) == (inter.rank == 0))
                try expect(leaders?.remoteSize ?? 1, equals: 1)
            }
        },
        Case("leaders of any rank, through any communicator of both") { world in
            let isUpper = world.rank >= world.size / 2
            if world.size == 1 { return }
            let half = try world.split(color: isUpper ? 1 : 0)!
            let peer = try world.dup()
            // The last of each side leads.
            let remoteLeader = isUpper ? world.size / 2 - 1 : world.size - 1
            let inter = try half.createInter(
                localLeader: half.size - 1, peer: peer, remoteLeader: remoteLeader, tag: 12)
            try expect(inter.remoteSize, equals: world.size - half.size)
        },
        Case("leaders outside, a leader of both sides, and bad tags are refused") { world in
            let own = try MPI.ownCommunicator()
            try expectRefused(.rank) { _ = try own.createInter(localLeader: 1, peer: world, remoteLeader: 0) }
            try expectRefused(.rank) { _ = try own.createInter(localLeader: -1, peer: world, remoteLeader: 0) }
            for leader in [world.size, -1, Int.max, MPI.procNull, world.rank] {
                try expectRefused(.rank) { _ = try own.createInter(peer: world, remoteLeader: leader) }
            }
            if world.size > 1 {
                let other = (world.rank + 1) % world.size
                try expectRefused(.tag) {
                    _ = try own.createInter(peer: world, remoteLeader: other, tag: -1)
                }
            }
        },
        Case("what MPI has only for one group is refused") { world in
            try withHalves(of: world) { half, inter in
                let refused: [() throws -> Any?] = [
                    { try inter.createInter(peer: world, remoteLeader: 0) }, { try inter.createGroup(inter.group) },
                    { try inter.splitBySharedMemory() }, { try inter.cartesian(dimensions: [1]) },
                    { try inter.graph(adjacency: []) }, { try inter.distributedGraph(edges: []) },
                    { try inter.distributedGraph(sources: [], destinations: []) },
                    { try inter.rankOnCartesian(dimensions: [1]) }, { try inter.rankOnGraph(adjacency: []) },
                ]
                for call in refused { try expectRefused(.communicator) { _ = try call() } }
                try expectRefused(.group) { _ = try inter.create(group: inter.remoteGroup) }
            }
        },
        Case("the lowercase collectives are for one group") { world in
            try withHalves(of: world) { _, inter in
                func sum(_ one: Int, _ other: Int) -> Int { one + other }
                try expectRefused(.communicator) { _ = try inter.bcast(1, root: MPI.root) }
                try expectRefused(.communicator) { _ = try inter.gather(1, root: MPI.root) }
                try expectRefused(.communicator) { _ = try inter.scatter([1], root: MPI.root) }
                try expectRefused(.communicator) { _ = try inter.allgather(1) }
                try expectRefused(.communicator) { _ = try inter.reduce(1, root: 0, sum) }
                try expectRefused(.communicator) { _ = try inter.allreduce(1, sum) }
            }
        },
        Case("a failed call throws and ends nothing, also when merged") { world in
            try withHalves(of: world) { _, inter in
                if inter.rank == 0 {
                    if world.rank == 0 { return try inter.Send([1, 2, 3], dest: 0) }
                    var room = [0]
                    try expectRefused(.truncated) { try inter.Recv(into: &room, source: 0) }
                }
            }
            try withHalves(of: world) { _, inter in
                let merged = try inter.merge(high: world.rank >= world.size / 2)
                if merged.rank == 0 { try merged.Send([1, 2, 3], dest: 1) }
                if merged.rank == 1 {
                    var room = [0]
                    try expectRefused(.truncated) { try merged.Recv(into: &room, source: 0) }
                }
            }
        },
    ]
}

/// Gives `body` the lower or the upper half of the ranks, and the inter-communicator of both. One rank alone has none.
private func withHalves(
    of world: Communicator, _ body: (_ half: Communicator, _ inter: InterCommunicator) throws -> Void
) throws {
    if world.size == 1 { return }
    let isUpper = world.rank >= world.size / 2
    let half = try world.split(color: isUpper ? 1 : 0)!
    try body(half, try half.createInter(peer: world, remoteLeader: isUpper ? 0 : world.size / 2, tag: 1))
}

/// Gives `body`, for every rank of either half, what a collective call rooted there has as the root on this rank,
/// whether this rank is on the root's side, and the root's rank there.
private func forEachRoot(
    of world: Communicator,
    _ body: (_ inter: InterCommunicator, _ root: Int, _ isRootSide: Bool, _ rootRank: Int) throws -> Void
) throws {
    try withHalves(of: world) { _, inter in
        for rootIsLower in [true, false] {
            let isRootSide = (world.rank < world.size / 2) == rootIsLower
            for rootRank in 0..<(isRootSide ? inter.size : inter.remoteSize) {
                let root = isRootSide ? (inter.rank == rootRank ? MPI.root : MPI.procNull) : rootRank
                try body(inter, root, isRootSide, rootRank)
            }
        }
    }
}

/// The other side's ranks in `world`.
private func otherRanks(_ inter: InterCommunicator, _ world: Communicator) throws -> [Int] {
    try inter.remoteGroup.translate(0..<inter.remoteSize, to: world.group).map { $0! }
}
