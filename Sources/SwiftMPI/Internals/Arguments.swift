internal import CMPI

// Every public call checks its arguments with these functions before it calls MPI. The functions that take a rank, and
// `requireCount`, also throw while MPI is not running.

/// Returns a handle that MPI has just set. Handles are optional pointers in one implementation and integers in another.
@inlinable
func unwrapped<Handle>(_ handle: Handle?) -> Handle { handle! }

/// Returns a count as a C `int`, the type that MPI-3.1 takes.
@inlinable
func cCount(_ count: Int, _ function: StaticString) throws(MPIError) -> CInt {
    guard let count = CInt(exactly: count) else {
        throw MPIError(
            refused: function, .count, "\(count) elements are more than this call takes (\(CInt.max))")
    }
    return count
}

extension Communicator {
    /// Returns the destination of a message: a rank of the communicator, or of the remote group of an
    /// inter-communicator, or ``MPI/procNull``.
    @inlinable
    func cDestination(_ rank: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (rank >= 0 && rank < peerCount) || rank == MPI.procNull else { throw badRank(rank, function) }
        return CInt(truncatingIfNeeded: rank)
    }

    /// Returns the source of a message: a rank as in ``cDestination(_:_:)``, or ``MPI/anySource``.
    @inlinable
    func cSource(_ rank: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (rank >= 0 && rank < peerCount) || rank == MPI.procNull || rank == MPI.anySource else {
            throw badRank(rank, function)
        }
        return CInt(truncatingIfNeeded: rank)
    }

    /// Returns the root of a collective call: a rank of the communicator. For an inter-communicator, a rank of the
    /// remote group, ``MPI/root`` or ``MPI/procNull``.
    @inlinable
    func cRoot(_ root: Int, _ function: StaticString) throws(MPIError) -> CInt {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        guard (root >= 0 && root < peerCount) || (isInter && (root == MPI.root || root == MPI.procNull)) else {
            throw MPIError(refused: function, .root, "root \(root) is not one of the ranks 0..<\(peerCount)")
        }
        return CInt(truncatingIfNeeded: root)
    }

    /// Returns the tag of a message to send: 0 up to the library's upper bound.
    @inlinable
    func cTag(_ tag: Int, _ function: StaticString) throws(MPIError) -> CInt {
        guard tag >= 0 && tag <= tagUpperBound else { throw badTag(tag, function) }
        return CInt(truncatingIfNeeded: tag)
    }

    /// Returns the tag of a message to receive: a tag as in ``cTag(_:_:)``, or ``MPI/anyTag``.
    @inlinable
    func cTagOrAny(_ tag: Int, _ function: StaticString) throws(MPIError) -> CInt {
        guard (tag >= 0 && tag <= tagUpperBound) || tag == MPI.anyTag else { throw badTag(tag, function) }
        return CInt(truncatingIfNeeded: tag)
    }

    /// Throws unless a buffer has the number of elements that another argument requires.
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
