internal import CMPI

extension Communicator {
    /// Combines one object of each rank, on the root.
    ///
    /// The objects combine in rank order, `combine(lower, higher)`, always in the same tree: the operation must be
    /// associative and need not be commutative.
    ///
    /// - Parameters:
    ///   - object: This rank's.
    ///   - root: The rank that gets the result.
    ///   - combine: Makes one object of two. Each rank combines some of the objects.
    /// - Returns: The result on the root, `nil` elsewhere.
    /// - Throws: ``MPIError``; what encoding, decoding and `combine` throw. The rank where that happens throws the
    ///   error, and the root a ``PeerFailure`` that names the rank; the other ranks return `nil`. With
    ///   ``Communicator/together(_:)`` around the call all ranks throw.
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

    /// Combines one object of each rank, on every rank; see ``reduce(_:root:_:)``.
    ///
    /// - Throws: ``MPIError``; what encoding, decoding and `combine` throw. The rank where that happens throws the
    ///   error, and all others a ``PeerFailure`` that names the rank.
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

    /// The communicator and tag of the next reduction: a duplicate made at the first one, tags counted from 0, as in
    /// mpi4py.
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

    /// A binomial tree that ends on rank 0, which forwards to the root.
    ///
    /// - Returns: The result on the root; elsewhere what this rank had to do with it.
    private func reduceInTree<T: Codable>(
        _ object: T, root: Int, tag: CInt, _ combine: (T, T) throws -> T
    ) throws -> Partial<T> {
        var result = Partial.object(object)
        var mask = 1
        while mask < size {
            if rank & mask != 0 {
                // A rank goes on sending after its first send, to partners that expect it. The result on rank 0 does
                // not need these messages; a Python rank in the job does.
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
