internal import CMPI

extension Communicator {
    /// Combines the objects of the ranks up to this one, itself included.
    ///
    /// The objects combine in rank order, `combine(lower, higher)`, always in the same way: the operation must be
    /// associative and need not be commutative.
    ///
    /// - Parameters:
    ///   - object: This rank's.
    ///   - combine: Makes one object of two.
    /// - Throws: ``MPIError``; what encoding, decoding and `combine` throw. The rank where that happens throws the
    ///   error, and the ranks that need what it could not make a ``PeerFailure`` that names it. With
    ///   ``Communicator/together(_:)`` around the call all ranks throw.
    ///
    /// MPI: `MPI_Sendrecv` by recursive doubling. mpi4py: `Comm.scan`.
    public final func scan<T: Codable>(_ object: T, _ combine: (T, T) throws -> T) throws -> T {
        // What the prefix begins with stays in it.
        try combinePrefix(of: object, startingWith: object, combine)!
    }

    /// Combines the objects of the ranks below this one; see ``scan(_:_:)``.
    ///
    /// - Returns: `nil` on rank 0, which has none below it.
    ///
    /// MPI: `MPI_Sendrecv` by recursive doubling. mpi4py: `Comm.exscan`.
    public final func exscan<T: Codable>(_ object: T, _ combine: (T, T) throws -> T) throws -> T? {
        try combinePrefix(of: object, startingWith: nil, combine)
    }

    private func combinePrefix<T: Codable>(
        of object: T, startingWith start: T?, _ combine: (T, T) throws -> T
    ) throws -> T? {
        let (channel, tag) = try nextReduction()
        var prefix = start.map(Partial.object)
        // Of the ranks that share this one's number but for the bits below `mask`.
        var partial = Partial.object(object)
        var mask = 1
        while mask < size {
            let partner = rank ^ mask
            if partner < size {
                let (sent, other) = try channel.exchangeCounted(partial, with: CInt(partner), tag: tag)
                if rank > partner {
                    partial = Partial(other, sent, combine)
                    prefix = prefix.map { Partial(other, $0, combine) } ?? other
                } else {
                    partial = Partial(sent, other, combine)
                }
            }
            mask <<= 1
        }
        try partial.throwOwnError()
        return try prefix?.get()
    }
}
