// Collective communication of Codable objects. The wire format is mpi4py's: see ObjectMessage.swift.
// Missing: neighborhood collectives, inter-communicators.

internal import CMPI

extension Communicator {
    /// Waits until every rank has reached the barrier; the same as ``Barrier()``.
    ///
    /// MPI: `MPI_Barrier`, MPI-3.1 §5.3. mpi4py: `Comm.barrier`.
    public final func barrier() throws(MPIError) { try Barrier() }

    /// Copies the root's object to every rank.
    ///
    /// - Parameters:
    ///   - object: The object on the root; unused elsewhere, where it may be `nil`.
    ///   - root: The rank that has the object.
    /// - Returns: The root's object, on every rank.
    /// - Throws: ``MPIError``, and any error from encoding or decoding. If the root fails, it throws its error, and all
    ///   other ranks throw a ``PeerFailure`` that names the root.
    ///
    /// MPI: `MPI_Bcast` of the length and of the bytes. mpi4py: `Comm.bcast`.
    public final func bcast<T: Codable>(_ object: T?, root: Int = 0) throws -> T {
        try requireIntra("MPI_Bcast")
        let cRoot = try cRoot(root, "MPI_Bcast")
        if rank != root { return try broadcastObject(T.self, nil, root: cRoot) }
        let contribution = contribution("MPI_Bcast") {
            if object == nil, (try? nothing(T.self)) == nil {
                throw MPIError(
                    refused: "MPI_Bcast", .argument, "the root gives nil where \(T.self) is not optional")
            }
            return try serializer.encode(object)
        }
        return try broadcastObject(T.self, contribution, root: cRoot)
    }

    /// Collects one object from each rank on the root.
    ///
    /// - Returns: On the root, the objects in rank order; `nil` elsewhere.
    /// - Throws: ``MPIError``, and any error from encoding or decoding. If a rank fails to encode its object, it throws
    ///   that error, and the root throws a ``PeerFailure`` that names the rank.
    ///
    /// MPI: `MPI_Gather` of the lengths, `MPI_Gatherv` of the bytes. mpi4py: `Comm.gather`.
    public final func gather<T: Codable>(_ object: T, root: Int = 0) throws -> [T]? {
        try requireIntra("MPI_Gather")
        let cRoot = try cRoot(root, "MPI_Gather")
        let mine = contribution("MPI_Gather") { try serializer.encode(object) }
        var lengths = PayloadLengths(count: rank == root ? size : 0, objectProtocol)
        let code = MPI_Gather(
            mine.lengths.storage, 1, mine.lengths.datatype, &lengths.storage, 1, lengths.datatype, cRoot, handle)
        try PayloadLengths.check("MPI_Gather", code)

        let whole = try PackedPayloads(lengths: lengths.received("MPI_Gather"), "MPI_Gatherv")
        try whole.gather(mine.payloads, root: cRoot, on: handle)
        if let error = mine.error { throw error }
        return rank == root ? try whole.objects(T.self, of: self) : nil
    }

    /// Collects one object from each rank on every rank, in rank order.
    ///
    /// - Throws: ``MPIError``, and any error from encoding or decoding. If a rank fails to encode its object, it throws
    ///   that error, and all other ranks throw a ``PeerFailure`` that names the rank.
    ///
    /// MPI: `MPI_Allgather` of the lengths, `MPI_Allgatherv` of the bytes. mpi4py: `Comm.allgather`.
    public final func allgather<T: Codable>(_ object: T) throws -> [T] {
        try requireIntra("MPI_Allgather")
        let mine = contribution("MPI_Allgather") { try serializer.encode(object) }
        var lengths = PayloadLengths(count: size, objectProtocol)
        let code = MPI_Allgather(
            mine.lengths.storage, 1, mine.lengths.datatype, &lengths.storage, 1, lengths.datatype, handle)
        try PayloadLengths.check("MPI_Allgather", code)

        let whole = try PackedPayloads(lengths: lengths.received("MPI_Allgather"), "MPI_Allgatherv")
        try whole.allgather(mine.payloads, rank: rank, on: handle)
        if let error = mine.error { throw error }
        return try whole.objects(T.self, of: self)
    }

    /// Distributes the root's list of objects: each rank receives one object.
    ///
    /// - Parameters:
    ///   - objects: On the root, one object for each rank; unused elsewhere, where it may be `nil`.
    ///   - root: The rank that has the objects.
    /// - Throws: ``MPIError`` on the root unless there are as many objects as ranks, and any error from encoding or
    ///   decoding. If the root fails, all other ranks throw a ``PeerFailure`` that names the root.
    ///
    /// MPI: `MPI_Scatter` of the lengths, `MPI_Scatterv` of the bytes. mpi4py: `Comm.scatter`.
    public final func scatter<T: Codable>(_ objects: [T]?, root: Int = 0) throws -> T {
        try requireIntra("MPI_Scatter")
        let cRoot = try cRoot(root, "MPI_Scatter")
        let all = contributions("MPI_Scatter") {
            if rank != root { return [] }
            guard let objects else {
                throw MPIError(
                    refused: "MPI_Scatter", .count, "the root gives no list, needs one of \(size) objects")
            }
            try requireCount(objects.count, size, "the list to scatter", "MPI_Scatter")
            return try objects.map { try serializer.encode($0) }
        }
        var received = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Scatter(
            all.lengths.storage, 1, all.lengths.datatype, &received.storage, 1, received.datatype, cRoot, handle)
        try PayloadLengths.check("MPI_Scatter", code)

        return try receivedObject(T.self, length: received.received("MPI_Scatter")[0]) { payload in
            try all.payloads.scatter(into: payload, root: cRoot, on: handle)
            if let error = all.error { throw error }
        }
    }

    /// Sends each rank its own object and receives one object from each rank.
    ///
    /// - Parameter objects: One object for each rank, in rank order.
    /// - Returns: The objects that the ranks sent to this rank, in rank order.
    /// - Throws: ``MPIError`` unless there are as many objects as ranks, and any error from encoding or decoding. If a
    ///   rank fails this way, it throws its error, and all other ranks throw a ``PeerFailure`` that names the rank.
    ///
    /// MPI: `MPI_Alltoall` of the lengths, `MPI_Alltoallv` of the bytes. mpi4py: `Comm.alltoall`.
    public final func alltoall<T: Codable>(_ objects: [T]) throws -> [T] {
        try requireIntra("MPI_Alltoall")
        let mine = contributions("MPI_Alltoall") {
            try requireCount(objects.count, size, "the list of objects", "MPI_Alltoall")
            return try objects.map { try serializer.encode($0) }
        }
        var received = PayloadLengths(count: size, objectProtocol)
        let code = MPI_Alltoall(
            mine.lengths.storage, 1, mine.lengths.datatype, &received.storage, 1, received.datatype, handle)
        try PayloadLengths.check("MPI_Alltoall", code)

        let whole = try PackedPayloads(lengths: received.received("MPI_Alltoall"), "MPI_Alltoallv")
        try mine.payloads.alltoall(into: whole, rank: rank, on: handle)
        if let error = mine.error { throw error }
        return try whole.objects(T.self, of: self)
    }
}
