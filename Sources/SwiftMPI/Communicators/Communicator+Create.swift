internal import CMPI
private import Glibc

extension Communicator {
    /// Duplicates the communicator: the same ranks, with a separate context for messages.
    ///
    /// Collective. The duplicate has the same kind as the original: the duplicate of a grid is a grid, and that of an
    /// inter-communicator is an inter-communicator. It has a copy of the hints, and of the attributes whose
    /// ``AttributeKey`` copies them.
    ///
    /// MPI: `MPI_Comm_dup`, MPI-3.1 §6.4.2.
    public final func dup() throws(MPIError) -> Self {
        var new = CMPI_COMM_NULL()
        try check("MPI_Comm_dup", MPI_Comm_dup(handle, &new))
        return try duplicate(unwrapped(new))
    }

    /// Duplicates the communicator with its own hints; see ``dup()``.
    ///
    /// Collective.
    ///
    /// MPI: `MPI_Comm_dup_with_info`, MPI-3.1 §6.4.2.
    public final func dup(info: Info) throws(MPIError) -> Self {
        var new = CMPI_COMM_NULL()
        try check("MPI_Comm_dup_with_info", try info.withHandle { MPI_Comm_dup_with_info(handle, $0, &new) })
        return try duplicate(unwrapped(new))
    }

    private func duplicate(_ handle: MPI_Comm) throws(MPIError) -> Self {
        let new = try Self(handle, from: self)
        if let neighborExchange { new.neighborExchange = neighborExchange.with(try neighborExchange.graph.dup()) }
        return new
    }

    /// Creates a communicator of some of the ranks; only these ranks make the call.
    ///
    /// Collective over the members of the group.
    ///
    /// - Parameters:
    ///   - group: The members, in the order of their new ranks. Must include this rank.
    ///   - tag: Distinguishes concurrent calls from several threads.
    /// - Throws: ``MPIError`` on a rank outside the group, and for a group with members that are not in this
    ///   communicator.
    ///
    /// MPI: `MPI_Comm_create_group`, MPI-3.1 §6.4.2.
    public final func createGroup(_ group: Group, tag: Int = 0) throws(MPIError) -> Communicator {
        try requireIntra("MPI_Comm_create_group")
        try require(group, "MPI_Comm_create_group")
        guard group.rank != nil else {
            throw MPIError(
                refused: "MPI_Comm_create_group", .group,
                "rank \(rank) is not a member of the group, and only members make this call")
        }
        let tag = try cTag(tag, "MPI_Comm_create_group")
        var new = CMPI_COMM_NULL()
        try check("MPI_Comm_create_group", MPI_Comm_create_group(handle, group.handle, tag, &new))
        return try Communicator(unwrapped(new), from: self)
    }

    /// Splits the ranks by shared memory: one communicator for each node.
    ///
    /// Collective.
    ///
    /// - Parameters:
    ///   - joining: Whether this rank joins a new communicator.
    ///   - key: Orders the ranks within the new communicator; ranks with equal keys keep their current order.
    /// - Returns: The communicator of this rank's node, or `nil` if this rank does not join.
    ///
    /// MPI: `MPI_Comm_split_type` with `MPI_COMM_TYPE_SHARED`, MPI-3.1 §6.4.2.
    public final func splitBySharedMemory(joining: Bool, key: Int = 0) throws(MPIError) -> Communicator? {
        try requireIntra("MPI_Comm_split_type")
        let type = joining ? CMPI_COMM_TYPE_SHARED() : CMPI_UNDEFINED()
        var new = CMPI_COMM_NULL()
        let code = MPI_Comm_split_type(handle, type, CInt(clamping: key), CMPI_INFO_NULL(), &new)
        try check("MPI_Comm_split_type", code)
        return joining ? try Communicator(unwrapped(new), from: self) : nil
    }

    /// Splits all ranks by shared memory; see ``splitBySharedMemory(joining:key:)``.
    public final func splitBySharedMemory(key: Int = 0) throws(MPIError) -> Communicator {
        try splitBySharedMemory(joining: true, key: key)!
    }

    /// Aborts the whole job, on all ranks. The launcher may pass on only some of the eight bits of the exit status.
    ///
    /// Output that this rank has printed is flushed, but nothing else is cleaned up: files may be incomplete, and lines
    /// that other ranks still buffer may be lost. To end a job on purpose, throw an error from the body of
    /// ``MPI/run(threads:_:)``. Outside `run`, this method ends only the current process.
    ///
    /// MPI: `MPI_Abort`, MPI-3.1 §8.7; under Open MPI's `mpiexec`, `_exit`, after which `mpiexec` ends the job as well.
    public final func abort(status: Int32) -> Never {
        abortJob(on: handle, status: status)
    }
}

// Shared implementation of `split(color:key:)` and `create(group:)`. The parts of an inter-communicator are again
// inter-communicators.
extension Communicator {
    func part<Part: Communicator>(color: Int?, key: Int) throws(MPIError) -> Part? {
        if let color, color < 0 || color > Int(CInt.max) {
            throw MPIError(refused: "MPI_Comm_split", .argument, "color \(color) is not in 0...\(CInt.max)")
        }
        var new = CMPI_COMM_NULL()
        let cColor = color.map { CInt($0) } ?? CMPI_UNDEFINED()
        try check("MPI_Comm_split", MPI_Comm_split(handle, cColor, CInt(clamping: key), &new))
        return new == CMPI_COMM_NULL() ? nil : try Part(unwrapped(new), from: self)
    }

    func part<Part: Communicator>(group: Group) throws(MPIError) -> Part? {
        try require(group, "MPI_Comm_create")
        var new = CMPI_COMM_NULL()
        try check("MPI_Comm_create", MPI_Comm_create(handle, group.handle, &new))
        return new == CMPI_COMM_NULL() ? nil : try Part(unwrapped(new), from: self)
    }

    /// Throws unless all members of a group are in this communicator.
    private func require(_ group: Group, _ function: StaticString) throws(MPIError) {
        let members = try group.translate(0..<group.size, to: try self.group)
        if let stranger = members.firstIndex(of: nil) {
            throw MPIError(
                refused: function, .group, "member \(stranger) of the group is not in the communicator")
        }
    }

    /// Throws on an inter-communicator, for calls that do not support one, and while MPI is not running.
    func requireIntra(_ function: StaticString) throws(MPIError) {
        try MPI.requireRunning(function)
        if isInter {
            throw MPIError(refused: function, .communicator, "not for an inter-communicator")
        }
    }
}

extension Communicator {
    /// Returns whether any node runs more of these ranks than it has processors. Collective.
    package final func sharesProcessors() throws(MPIError) -> Bool {
        let shares = try splitBySharedMemory().size > sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return try Allreduce(shares, op: .logicalOr)
    }
}

extension MPI {
    /// Returns the communicator of this process alone (`MPI_COMM_SELF`).
    ///
    /// - Throws: ``MPIError`` outside ``run(threads:_:)``.
    public static func ownCommunicator() throws(MPIError) -> Communicator {
        try requireRunning("MPI_Comm_rank")
        return try Communicator(unwrapped(CMPI_COMM_SELF()), from: nil)
    }
}
