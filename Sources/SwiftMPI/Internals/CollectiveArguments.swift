extension Communicator {
    /// Whether this rank is the one whose whole buffer a rooted collective call uses.
    @inlinable
    func isRoot(_ root: Int) -> Bool { root == (isInter ? MPI.root : rank) }

    /// Throws unless a buffer divides into equal parts.
    @inlinable
    func requireParts(_ count: Int, _ parts: Int, _ function: StaticString) throws(MPIError) {
        if parts > 1 && !count.isMultiple(of: parts) {
            throw MPIError(
                refused: function, .count, "a buffer of \(count) elements is not \(parts) equal parts")
        }
    }
}
