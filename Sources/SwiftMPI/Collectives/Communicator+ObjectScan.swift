internal import CMPI

extension Communicator {
    /// Combines the objects of the ranks up to this one, itself included.
    ///
    /// The objects combine in rank order, `combine(lower, higher)`, always in the same way: the operation must be
    /// associative and need not be commutative.
    ///
    /// - Parameters:
    ///   - object: This rank's.
    ///   - combine: Makes one object of two; see ``reduce(_:root:_:)`` for where it throws.
    /// - Throws: ``MPIError``; what encoding, decoding and `combine` throw.
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
        var prefix = start
        // Of the ranks that share this one's number but for the bits below `mask`.
        var partial = object
        var mask = 1
        while mask < size {
            let partner = rank ^ mask
            if partner < size {
                let other = try channel.exchangeCounted(partial, with: CInt(partner), tag: tag)
                if rank > partner {
                    partial = try combine(other, partial)
                    prefix = try prefix.map { try combine(other, $0) } ?? other
                } else {
                    partial = try combine(partial, other)
                }
            }
            mask <<= 1
        }
        return prefix
    }
}
