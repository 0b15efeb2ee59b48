import SwiftMPI

// Calls where MPI is not running: on what was kept of a run that is over, and such that need nothing. Each is refused;
// MPI itself would end the process.

/// What outlives a run, of every kind.
struct Kept {
    let world: Communicator
    let grid: CartesianCommunicator
    let graph: DistributedGraphCommunicator
    let inter: InterCommunicator?
    let group: Group
    let key: AttributeKey<Int>
    let layout: Layout<Double>
    let element: Layout<Weighted>
    let operation: ReductionOperation<Double>
    let status: Status
    let error: MPIError

    init(_ world: Communicator) throws {
        self.world = try world.dup()
        grid = try world.cartesian(dimensions: [world.size])!
        let ring = ringNeighbors(world)
        graph = try world.distributedGraph(sources: [ring.left], destinations: [ring.right])
        let half = try world.split(color: world.rank % 2)!
        inter =
            world.size == 1
            ? nil : try half.createInter(peer: world, remoteLeader: 1 - world.rank % 2)
        group = try world.group
        key = try AttributeKey()
        layout = try .contiguous(2)
        element = .element
        operation = try ReductionOperation { $0 + $1 }
        var received = [Weighted()]
        status = try world.Sendrecv([Weighted()], dest: world.rank, into: &received, source: world.rank)
        do {
            try world.Send([1.0], dest: world.size)
            throw Unmet(description: "a rank outside")
        } catch let error as MPIError {
            self.error = error
        }
    }
}

struct Weighted: MPIStructure {
    var place = SIMD3<Double>.zero
    var id: Int32 = 0
    static var mpiFields: MPIFields<Self> { MPIFields(\.place, \.id) }
}

/// Calls that need nothing from a run.
var callsOfNothing: [(String, () throws -> Void)] {
    [
        ("ownCommunicator", { _ = try MPI.ownCommunicator() }),
        ("Group.empty", { _ = try Group.empty }),
        ("tagUpperBound", { _ = try MPI.tagUpperBound }),
        ("universeSize", { _ = try MPI.universeSize }),
        ("launchInfo", { _ = try MPI.launchInfo }),
        ("threadLevel", { _ = try MPI.threadLevel }),
        ("isMainThread", { _ = try MPI.isMainThread }),
        ("AttributeKey", { _ = try AttributeKey<Int>() }),
        ("Layout.contiguous", { _ = try Layout<Double>.contiguous(3) }),
        ("Layout.contiguous of structures", { _ = try Layout<Weighted>.contiguous(3) }),
        ("Layout.vector", { _ = try Layout<Double>.vector(count: 2, stride: 3) }),
        ("Layout.indexed", { _ = try Layout<Double>.indexed(lengths: [1], displacements: [2]) }),
        ("Layout.indexed blocks", { _ = try Layout<Double>.indexed(displacements: [2]) }),
        ("Layout.subarray", { _ = try Layout<Double>.subarray(sizes: [3], subsizes: [1], starts: [1]) }),
        ("Layout.resized", { _ = try Layout<Double>.element.resized(extent: 2) }),
        ("Layout.dup", { _ = try Layout<Double>.element.dup() }),
        ("selecting", { _ = try [1.0].selecting(.element) }),
        ("Pack_external_size", { _ = try MPI.Pack_external_size([1.0]) }),
        (
            "Pack_external",
            {
                var bytes: [UInt8] = []; try MPI.Pack_external([Weighted()], into: &bytes)
            }
        ),
        (
            "Unpack_external",
            {
                var (position, room) = (0, [1.0])
                try MPI.Unpack_external([UInt8](repeating: 0, count: 8), position: &position, into: &room)
            }
        ),
        ("withAttachedBuffer", { try MPI.withAttachedBuffer(byteCount: 1000) {} }),
        (
            "combine",
            {
                var sum = [1.0]; try ReductionOperation.sum.combine([1.0], into: &sum)
            }
        ),
        ("ReductionOperation", { _ = try ReductionOperation<Double> { $0 + $1 } }),
        ("ReductionOperation of structures", { _ = try ReductionOperation<Weighted> { $1 } }),
        ("isCommutative", { _ = try ReductionOperation<Double>.sum.isCommutative }),
    ]
}

extension Kept {
    /// Calls on what was kept.
    var calls: [(String, () throws -> Void)] {
        onCommunicators + uppercaseCollectives + lowercaseCalls + onTopologies
    }

    private var onCommunicators: [(String, () throws -> Void)] {
        [
            ("Send", { try world.Send([1.0], dest: 0) }),
            ("Send of structures", { try world.Send([Weighted()], dest: 0) }),
            ("Send of a selection", { try world.Send([1.0, 2].selecting(layout), dest: 0) }),
            ("Ssend", { try world.Ssend([1.0], dest: 0) }),
            ("Rsend", { try world.Rsend([1.0], dest: 0) }),
            ("Bsend", { try world.Bsend([1.0], dest: 0) }),
            (
                "Recv",
                {
                    var room = [1.0]; try world.Recv(into: &room)
                }
            ),
            (
                "Sendrecv",
                {
                    var room = [1.0]; try world.Sendrecv([1.0], dest: 0, into: &room, source: 0)
                }
            ),
            ("Isend", { _ = try world.Isend([1.0], dest: 0).wait() }),
            ("Issend", { _ = try world.Issend([1.0], dest: 0).wait() }),
            ("Irsend", { _ = try world.Irsend([1.0], dest: 0).wait() }),
            ("Ibsend", { _ = try world.Ibsend([1.0], dest: 0).wait() }),
            ("Irecv", { _ = try world.Irecv(into: [1.0]).wait() }),
            (
                "Send_init",
                {
                    var room = [1.0]; _ = try world.Send_init(room.mutableSpan, dest: 0)
                }
            ),
            (
                "Recv_init",
                {
                    var room = [1.0]; _ = try world.Recv_init(into: room.mutableSpan)
                }
            ),
            ("Probe", { _ = try world.Probe() }),
            ("Iprobe", { _ = try world.Iprobe() }),
            (
                "Mprobe",
                {
                    var room = [1.0]; try world.Mprobe().Recv(into: &room)
                }
            ),
            (
                "Improbe",
                {
                    var room = [1.0]; _ = try world.Improbe()?.Recv(into: &room)
                }
            ),
            ("dup", { _ = try world.dup() }),
            ("dup(info:)", { _ = try world.dup(info: ["key": "value"]) }),
            ("idup", { _ = try world.idup().wait() }),
            ("split", { _ = try world.split(color: 0) }),
            ("create", { _ = try world.create(group: group) }),
            ("createGroup", { _ = try world.createGroup(group) }),
            ("splitBySharedMemory", { _ = try world.splitBySharedMemory() }),
            ("createInter", { _ = try world.createInter(peer: world, remoteLeader: 0) }),
            ("compare", { _ = try world.compare(with: world) }),
            ("group", { _ = try world.group }),
            ("name", { _ = try world.name }),
            ("setName", { try world.setName("name") }),
            ("info", { _ = try world.info }),
            ("setInfo", { try world.setInfo(["key": "value"]) }),
            ("attribute", { _ = try world.attribute(for: key) }),
            ("setAttribute", { try world.setAttribute(1, for: key) }),
            ("removeAttribute", { try world.removeAttribute(for: key) }),
            (
                "Pack",
                {
                    var bytes: [UInt8] = []; try world.Pack([1.0], into: &bytes)
                }
            ),
            ("Pack_size", { _ = try world.Pack_size([1.0]) }),
            (
                "Unpack",
                {
                    var (position, room) = (0, [1.0])
                    try world.Unpack([UInt8](repeating: 0, count: 8), position: &position, into: &room)
                }
            ),
            ("Group.union", { _ = try group.union(group) }),
            ("Group.intersection", { _ = try group.intersection(group) }),
            ("Group.subtracting", { _ = try group.subtracting(group) }),
            ("Group.compare", { _ = try group.compare(with: group) }),
            ("Group.including", { _ = try group.including([0]) }),
            ("Group.excluding", { _ = try group.excluding([0]) }),
            ("Group.including(ranges:)", { _ = try group.including(ranges: [(0, 0, 1)]) }),
            ("Group.excluding(ranges:)", { _ = try group.excluding(ranges: [(0, 0, 1)]) }),
            ("Group.translate", { _ = try group.translate([0], to: group) }),
            ("Layout.contiguous of a layout", { _ = try Layout.contiguous(2, of: layout) }),
            ("Layout.contiguous of an element", { _ = try Layout.contiguous(2, of: element) }),
            (
                "operation of one's own",
                {
                    var sum = [1.0]; try operation.combine([1.0], into: &sum)
                }
            ),
        ]
            + (inter.map { inter in
                [
                    ("merge", { _ = try inter.merge(high: false) }), ("remoteGroup", { _ = try inter.remoteGroup }),
                    ("split of an inter-communicator", { _ = try inter.split(color: 0) }),
                ]
            } ?? [])
    }

    private var uppercaseCollectives: [(String, () throws -> Void)] {
        let parts = [Double](repeating: 1, count: world.size)
        let counts = VariableCounts(parts.map { _ in 1 })
        return [
            ("Barrier", { try world.Barrier() }),
            ("Ibarrier", { try world.Ibarrier().wait() }),
            (
                "Bcast",
                {
                    var value = [1.0]; try world.Bcast(&value)
                }
            ),
            (
                "Bcast of a value",
                {
                    var value = 1.0; try world.Bcast(&value)
                }
            ),
            ("Ibcast", { _ = try world.Ibcast([1.0]).wait() }),
            (
                "Reduce",
                {
                    var sum = [1.0]; try world.Reduce([1.0], into: &sum, op: .sum)
                }
            ),
            (
                "Reduce in place",
                {
                    var sum = [1.0]; try world.Reduce(inPlace: &sum, op: .sum)
                }
            ),
            ("Reduce of a value", { _ = try world.Reduce(1, op: .sum) }),
            (
                "Allreduce",
                {
                    var sum = [1.0]; try world.Allreduce([1.0], into: &sum, op: .sum)
                }
            ),
            (
                "Allreduce in place",
                {
                    var sum = [1.0]; try world.Allreduce(inPlace: &sum, op: .sum)
                }
            ),
            ("Allreduce of a value", { _ = try world.Allreduce(1, op: .sum) }),
            ("Allreduce of one's own", { _ = try world.Allreduce(1, op: operation) }),
            ("Iallreduce", { _ = try world.Iallreduce(inPlace: [1.0], op: .sum).wait() }),
            ("Scan", { _ = try world.Scan(1, op: .sum) }),
            (
                "Scan in place",
                {
                    var sum = [1.0]; try world.Scan(inPlace: &sum, op: .sum)
                }
            ),
            ("Exscan", { _ = try world.Exscan(1, op: .sum) }),
            (
                "Exscan in place",
                {
                    var sum = [1.0]; try world.Exscan(inPlace: &sum, op: .sum)
                }
            ),
            (
                "Reduce_scatter_block",
                {
                    var part = [1.0]; try world.Reduce_scatter_block(parts, into: &part, op: .sum)
                }
            ),
            (
                "Reduce_scatter",
                {
                    var part = [1.0]; try world.Reduce_scatter(parts, into: &part, counts: counts, op: .sum)
                }
            ),
            (
                "Gather",
                {
                    var whole = parts; try world.Gather([1.0], into: &whole)
                }
            ),
            (
                "Gatherv",
                {
                    var whole = parts; try world.Gatherv([1.0], into: &whole, counts: counts)
                }
            ),
            (
                "Allgather",
                {
                    var whole = parts; try world.Allgather([1.0], into: &whole)
                }
            ),
            (
                "Allgather in place",
                {
                    var whole = parts; try world.Allgather(inPlace: &whole)
                }
            ),
            (
                "Allgatherv",
                {
                    var whole = parts; try world.Allgatherv([1.0], into: &whole, counts: counts)
                }
            ),
            (
                "Allgatherv in place",
                {
                    var whole = parts; try world.Allgatherv(inPlace: &whole, counts: counts)
                }
            ),
            (
                "Scatter",
                {
                    var part = [1.0]; try world.Scatter(parts, into: &part)
                }
            ),
            (
                "Scatterv",
                {
                    var part = [1.0]; try world.Scatterv(parts, into: &part, counts: counts)
                }
            ),
            (
                "Alltoall",
                {
                    var whole = parts; try world.Alltoall(parts, into: &whole)
                }
            ),
            (
                "Alltoall in place",
                {
                    var whole = parts; try world.Alltoall(inPlace: &whole)
                }
            ),
            (
                "Alltoallv",
                {
                    var whole = parts; try world.Alltoallv(parts, into: &whole)
                }
            ),
            (
                "Alltoallv in place",
                {
                    var whole = parts; try world.Alltoallv(inPlace: &whole, counts: counts)
                }
            ),
            ("Ialltoallv", { _ = try world.Ialltoallv(parts, into: parts).wait() }),
            ("counts", { _ = try world.counts(1) }),
        ]
    }

    private var lowercaseCalls: [(String, () throws -> Void)] {
        let objects = Array(0..<world.size)
        return [
            ("send", { try world.send(1, dest: 0) }),
            ("ssend", { try world.ssend(1, dest: 0) }),
            ("bsend", { try world.bsend(1, dest: 0) }),
            ("recv", { _ = try world.recv(Int.self) }),
            ("sendrecv", { _ = try world.sendrecv(1, dest: 0) }),
            ("isend", { try world.isend(1, dest: 0).wait() }),
            ("ibsend", { try world.ibsend(1, dest: 0).wait() }),
            ("issend", { try world.issend(1, dest: 0).wait() }),
            ("mprobe", { _ = try world.mprobe() }),
            ("barrier", { try world.barrier() }),
            ("bcast", { _ = try world.bcast(1) }),
            ("gather", { _ = try world.gather(1) }),
            ("allgather", { _ = try world.allgather(1) }),
            ("scatter", { _ = try world.scatter(objects) }),
            ("alltoall", { _ = try world.alltoall(objects) }),
            ("reduce", { _ = try world.reduce(1, +) }),
            ("allreduce", { _ = try world.allreduce(1, +) }),
            ("scan", { _ = try world.scan(1, +) }),
            ("exscan", { _ = try world.exscan(1, +) }),
            ("together", { try world.failingTogether {} }),
        ]
    }

    private var onTopologies: [(String, () throws -> Void)] {
        let edges = grid.neighbors.sources.count
        let room = [Double](repeating: 1, count: edges)
        return [
            ("cartesian", { _ = try world.cartesian(dimensions: [1]) }),
            ("distributedGraph", { _ = try world.distributedGraph(sources: [], destinations: []) }),
            ("coordinates", { _ = try grid.coordinates }),
            ("rank(at:)", { _ = try grid.rank(at: [0]) }),
            ("shift", { _ = try grid.shift(axis: 0) }),
            ("sub", { _ = try grid.sub(keeping: [true]) }),
            (
                "Neighbor_allgather",
                {
                    var all = room; try grid.Neighbor_allgather([1.0], into: &all)
                }
            ),
            (
                "Neighbor_alltoall",
                {
                    var all = room; try grid.Neighbor_alltoall(room, into: &all)
                }
            ),
            (
                "Neighbor_alltoall of a graph",
                {
                    var all = [1.0]; try graph.Neighbor_alltoall([1.0], into: &all)
                }
            ),
        ]
    }
}

/// Makes calls before and after a run, and tells on standard output which of them were not refused as they should be.
func outsideRun() throws {
    let start = MPI.wallTime
    refuse(callsOfNothing)
    askWithoutMPI(after: start)
    let kept = try MPI.run { world in
        if MPI.wallTime < start || MPI.wallTime > start + 600 { print("the clock is another one inside") }
        return try Kept(world)
    }
    refuse(callsOfNothing + kept.calls)
    askWithoutMPI(after: start)
    if kept.status.count(of: Double.self) != nil || kept.status.isCancelled { print("a status of nothing") }
    if kept.error.class != .rank { print("the class of an error is \(kept.error.class)") }
    do {
        try MPI.run { _ in print("MPI ran twice") }
    } catch {
        if !error.message.contains("was finalized") { print("\(error)") }
    }
}

private func refuse(_ calls: [(String, () throws -> Void)]) {
    for (name, call) in calls {
        do {
            try call()
            print("\(name) was not refused")
        } catch let error as MPIError where error.message.contains("MPI is not running") {
            continue
        } catch {
            print("\(name): \(error)")
        }
    }
    print("\(calls.count) calls")
}

/// What does not throw has an answer at any time, and the clock one that goes on.
private func askWithoutMPI(after start: Double) {
    if MPI.wallTime < start || MPI.wallTime > start + 600 { print("the clock went from \(start) to \(MPI.wallTime)") }
    if !(MPI.wallTimeResolution > 0) { print("the clock does not tick") }
    if MPI.processorName.isEmpty || !MPI.libraryVersion.contains("MPI") { print("no name of the node or of MPI") }
    if MPI.standardVersion.major < 3 || MPI.bufferedSendOverhead < 1 { print("no constants of MPI") }
    if Layout<Double>.element.elementCount != 1 { print("no layout of an element") }
}
