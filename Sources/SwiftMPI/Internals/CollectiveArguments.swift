extension Communicator {
    /// Returns whether this rank is the root, whose whole buffer a rooted collective call uses.
    @inlinable
    func isRoot(_ root: Int) -> Bool { root == (isInter ? MPI.root : rank) }

    /// Throws unless a buffer can be divided into equal parts.
    @inlinable
    func requireParts(_ count: Int, _ parts: Int, _ function: StaticString) throws(MPIError) {
        if parts > 1 && !count.isMultiple(of: parts) {
            throw MPIError(
                refused: function, .count, "a buffer of \(count) elements is not \(parts) equal parts")
        }
    }
}
