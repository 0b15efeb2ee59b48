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
    ///   - combine: Makes one object of two. Each rank combines some of the objects. Where it throws, the ranks that
    ///     need the result wait on: let the error leave ``MPI/run(threads:_:)``, which ends the job with it, or
    ///     combine objects that can say that something failed.
    /// - Returns: The result on the root, `nil` elsewhere.
    /// - Throws: ``MPIError``; what encoding, decoding and `combine` throw.
    ///
    /// MPI: `MPI_Send` and `MPI_Recv` in a binomial tree. mpi4py: `Comm.reduce`.
    public final func reduce<T: Codable>(_ object: T, root: Int = 0, _ combine: (T, T) throws -> T) throws -> T? {
        _ = try cRoot(root, "MPI_Reduce")
        let (channel, tag) = try nextReduction()
        return try channel.reduceInTree(object, root: root, tag: tag, combine)
    }

    /// Combines one object of each rank, on every rank; see ``reduce(_:root:_:)``.
    ///
    /// MPI: as `reduce`, then `MPI_Bcast`. mpi4py: `Comm.allreduce`.
    public final func allreduce<T: Codable>(_ object: T, _ combine: (T, T) throws -> T) throws -> T {
        let (channel, tag) = try nextReduction()
        let result = try channel.reduceInTree(object, root: 0, tag: tag, combine)
        return try channel.bcast(result, root: 0)
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
    private func reduceInTree<T: Codable>(
        _ object: T, root: Int, tag: CInt, _ combine: (T, T) throws -> T
    ) throws -> T? {
        var result = object
        var mask = 1
        while mask < size {
            if rank & mask != 0 {
                // A rank goes on sending after its first send, to partners that expect it. The result on rank 0 does
                // not need these messages; a Python rank in the job does.
                try sendCounted(result, dest: CInt(rank & ~mask), tag: tag)
            } else if rank | mask < size {
                let other = try receiveCounted(T.self, source: CInt(rank | mask), tag: tag)
                result = try combine(result, other)
            }
            mask <<= 1
        }
        if root != 0 {
            if rank == 0 { try sendCounted(result, dest: CInt(root), tag: tag) }
            if rank == root { result = try receiveCounted(T.self, source: 0, tag: tag) }
        }
        return rank == root ? result : nil
    }
}
