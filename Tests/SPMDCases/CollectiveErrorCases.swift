import SwiftMPI

/// Calls that every rank makes with arguments that are wrong on every rank.
private struct WrongCall {
    let name: String
    let errorClass: MPIError.Class
    let call: (Communicator) throws -> Void

    init(_ name: String, _ errorClass: MPIError.Class, _ call: @escaping (Communicator) throws -> Void) {
        (self.name, self.errorClass, self.call) = (name, errorClass, call)
    }
}

private func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }

/// A table of one element a rank, a rank too short or too long.
private func table(_ parts: Int) -> VariableCounts { VariableCounts(repeatElement(1, count: parts)) }

/// Every call that has a root.
private var wrongRoots: [WrongCall] {
    let calls: [(String, (Communicator, Int) throws -> Void)] = [
        (
            "Bcast",
            { comm, root in
                var buffer = zeros(1); try comm.Bcast(&buffer, root: root)
            }
        ),
        (
            "Bcast of a value",
            { comm, root in
                var value = 0.0; try comm.Bcast(&value, root: root)
            }
        ),
        ("Ibcast", { comm, root in _ = try comm.Ibcast(zeros(1), root: root).wait() }),
        ("Reduce of a value", { comm, root in _ = try comm.Reduce(1.0, op: .sum, root: root) }),
    ]
    let formed: [(String, (CollectiveForm, Communicator, Int) throws -> [Double])] = [
        ("Gather", { try $0.gather(zeros(1), into: zeros($1.size), root: $2, on: $1) }),
        ("Gather in place", { try $0.gather(inPlace: zeros($1.size), root: $2, on: $1) }),
        ("Scatter", { try $0.scatter(zeros($1.size), into: zeros(1), root: $2, on: $1) }),
        ("Scatter in place", { try $0.scatter(inPlace: zeros($1.size), root: $2, on: $1) }),
        ("Gatherv", { try $0.gatherv(zeros(1), into: zeros($1.size), counts: nil, root: $2, on: $1) }),
        ("Gatherv in place", { try $0.gatherv(inPlace: zeros($1.size), counts: nil, root: $2, on: $1) }),
        ("Scatterv", { try $0.scatterv(zeros($1.size), into: zeros(1), counts: nil, root: $2, on: $1) }),
        ("Scatterv in place", { try $0.scatterv(inPlace: zeros($1.size), counts: nil, root: $2, on: $1) }),
        ("Reduce", { try $0.reduce(zeros(1), into: zeros(1), op: .sum, root: $2, on: $1) }),
        ("Reduce in place", { try $0.reduce(inPlace: zeros(1), op: .sum, root: $2, on: $1) }),
    ]
    let all =
        calls
        + CollectiveForm.allCases.flatMap { form in
            formed.map { name, call in ("\(name), \(form)", { comm, root in _ = try call(form, comm, root) }) }
        }
    return all.flatMap { name, call in
        [
            WrongCall("\(name), root -1", .root) { try call($0, -1) },
            WrongCall("\(name), root beyond the last", .root) { try call($0, $0.size) },
            WrongCall("\(name), root beyond 32 bits", .root) { try call($0, 1 << 32) },
        ]
    }
}

/// Buffers whose sizes do not fit each other, the number of ranks or the table of counts; in every form. The root is
/// every rank's own where there is one, since only its sizes are known to be wrong.
private func wrongSizes(_ form: CollectiveForm) -> [WrongCall] {
    let calls: [(String, (Communicator) throws -> [Double])] = [
        ("Allgather into too little", { try form.allgather(zeros(2), into: zeros(2 * $0.size - 1), on: $0) }),
        ("Allgather into too much", { try form.allgather(zeros(1), into: zeros($0.size + 1), on: $0) }),
        ("Alltoall into too little", { try form.alltoall(zeros(2 * $0.size), into: zeros($0.size), on: $0) }),
        ("Allreduce into too little", { try form.allreduce(zeros(2), into: zeros(1), op: .sum, on: $0) }),
        ("Allreduce into too much", { try form.allreduce(zeros(1), into: zeros(2), op: .sum, on: $0) }),
        ("Scan into too much", { try form.scan(zeros(1), into: zeros(2), op: .sum, on: $0) }),
        ("Exscan into too little", { try form.exscan(zeros(2), into: zeros(1), op: .sum, on: $0) }),
        (
            "Reduce_scatter_block into too much",
            { try form.reduceScatterBlock(zeros($0.size), into: zeros(2), op: .sum, on: $0) }
        ),
        (
            "Reduce_scatter, own part too small",
            { try form.reduceScatter(zeros($0.size), into: zeros(0), counts: table($0.size), op: .sum, on: $0) }
        ),
        (
            "Reduce_scatter, buffer too large for the counts",
            { try form.reduceScatter(zeros($0.size + 1), into: zeros(1), counts: table($0.size), op: .sum, on: $0) }
        ),
        (
            "Reduce_scatter, table too short",
            { try form.reduceScatter(zeros($0.size), into: zeros(1), counts: table($0.size - 1), op: .sum, on: $0) }
        ),
        (
            "Allgatherv, own part too large",
            { try form.allgatherv(zeros(2), into: zeros($0.size), counts: table($0.size), on: $0) }
        ),
        (
            "Allgatherv, counts larger than the buffer",
            { try form.allgatherv(zeros(1), into: zeros($0.size - 1), counts: table($0.size), on: $0) }
        ),
        (
            "Allgatherv, table too short",
            { try form.allgatherv(zeros(1), into: zeros($0.size), counts: table($0.size - 1), on: $0) }
        ),
        (
            "Allgatherv, table too long",
            { try form.allgatherv(zeros(1), into: zeros($0.size + 1), counts: table($0.size + 1), on: $0) }
        ),
        (
            "Allgatherv in place, table too long",
            { try form.allgatherv(inPlace: zeros($0.size + 1), counts: table($0.size + 1), on: $0) }
        ),
        (
            "Alltoallv, sent counts larger than the buffer",
            {
                try form.alltoallv(
                    zeros($0.size - 1), sendCounts: table($0.size), into: zeros($0.size), recvCounts: nil, on: $0)
            }
        ),
        (
            "Alltoallv, received counts larger than the buffer",
            {
                try form.alltoallv(
                    zeros($0.size), sendCounts: nil, into: zeros($0.size - 1), recvCounts: table($0.size), on: $0)
            }
        ),
        (
            "Alltoallv, table too short",
            {
                try form.alltoallv(
                    zeros($0.size), sendCounts: table($0.size - 1), into: zeros($0.size), recvCounts: nil, on: $0)
            }
        ),
        (
            "Alltoallv in place, table too short",
            { try form.alltoallv(inPlace: zeros($0.size), counts: table($0.size - 1), on: $0) }
        ),
        // Wrong on the root alone: every rank is the only one of a communicator.
        ("Gather into too little", onOwn { try form.gather(zeros(2), into: zeros(1), root: 0, on: $0) }),
        ("Scatter of too little", onOwn { try form.scatter(zeros(1), into: zeros(2), root: 0, on: $0) }),
        ("Reduce into too little", onOwn { try form.reduce(zeros(2), into: zeros(1), op: .sum, root: 0, on: $0) }),
        (
            "Gatherv, own part too large",
            onOwn { try form.gatherv(zeros(2), into: zeros(1), counts: [1], root: 0, on: $0) }
        ),
        (
            "Gatherv, counts larger than the buffer",
            onOwn { try form.gatherv(zeros(2), into: zeros(1), counts: [2], root: 0, on: $0) }
        ),
        (
            "Gatherv, table too long",
            onOwn { try form.gatherv(zeros(1), into: zeros(2), counts: [1, 1], root: 0, on: $0) }
        ),
        (
            "Gatherv in place, counts larger than the buffer",
            onOwn { try form.gatherv(inPlace: zeros(1), counts: [2], root: 0, on: $0) }
        ),
        (
            "Scatterv, own part too small",
            onOwn { try form.scatterv(zeros(2), into: zeros(1), counts: [2], root: 0, on: $0) }
        ),
        (
            "Scatterv, table too short",
            onOwn { try form.scatterv(zeros(1), into: zeros(1), counts: [], root: 0, on: $0) }
        ),
        (
            "Scatterv in place, counts larger than the buffer",
            onOwn { try form.scatterv(inPlace: zeros(1), counts: [2], root: 0, on: $0) }
        ),
    ]
    return calls.map { name, call in WrongCall("\(name), \(form)", .count) { _ = try call($0) } }
}

private func onOwn(_ call: @escaping (Communicator) throws -> [Double]) -> (Communicator) throws -> [Double] {
    { _ in try call(try MPI.ownCommunicator()) }
}

/// Buffers that are no whole number of parts; with one rank there is nothing to divide.
private func indivisible(_ form: CollectiveForm) -> [WrongCall] {
    let calls: [(String, (Communicator) throws -> [Double])] = [
        ("Allgather in place", { try form.allgather(inPlace: zeros($0.size + 1), on: $0) }),
        ("Alltoall", { try form.alltoall(zeros($0.size + 1), into: zeros($0.size + 1), on: $0) }),
        ("Alltoall in place", { try form.alltoall(inPlace: zeros(2 * $0.size - 1), on: $0) }),
        (
            "Reduce_scatter_block in place",
            { try form.reduceScatterBlock(inPlace: zeros($0.size + 1), op: .sum, on: $0) }
        ),
    ]
    return calls.map { name, call in
        WrongCall("\(name) of an indivisible buffer, \(form)", .count) { _ = try call($0) }
    }
}

/// Parts that would be written to the same place, and parts of a reduction that do not follow each other.
private func misplaced(_ form: CollectiveForm) -> [WrongCall] {
    func all(at place: Int, _ comm: Communicator) -> VariableCounts {
        VariableCounts(Array(repeating: 2, count: comm.size), displacements: (0..<comm.size).map { place * $0 })
    }
    func backwards(_ comm: Communicator) -> VariableCounts {
        VariableCounts(Array(repeating: 1, count: comm.size), displacements: (0..<comm.size).reversed())
    }
    let calls: [(String, (Communicator) throws -> [Double])] = [
        ("Allgatherv", { try form.allgatherv(zeros(2), into: zeros(2 * $0.size), counts: all(at: 1, $0), on: $0) }),
        ("Allgatherv in place", { try form.allgatherv(inPlace: zeros(2 * $0.size), counts: all(at: 0, $0), on: $0) }),
        ("Alltoallv in place", { try form.alltoallv(inPlace: zeros(2 * $0.size), counts: all(at: 1, $0), on: $0) }),
        (
            "Alltoallv",
            {
                try form.alltoallv(
                    zeros($0.size), sendCounts: nil, into: zeros(2 * $0.size), recvCounts: all(at: 1, $0), on: $0)
            }
        ),
        (
            "Reduce_scatter",
            { try form.reduceScatter(zeros($0.size), into: zeros(1), counts: backwards($0), op: .sum, on: $0) }
        ),
        (
            "Reduce_scatter in place",
            { try form.reduceScatter(inPlace: zeros($0.size), counts: backwards($0), op: .sum, on: $0) }
        ),
    ]
    return calls.map { name, call in
        WrongCall("\(name) with misplaced parts, \(form)", .argument) { _ = try call($0) }
    }
}

extension WrongCall {
    /// The call is refused with its class before MPI hears of it, and the communicator goes on to work.
    func refusal(needsRanks ranks: Int = 1) -> Case {
        Case(name) { world in
            if world.size < ranks { return }
            try expectThrow {
                try call(world)
            } where: { error in
                // MPI's own errors have a code beside the class; refusals have the class as code.
                try expect((error as? MPIError)?.class, equals: errorClass)
                try expect((error as? MPIError)?.function.hasPrefix("MPI_") == true)
            }
            try expect(try world.Allreduce(1, op: .sum), equals: world.size)
        }
    }
}

var collectiveErrorCases: [Case] {
    wrongRoots.map { $0.refusal() }
        + CollectiveForm.allCases.flatMap { form in
            wrongSizes(form).map { $0.refusal() }
                + (indivisible(form) + misplaced(form)).map { $0.refusal(needsRanks: 2) }
        }
}
