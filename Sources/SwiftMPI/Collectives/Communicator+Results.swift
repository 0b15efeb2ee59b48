// Forms that allocate and return the result. If a rank cannot know the size of the result, the ranks first exchange
// their counts in a second call.

extension Communicator {
    /// Collects one value from each rank on the root.
    ///
    /// - Parameters:
    ///   - value: This rank's value.
    ///   - root: The rank that collects the values.
    /// - Returns: The values in rank order; `nil` on all ranks but the root.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gather`, MPI-3.1 §5.5.
    @inlinable
    public final func Gather<T: MPIDatatype>(_ value: T, root: Int = 0) throws(MPIError) -> [T]? {
        var whole = [T](repeating: value, count: isRoot(root) ? peerCount : 0)
        try Gather([value], into: &whole, root: root)
        return isRoot(root) ? whole : nil
    }

    /// Collects one value from each rank on every rank.
    ///
    /// - Returns: The values in rank order.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allgather`, MPI-3.1 §5.7.
    @inlinable
    public final func Allgather<T: MPIDatatype>(_ value: T) throws(MPIError) -> [T] {
        var whole = [T](repeating: value, count: peerCount)
        try Allgather([value], into: &whole)
        return whole
    }

    /// Collects the ranks' buffers, in rank order, on the root.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - root: The rank that collects the parts.
    /// - Returns: The parts, concatenated in rank order; `nil` on all ranks but the root.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gather`, MPI-3.1 §5.5.
    @inlinable
    public final func Gather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) -> [T]? {
        var whole = [T](zeros: isRoot(root) ? part.elementCount * peerCount : 0)
        try Gather(part, into: &whole, root: root)
        return isRoot(root) ? whole : nil
    }

    /// Collects the ranks' buffers, in rank order, on every rank.
    ///
    /// - Parameter part: This rank's elements; of the same count everywhere.
    /// - Returns: The parts, concatenated in rank order.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allgather`, MPI-3.1 §5.7.
    @inlinable
    public final func Allgather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) -> [T] {
        var whole = [T](zeros: part.elementCount * peerCount)
        try Allgather(part, into: &whole)
        return whole
    }

    /// Sends every rank its part of a buffer and collects the parts that all ranks have for this rank.
    ///
    /// - Parameter whole: A part for each rank. All parts, also those on other ranks, must have the same count.
    /// - Returns: The received parts, concatenated in rank order.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoall`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoall<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) -> [T] {
        var received = [T](zeros: whole.elementCount)
        try Alltoall(whole, into: &received)
        return received
    }

    /// Collects the elements of all ranks on the root; each rank may have a different number of elements.
    ///
    /// - Parameters:
    ///   - part: This rank's elements.
    ///   - root: The rank that collects the parts.
    /// - Returns: The parts, concatenated in rank order; `nil` on all ranks but the root.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gather` of the counts, `MPI_Gatherv`, MPI-3.1 §5.5.
    @inlinable
    public final func Gatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) -> [T]? {
        let counts = VariableCounts(try Gather(part.elementCount, root: root) ?? [])
        var whole = [T](zeros: counts.extent)
        try Gatherv(part, into: &whole, counts: counts, root: root)
        return isRoot(root) ? whole : nil
    }

    /// Collects the elements of all ranks on every rank; each rank may have a different number of elements.
    ///
    /// - Parameter part: This rank's elements.
    /// - Returns: The parts, concatenated in rank order.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allgather` of the counts, `MPI_Allgatherv`, MPI-3.1 §5.7.
    @inlinable
    public final func Allgatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) -> [T] {
        let counts = VariableCounts(try Allgather(part.elementCount))
        var whole = [T](zeros: counts.extent)
        try Allgatherv(part, into: &whole, counts: counts)
        return whole
    }

    /// Distributes the root's elements: each rank receives its part.
    ///
    /// - Parameters:
    ///   - whole: On the root, all parts; elsewhere unused and may be empty.
    ///   - counts: On the root, the number of elements that each rank receives, and where they begin; an even split by
    ///     default. Elsewhere unused.
    ///   - root: The rank that has the elements.
    /// - Returns: This rank's part.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scatter` of the counts, `MPI_Scatterv`, MPI-3.1 §5.6.
    @inlinable
    public final func Scatterv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) -> [T] {
        let table = isRoot(root) ? counts.variableCounts ?? .even(whole.count, parts: peerCount) : []
        if isRoot(root) { try require(table, in: whole.count, peerCount, "MPI_Scatterv", mayOverlap: true) }
        let itemElements = whole.item.elements
        var count = [0]
        try Scatter((0..<table.partCount).map { table.count(of: $0) * itemElements }, into: &count, root: root)
        var part = [T](zeros: count[0])
        try Scatterv(whole, into: &part, counts: table, root: root)
        return part
    }

    /// Sends every rank its part of a buffer and collects the parts that all ranks have for this rank.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks.
    ///   - sendCounts: The number of elements that each rank receives, and where they begin; an even split by default.
    /// - Returns: The received parts, concatenated in rank order.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoall` of the counts, `MPI_Alltoallv`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        sendCounts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> [T] {
        let table = sendCounts.variableCounts ?? .even(whole.count, parts: peerCount)
        try require(table, in: whole.count, peerCount, "MPI_Alltoallv", mayOverlap: true)
        let itemElements = whole.item.elements
        var counts = [Int](repeating: 0, count: peerCount)
        try Alltoall((0..<table.partCount).map { table.count(of: $0) * itemElements }, into: &counts)
        let recvCounts = VariableCounts(counts)
        var received = [T](zeros: recvCounts.extent)
        try Alltoallv(whole, sendCounts: table, into: &received, recvCounts: recvCounts)
        return received
    }
}

extension Array where Element: MPIDatatype {
    /// Creates an array to receive elements into; bytes of an element that are not transferred stay zero.
    @inlinable
    init(zeros count: Int) {
        self.init(unsafeUninitializedCapacity: count) { elements, initializedCount in
            UnsafeMutableRawBufferPointer(elements).initializeMemory(as: UInt8.self, repeating: 0)
            initializedCount = count
        }
    }
}
