/// How many elements each rank contributes or gets, and where its part begins in the whole buffer.
///
/// Made once, used in any number of calls without further allocation.
///
/// MPI: the arguments `counts` and `displs` of the v-collectives, MPI-3.1 §5.5.
public struct VariableCounts: Sendable, ExpressibleByArrayLiteral {
    @usableFromInline let counts: [CInt]
    @usableFromInline let displacements: [CInt]
    /// How many elements the whole buffer needs at least.
    public let extent: Int
    /// Whether two parts share an element.
    @usableFromInline let overlaps: Bool
    /// Whether the parts follow each other in rank order, without gaps.
    @usableFromInline let isPacked: Bool

    /// Parts that follow each other without gaps, in rank order.
    ///
    /// - Parameter counts: One a rank, not negative; together at most 2³¹−1, which is all MPI-3.1 can address.
    public init(_ counts: some Sequence<Int>) {
        var starts: [Int] = []
        var next = 0
        let counts = Array(counts)
        for count in counts {
            starts.append(next)
            next += count
        }
        self.init(counts, displacements: starts)
    }

    /// Parts at given places.
    ///
    /// - Parameters:
    ///   - counts: One a rank, not negative.
    ///   - displacements: Where each part begins, in elements from the start of the buffer, not negative.
    public init(_ counts: [Int], displacements: [Int]) {
        precondition(counts.count == displacements.count, "as many displacements as counts")
        precondition(counts.allSatisfy { $0 >= 0 } && displacements.allSatisfy { $0 >= 0 }, "no negative counts")
        self.extent = zip(counts, displacements).map { $0 + $1 }.max() ?? 0
        precondition(extent <= Int(CInt.max), "a variable-count collective takes at most 2³¹−1 elements")
        var end = 0
        var overlaps = false
        for (start, count) in zip(displacements, counts).filter({ $1 > 0 }).sorted(by: { $0.0 < $1.0 }) {
            if start < end { overlaps = true }
            end = start + count
        }
        self.overlaps = overlaps
        self.isPacked = !overlaps && counts.reduce(0, +) == extent && displacements == displacements.sorted()
        self.counts = counts.map { CInt($0) }
        self.displacements = displacements.map { CInt($0) }
    }

    public init(arrayLiteral counts: Int...) { self.init(counts) }

    /// As even as possible: the first parts get one more where it does not divide.
    @usableFromInline
    static func even(_ total: Int, parts: Int) -> VariableCounts {
        let (quotient, rest) = total.quotientAndRemainder(dividingBy: max(1, parts))
        return VariableCounts((0..<parts).map { $0 < rest ? quotient + 1 : quotient })
    }
}

extension Communicator {
    /// The table of what every rank has: each tells its own count.
    ///
    /// Collective. For the v-collectives where only the rank itself knows how much it has.
    ///
    /// MPI: `MPI_Allgather`, MPI-3.1 §5.7.
    public final func counts(_ count: Int) throws(MPIError) -> VariableCounts {
        var all = [Int](repeating: 0, count: peerCount)
        try Allgather([count], into: &all)
        return VariableCounts(all)
    }
}

extension Communicator {
    /// Throws unless there is a count for every part and the buffer holds them all, one beside the other.
    ///
    /// - Parameter mayOverlap: Two parts may be read from the same place, but not written to it.
    @usableFromInline
    func require(
        _ counts: VariableCounts, in bufferCount: Int, _ parts: Int, _ function: StaticString, mayOverlap: Bool = false
    ) throws(MPIError) {
        try requireCount(counts.counts.count, parts, "the table of counts", function)
        if bufferCount < counts.extent {
            throw MPIError(
                refused: function, MPIError.count,
                "the whole buffer has \(bufferCount) elements, the counts need \(counts.extent)")
        }
        if counts.overlaps && !mayOverlap {
            throw MPIError(refused: function, MPIError.argument, "two parts would be written to the same place")
        }
    }

    /// Throws unless the parts fill the buffer without gaps.
    @usableFromInline
    func requirePacked(_ counts: VariableCounts, _ bufferCount: Int, _ function: StaticString) throws(MPIError) {
        try require(counts, in: bufferCount, size, function)
        try requireCount(bufferCount, counts.extent, "the whole", function)
        if !counts.isPacked {
            throw MPIError(
                refused: function, MPIError.argument, "the parts of a reduction follow each other without gaps")
        }
    }

    /// Throws unless this rank's part is of the size the table tells.
    @inlinable
    func requireOwnPart(
        _ elementCount: Int, _ counts: VariableCounts, _ item: BufferItem, _ function: StaticString
    ) throws(MPIError) {
        try requireCount(elementCount, Int(counts.counts[rank]) * item.elements, "this rank's own part", function)
    }
}
