internal import CMPI

// Every public call goes through these before MPI sees its arguments. Those that take a rank, and `requireCount`, also
// throw while MPI is not running.

/// A handle MPI has just filled in: an optional pointer in one implementation, an integer in another.
@inlinable
func unwrapped<Handle>(_ handle: Handle?) -> Handle { handle! }

/// A count as MPI-3.1 takes it.
@inlinable
func cCount(_ count: Int, _ function: StaticString) throws(MPIError) -> CInt {
    guard let count = CInt(exactly: count) else {
        throw MPIError(
            refused: function, .count, "\(count) elements are more than this call takes (\(CInt.max))")
    }
    return count
}

extension Communicator {
    /// The rank a message goes to: one of the communicator, of the other side of an inter-communicator, or
    /// ``MPI/procNull``.
    @inlinable
    func cDestination(_ rank: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (rank >= 0 && rank < peerCount) || rank == MPI.procNull else { throw badRank(rank, function) }
        return CInt(truncatingIfNeeded: rank)
    }

    /// The rank a message comes from: as ``cDestination(_:_:)``, or ``MPI/anySource``.
    @inlinable
    func cSource(_ rank: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (rank >= 0 && rank < peerCount) || rank == MPI.procNull || rank == MPI.anySource else {
            throw badRank(rank, function)
        }
        return CInt(truncatingIfNeeded: rank)
    }

    /// The root of a collective call: a rank of the communicator; of an inter-communicator a rank of the other side,
    /// ``MPI/root`` or ``MPI/procNull``.
    @inlinable
    func cRoot(_ root: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (root >= 0 && root < peerCount) || (isInter && (root == MPI.root || root == MPI.procNull)) else {
            throw MPIError(refused: function, .root, "root \(root) is not one of the ranks 0..<\(peerCount)")
        }
        return CInt(truncatingIfNeeded: root)
    }

    /// The tag of a message sent: 0 up to the library's upper bound.
    @inlinable
    func cTag(_ tag: Int, _ function: StaticString) throws(MPIError) -> CInt {
        guard tag >= 0 && tag <= tagUpperBound else { throw badTag(tag, function) }
        return CInt(truncatingIfNeeded: tag)
    }

    /// The tag of a message to receive: as ``cTag(_:_:)``, or ``MPI/anyTag``.
    @inlinable
    func cTagOrAny(_ tag: Int, _ function: StaticString) throws(MPIError) -> CInt {
        guard (tag >= 0 && tag <= tagUpperBound) || tag == MPI.anyTag else { throw badTag(tag, function) }
        return CInt(truncatingIfNeeded: tag)
    }

    /// Throws unless two buffers that must fit each other do.
    @inlinable
    func requireCount(
        _ actual: Int, _ expected: Int, _ what: StaticString, _ function: StaticString
    ) throws(MPIError) {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        if actual != expected {
            throw MPIError(refused: function, .count, "\(what) has \(actual) elements, needs \(expected)")
        }
    }

    @usableFromInline
    func badRank(_ rank: Int, _ function: StaticString) -> MPIError {
        MPIError(refused: function, .rank, "rank \(rank) is not one of the ranks 0..<\(peerCount)")
    }

    @usableFromInline
    func truncated(_ sent: Int, _ room: Int, _ function: StaticString) -> MPIError {
        MPIError(
            refused: function, .truncated, "a message of \(sent) bytes does not fit into a buffer of \(room)")
    }

    @usableFromInline
    func badTag(_ tag: Int, _ function: StaticString) -> MPIError {
        MPIError(refused: function, .tag, "tag \(tag) is not one of the tags 0...\(tagUpperBound)")
    }
}
