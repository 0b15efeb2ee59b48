public import CMPI

/// The number of elements that each rank contributes or receives in a v-collective.
///
/// Pass an `[Int]` with one count for each rank, or a ``VariableCounts``, which also specifies where the parts begin
/// and is checked only once for any number of calls.
///
/// `nil` stands for a split as even as possible; see ``PartCounts/even(_:parts:)``.
public protocol PartCounts {
    /// The table of counts; `nil` for the even split.
    var variableCounts: VariableCounts? { get }
}

extension VariableCounts: PartCounts {
    @inlinable public var variableCounts: VariableCounts? { self }
}

extension Array: PartCounts where Element == Int {
    @inlinable public var variableCounts: VariableCounts? { VariableCounts(self) }
}

extension Optional: PartCounts where Wrapped: PartCounts {
    @inlinable public var variableCounts: VariableCounts? { self?.variableCounts }
}

/// The number of elements that each rank contributes or receives, and where its part begins in the whole buffer.
///
/// A table is made once and can be used in any number of calls without further allocation. If a number in a table is
/// negative or too large, the call that takes the table throws an ``MPIError``.
///
/// With any library, the parts may have more than 2³¹−1 elements in total. If a single part has more than 2³¹−1
/// elements, or two parts begin 2³² or more elements apart, the library must have the large-count calls of MPI-4. With
/// an older library, `Allgatherv` and `Iallgatherv` still work, except that `Iallgatherv` throws in Open MPI 4 if a
/// part has more than 2³¹−1 elements; all other calls throw.
///
/// MPI: the arguments `counts` and `displs` of the v-collectives, MPI-3.1 §5.5.
public struct VariableCounts: Sendable, ExpressibleByArrayLiteral {
    @usableFromInline let counts: [CInt]
    /// The beginnings of the parts, in elements from `base`.
    @usableFromInline let displacements: [CInt]
    /// The element from which displacements are counted: 0, or an element in the middle, which doubles their reach.
    @usableFromInline let base: Int
    /// The minimum number of elements that the whole buffer must have.
    public let extent: Int
    /// The total number of elements in all parts.
    @usableFromInline let total: Int
    /// Whether two parts share an element.
    @usableFromInline let overlaps: Bool
    /// Whether the parts follow each other in rank order without gaps.
    @usableFromInline let isPacked: Bool
    /// Numbers that do not fit into C ints; `counts` and `displacements` are empty then.
    @usableFromInline let large: Large?
    private let problem: Problem?

    /// A table of numbers that exceed a C int.
    @usableFromInline
    final class Large: Sendable {
        @usableFromInline let counts: [MPI_Count]
        @usableFromInline let displacements: [MPI_Aint]
        /// Whether the counts alone exceed C ints. The counts are the same on all ranks of an `Allgatherv`, so all
        /// ranks choose the same substitute.
        let isByCounts: Bool

        init(_ counts: [Int], _ displacements: [Int], isByCounts: Bool) {
            self.counts = counts.map { MPI_Count($0) }
            self.displacements = displacements
            self.isByCounts = isByCounts
        }
    }

    /// The reason why every call rejects the table.
    private final class Problem: Sendable {
        let errorClass: MPIError.Class
        let message: String

        init(_ errorClass: MPIError.Class, _ message: String) {
            self.errorClass = errorClass
            self.message = message
        }
    }

    /// Creates a table of parts that follow each other in rank order without gaps.
    ///
    /// - Parameter counts: The number of elements in each rank's part; must not be negative.
    public init(_ counts: some Sequence<Int>) {
        let counts = Array(counts)
        var next = 0
        self.init(
            counts,
            displacements: counts.map { count in
                defer { next = next.addingReportingOverflow(count).partialValue }
                return next
            })
    }

    /// Creates a table of parts at given positions.
    ///
    /// - Parameters:
    ///   - counts: The number of elements in each rank's part; must not be negative.
    ///   - displacements: Where each part begins, in elements from the start of the buffer; must not be negative.
    public init(_ counts: [Int], displacements: [Int]) {
        problem = Self.problem(counts, displacements)
        if problem != nil {
            (self.counts, self.displacements, base, extent, total) = ([], [], 0, 0, 0)
            (overlaps, isPacked, large) = (false, false, nil)
            return
        }
        extent = zip(counts, displacements).map { $0 + $1 }.max() ?? 0
        total = counts.reduce(0, +)
        var end = 0
        var overlaps = false
        for (start, count) in zip(displacements, counts).filter({ $1 > 0 }).sorted(by: { $0.0 < $1.0 }) {
            if start < end { overlaps = true }
            end = start + count
        }
        self.overlaps = overlaps
        isPacked = !overlaps && total == extent && displacements == displacements.sorted()

        let (lowest, highest) = (displacements.min() ?? 0, displacements.max() ?? 0)
        let isByCounts =
            counts.contains { $0 > Int(CInt.max) } || counts.dropLast().reduce(0, +) > Int(UInt32.max)
        if isByCounts || highest - lowest > Int(UInt32.max) {
            (self.counts, self.displacements, base) = ([], [], 0)
            large = Large(counts, displacements, isByCounts: isByCounts)
        } else {
            let base = highest <= Int(CInt.max) ? 0 : lowest + (1 << 31)
            self.counts = counts.map { CInt($0) }
            self.displacements = displacements.map { CInt($0 - base) }
            self.base = base
            large = nil
        }
    }

    private static func problem(_ counts: [Int], _ displacements: [Int]) -> Problem? {
        if counts.count != displacements.count {
            return Problem(.count, "\(counts.count) counts and \(displacements.count) displacements")
        }
        if let count = counts.first(where: { $0 < 0 }) {
            return Problem(.count, "\(count) is no count of elements")
        }
        var total = 0
        for count in counts {
            let (sum, overflow) = total.addingReportingOverflow(count)
            if overflow { return tooLarge }
            total = sum
        }
        if let place = displacements.first(where: { $0 < 0 }) {
            return Problem(.argument, "\(place) is no place in a buffer")
        }
        return zip(counts, displacements).contains { $1 > Int.max - $0 } ? tooLarge : nil
    }

    private static var tooLarge: Problem { Problem(.count, "the parts have more elements than memory") }

    /// The number of parts; 0 for an unusable table.
    public var partCount: Int { large?.counts.count ?? counts.count }

    /// Returns the number of elements in a rank's part.
    public func count(of rank: Int) -> Int { large.map { Int($0.counts[rank]) } ?? Int(counts[rank]) }

    /// Returns where a rank's part begins, in elements from the start of the buffer.
    public func start(of rank: Int) -> Int { large.map { $0.displacements[rank] } ?? Int(displacements[rank]) + base }

    /// Returns the range of a rank's part in the buffer.
    public func range(of rank: Int) -> Range<Int> { start(of: rank)..<start(of: rank) + count(of: rank) }

    /// Returns the number of elements in the items of a part, or `nil` if there is no such part.
    @inlinable
    func elementCount(of part: Int, _ itemElements: Int) -> Int? {
        part < partCount ? count(of: part) &* itemElements : nil
    }

    /// Whether all parts are empty.
    @usableFromInline var isEmpty: Bool { (0..<partCount).allSatisfy { count(of: $0) == 0 } }

    /// Returns a part as a block of a datatype.
    @usableFromInline
    func block(_ part: Int, of item: BufferItem) -> Block {
        Block(offset: start(of: part) * item.extent, count: count(of: part), type: item.datatype)
    }

    /// Throws if the table cannot be used.
    @usableFromInline
    func require(_ function: StaticString) throws(MPIError) {
        if let problem { throw MPIError(refused: function, problem.errorClass, problem.message) }
    }

    public init(arrayLiteral counts: Int...) { self.init(counts) }

    /// Creates a table beyond C ints with the same numbers.
    private init(enlarging table: VariableCounts) {
        (counts, displacements, base, extent, total) = ([], [], 0, table.extent, table.total)
        (overlaps, isPacked, problem) = (table.overlaps, table.isPacked, nil)
        let parts = 0..<table.partCount
        large = Large(parts.map { table.count(of: $0) }, parts.map { table.start(of: $0) }, isByCounts: false)
    }

    /// Returns the two tables of a call, both beyond C ints if either is.
    @inlinable
    static func alike(_ sent: VariableCounts, _ received: VariableCounts) -> (VariableCounts, VariableCounts) {
        if sent.large == nil && received.large == nil { return (sent, received) }
        return (sent.enlarged, received.enlarged)
    }

    @usableFromInline var enlarged: VariableCounts { large == nil && problem == nil ? .init(enlarging: self) : self }
}

extension PartCounts where Self == VariableCounts {
    /// Splits a whole as evenly as possible; if it does not divide evenly, the first parts get one element more.
    ///
    /// - Parameters:
    ///   - total: The number of elements in the whole.
    ///   - parts: The number of parts, such as the size of the communicator.
    @inlinable
    public static func even(_ total: Int, parts: Int) -> VariableCounts {
        let (quotient, rest) = total.quotientAndRemainder(dividingBy: max(1, parts))
        return VariableCounts((0..<parts).map { $0 < rest ? quotient + 1 : quotient })
    }
}

extension VariableCounts: CustomStringConvertible {
    /// The counts, and the beginnings of the parts if they do not follow each other.
    public var description: String {
        if let problem { return "unusable counts: \(problem.message)" }
        let parts = (0..<partCount).map { isPacked ? "\(count(of: $0))" : "\(count(of: $0)) from \(start(of: $0))" }
        return "[\(parts.joined(separator: ", "))]"
    }
}

extension Communicator {
    /// Returns the table of all ranks' counts, to which each rank contributes its own.
    ///
    /// Collective. For v-collectives in which only the rank itself knows its count. To split a whole, see
    /// ``PartCounts/even(_:parts:)``.
    ///
    /// MPI: `MPI_Allgather`, MPI-3.1 §5.7.
    public final func counts(_ count: Int) throws(MPIError) -> VariableCounts {
        var all = [Int](repeating: 0, count: peerCount)
        try Allgather([count], into: &all)
        return VariableCounts(all)
    }
}

extension Communicator {
    /// Throws unless there is a count for every part and the buffer holds all parts without overlap.
    ///
    /// - Parameter mayOverlap: Whether parts may overlap: two parts may be read from the same place, but not written to
    ///   it.
    @usableFromInline
    func require(
        _ counts: VariableCounts, in bufferCount: Int, _ parts: Int, _ function: StaticString, mayOverlap: Bool = false
    ) throws(MPIError) {
        try counts.require(function)
        try requireCount(counts.partCount, parts, "the table of counts", function)
        if bufferCount < counts.extent {
            throw MPIError(
                refused: function, .count,
                "the whole buffer has \(bufferCount) elements, the counts need \(counts.extent)")
        }
        if counts.overlaps && !mayOverlap {
            throw MPIError(refused: function, .argument, "two parts would be written to the same place")
        }
    }

    /// Throws if the library has no calls for counts that exceed a C int.
    @usableFromInline
    func requireLargeCounts(_ function: StaticString) throws(MPIError) {
        if CMPI_HAS_LARGE_COUNTS() == 0 {
            throw MPIError(
                refused: function, .count,
                "a part has more than \(CInt.max) elements, or begins \(1 << 32) or more elements after another: "
                    + "this needs a library with the MPI-4 calls for large counts")
        }
    }

    /// Throws if a part has more elements than the library can put into a table.
    @inlinable
    func requirePart(_ count: Int, _ function: StaticString) throws(MPIError) {
        if count > Int(CInt.max) { try requireLargeCounts(function) }
    }

    /// Throws unless the parts fill the buffer without gaps.
    @usableFromInline
    func requirePacked(_ counts: VariableCounts, _ bufferCount: Int, _ function: StaticString) throws(MPIError) {
        try require(counts, in: bufferCount, size, function)
        try requireCount(bufferCount, counts.extent, "the whole", function)
        _ = try cCount(bufferCount, function)
        if !counts.isPacked {
            throw MPIError(
                refused: function, .argument, "the parts of a reduction must follow each other without gaps")
        }
    }

    /// Throws unless this rank's part has the size given in the table.
    @inlinable
    func requireOwnPart(
        _ elementCount: Int, _ counts: VariableCounts, _ item: BufferItem, _ function: StaticString
    ) throws(MPIError) {
        try requireCount(elementCount, counts.count(of: rank) * item.elements, "this rank's own part", function)
    }
}
