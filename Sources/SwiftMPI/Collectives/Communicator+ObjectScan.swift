internal import CMPI

extension Communicator {
    /// Combines the objects of all ranks up to and including this rank.
    ///
    /// Objects are combined in rank order, as `combine(lower, higher)`, and always in the same way. The operation must
    /// be associative but need not be commutative.
    ///
    /// - Parameters:
    ///   - object: This rank's object.
    ///   - combine: Combines two objects into one.
    /// - Throws: ``MPIError``, and any error from encoding, decoding or `combine`. The rank on which such an error
    ///   occurs throws it, and the ranks that need the missing object throw a ``PeerFailure`` that names that rank.
    ///   Wrapped in ``Communicator/failingTogether(_:)``, the call throws on all ranks.
    ///
    /// MPI: `MPI_Sendrecv` by recursive doubling. mpi4py: `Comm.scan`.
    public final func scan<T: Codable>(_ object: T, _ combine: (T, T) throws -> T) throws -> T {
        // A prefix that starts with an object never becomes nil.
        try combinePrefix(of: object, startingWith: object, combine)!
    }

    /// Combines the objects of all ranks below this rank; see ``scan(_:_:)``.
    ///
    /// - Returns: `nil` on rank 0, which has no rank below it.
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
        // The combined objects of the ranks whose numbers differ from this rank's only in the bits below `mask`.
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
