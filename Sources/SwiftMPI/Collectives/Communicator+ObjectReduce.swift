internal import CMPI

extension Communicator {
    /// Combines one object from each rank, on the root.
    ///
    /// Objects are combined in rank order, as `combine(lower, higher)`, and always in the same tree. The operation must
    /// be associative but need not be commutative.
    ///
    /// - Parameters:
    ///   - object: This rank's object.
    ///   - root: The rank that gets the result.
    ///   - combine: Combines two objects into one. Each rank combines some of the objects.
    /// - Returns: The result on the root, `nil` elsewhere.
    /// - Throws: ``MPIError``, and any error from encoding, decoding or `combine`. The rank on which such an error
    ///   occurs throws it, and the root throws a ``PeerFailure`` that names that rank; the other ranks return `nil`.
    ///   Wrapped in ``Communicator/failingTogether(_:)``, the call throws on all ranks.
    ///
    /// MPI: `MPI_Send` and `MPI_Recv` in a binomial tree. mpi4py: `Comm.reduce`.
    public final func reduce<T: Codable>(_ object: T, root: Int = 0, _ combine: (T, T) throws -> T) throws -> T? {
        _ = try cRoot(root, "MPI_Reduce")
        let (channel, tag) = try nextReduction()
        let result = try channel.reduceInTree(object, root: root, tag: tag, combine)
        if rank == root { return try result.get() }
        try result.throwOwnError()
        return nil
    }

    /// Combines one object from each rank, on every rank; see ``reduce(_:root:_:)``.
    ///
    /// - Throws: ``MPIError``, and any error from encoding, decoding or `combine`. The rank on which such an error
    ///   occurs throws it, and all other ranks throw a ``PeerFailure`` that names that rank.
    ///
    /// MPI: as `reduce`, then `MPI_Bcast`. mpi4py: `Comm.allreduce`.
    public final func allreduce<T: Codable>(_ object: T, _ combine: (T, T) throws -> T) throws -> T {
        let (channel, tag) = try nextReduction()
        let result = try channel.reduceInTree(object, root: 0, tag: tag, combine)
        let contribution =
            rank == 0 ? channel.contribution("MPI_Bcast") { try channel.serializer.encode(result.get()) } : nil
        let shared = Partial { try channel.broadcastObject(T.self, contribution, root: 0) }
        try result.throwOwnError()
        return try shared.get()
    }

    /// Returns the communicator and tag of the next reduction.
    ///
    /// As in mpi4py, the first reduction duplicates the communicator, and tags are counted from 0.
    func nextReduction() throws(MPIError) -> (channel: Communicator, tag: CInt) {
        try requireIntra("MPI_Comm_dup")
        if reductionChannel == nil { reductionChannel = (try dup(), 0) }
        var (channel, tag) = reductionChannel!
        channel.serializer = serializer
        channel.objectProtocol = objectProtocol
        if tag >= tagUpperBound { tag = 0 }
        reductionChannel = (channel, tag + 1)
        return (channel, CInt(tag))
    }

    /// Reduces in a binomial tree that ends on rank 0, which forwards the result to the root.
    ///
    /// - Returns: The result on the root; on other ranks, this rank's intermediate result.
    private func reduceInTree<T: Codable>(
        _ object: T, root: Int, tag: CInt, _ combine: (T, T) throws -> T
    ) throws -> Partial<T> {
        var result = Partial.object(object)
        var mask = 1
        while mask < size {
            if rank & mask != 0 {
                // A rank keeps sending after its first send, to partners that expect a message. Rank 0 does not need
                // these messages for its result, but a Python rank in the job does.
                result = try sendCounted(result, dest: CInt(rank & ~mask), tag: tag)
            } else if rank | mask < size {
                let other = try receiveCounted(T.self, source: CInt(rank | mask), tag: tag)
                result = Partial(result, other, combine)
            }
            mask <<= 1
        }
        if root != 0 {
            if rank == 0 { result = try sendCounted(result, dest: CInt(root), tag: tag) }
            if rank == root {
                let whole = try receiveCounted(T.self, source: 0, tag: tag)
                try result.throwOwnError()
                result = whole
            }
        }
        return result
    }
}
