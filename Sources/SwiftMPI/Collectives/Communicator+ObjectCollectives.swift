// Collective communication, any Codable. The wire format is mpi4py's: see ObjectMessage.swift.
// Missing: the neighbourhood collectives, inter-communicators.

internal import CMPI

extension Communicator {
    /// Waits until every rank has come here; the same as ``Barrier()``.
    ///
    /// MPI: `MPI_Barrier`, MPI-3.1 §5.3. mpi4py: `Comm.barrier`.
    public final func barrier() throws(MPIError) { try Barrier() }

    /// Copies the root's object to every rank.
    ///
    /// - Parameters:
    ///   - object: The object on the root; unused elsewhere, where it may be `nil`.
    ///   - root: The rank that has it.
    /// - Returns: The root's object, on every rank.
    /// - Throws: ``MPIError``, or what encoding and decoding throw.
    ///
    /// MPI: `MPI_Bcast` of the length and of the bytes. mpi4py: `Comm.bcast`.
    public final func bcast<T: Codable>(_ object: T?, root: Int = 0) throws -> T {
        try requireIntra("MPI_Bcast")
        let cRoot = try cRoot(root, "MPI_Bcast")
        let payload = rank == root ? try serializer.encode(object) : nil
        return try broadcastObject(T.self, payload, root: cRoot)
    }

    /// Collects one object of each rank on the root.
    ///
    /// - Returns: On the root the objects in rank order; `nil` elsewhere.
    /// - Throws: ``MPIError``, or what encoding and decoding throw.
    ///
    /// MPI: `MPI_Gather` of the lengths, `MPI_Gatherv` of the bytes. mpi4py: `Comm.gather`.
    public final func gather<T: Codable>(_ object: T, root: Int = 0) throws -> [T]? {
        try requireIntra("MPI_Gather")
        let cRoot = try cRoot(root, "MPI_Gather")
        let payload = try serializer.encode(object)
        let length = try PayloadLengths([payload.count], objectProtocol, "MPI_Gather")
        var lengths = PayloadLengths(count: rank == root ? size : 0, objectProtocol)
        let code = MPI_Gather(
            length.storage, 1, length.datatype, &lengths.storage, 1, lengths.datatype, cRoot, handle)
        try PayloadLengths.check("MPI_Gather", code)

        var whole = try PackedPayloads(lengths: lengths.received("MPI_Gather"), "MPI_Gatherv")
        let gathered = MPI_Gatherv(
            payload, try cCount(payload.count, "MPI_Gatherv"), CMPI_BYTE(), &whole.bytes,
            whole.counts.counts, whole.counts.displacements, CMPI_BYTE(), cRoot, handle)
        try check("MPI_Gatherv", gathered)
        return rank == root ? try whole.objects(T.self, of: self) : nil
    }

    /// Collects one object of each rank on every rank, in rank order.
    ///
    /// - Throws: ``MPIError``, or what encoding and decoding throw.
    ///
    /// MPI: `MPI_Allgather` of the lengths, `MPI_Allgatherv` of the bytes. mpi4py: `Comm.allgather`.
    public final func allgather<T: Codable>(_ object: T) throws -> [T] {
        try requireIntra("MPI_Allgather")
        let payload = try serializer.encode(object)
        let length = try PayloadLengths([payload.count], objectProtocol, "MPI_Allgather")
        var lengths = PayloadLengths(count: size, objectProtocol)
        let code = MPI_Allgather(length.storage, 1, length.datatype, &lengths.storage, 1, lengths.datatype, handle)
        try PayloadLengths.check("MPI_Allgather", code)

        var whole = try PackedPayloads(lengths: lengths.received("MPI_Allgather"), "MPI_Allgatherv")
        let gathered = MPI_Allgatherv(
            payload, try cCount(payload.count, "MPI_Allgatherv"), CMPI_BYTE(), &whole.bytes,
            whole.counts.counts, whole.counts.displacements, CMPI_BYTE(), handle)
        try check("MPI_Allgatherv", gathered)
        return try whole.objects(T.self, of: self)
    }

    /// Hands each rank its object of the root's list.
    ///
    /// - Parameters:
    ///   - objects: On the root one object a rank; unused elsewhere, where it may be `nil`.
    ///   - root: The rank that has them.
    /// - Throws: ``MPIError`` on the root unless there are as many objects as ranks; what encoding and decoding throw.
    ///
    /// MPI: `MPI_Scatter` of the lengths, `MPI_Scatterv` of the bytes. mpi4py: `Comm.scatter`.
    public final func scatter<T: Codable>(_ objects: [T]?, root: Int = 0) throws -> T {
        try requireIntra("MPI_Scatter")
        let cRoot = try cRoot(root, "MPI_Scatter")
        var payloads: [[UInt8]] = []
        if rank == root {
            try requireCount(objects?.count ?? 0, size, "the list to scatter", "MPI_Scatter")
            payloads = try objects!.map { try serializer.encode($0) }
        }
        let whole = try PackedPayloads(payloads, "MPI_Scatterv")
        let lengths = try PayloadLengths(payloads.map(\.count), objectProtocol, "MPI_Scatter")
        var received = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Scatter(
            lengths.storage, 1, lengths.datatype, &received.storage, 1, received.datatype, cRoot, handle)
        try PayloadLengths.check("MPI_Scatter", code)

        let length = try cCount(received.received("MPI_Scatter")[0], "MPI_Scatterv")
        return try receivedObject(T.self, length: Int(length)) { payload in
            let code = MPI_Scatterv(
                whole.bytes, whole.counts.counts, whole.counts.displacements, CMPI_BYTE(),
                payload.baseAddress, length, CMPI_BYTE(), cRoot, handle)
            try check("MPI_Scatterv", code)
        }
    }

    /// Sends each rank an object of its own and receives one from each.
    ///
    /// - Parameter objects: One a rank, in rank order.
    /// - Returns: What each rank has for this one, in rank order.
    /// - Throws: ``MPIError`` unless there are as many objects as ranks; what encoding and decoding throw.
    ///
    /// MPI: `MPI_Alltoall` of the lengths, `MPI_Alltoallv` of the bytes. mpi4py: `Comm.alltoall`.
    public final func alltoall<T: Codable>(_ objects: [T]) throws -> [T] {
        try requireIntra("MPI_Alltoall")
        try requireCount(objects.count, size, "the list of objects", "MPI_Alltoall")
        let payloads = try objects.map { try serializer.encode($0) }
        let sent = try PackedPayloads(payloads, "MPI_Alltoallv")
        let lengths = try PayloadLengths(payloads.map(\.count), objectProtocol, "MPI_Alltoall")
        var received = PayloadLengths(count: size, objectProtocol)
        let code = MPI_Alltoall(lengths.storage, 1, lengths.datatype, &received.storage, 1, received.datatype, handle)
        try PayloadLengths.check("MPI_Alltoall", code)

        var whole = try PackedPayloads(lengths: received.received("MPI_Alltoall"), "MPI_Alltoallv")
        let exchanged = MPI_Alltoallv(
            sent.bytes, sent.counts.counts, sent.counts.displacements, CMPI_BYTE(),
            &whole.bytes, whole.counts.counts, whole.counts.displacements, CMPI_BYTE(), handle)
        try check("MPI_Alltoallv", exchanged)
        return try whole.objects(T.self, of: self)
    }
}
