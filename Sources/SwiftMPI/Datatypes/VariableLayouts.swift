public import CMPI

/// Which elements of a whole buffer each rank gets or sends: a layout of its own for every rank.
///
/// Made once, used in any number of calls without further allocation.
///
/// ```swift
/// let columns = try VariableLayouts((0..<world.size).map { .init(column, at: $0) })
/// ```
///
/// MPI: the arguments `counts`, `displs` and `types` of `MPI_Alltoallw`, MPI-3.1 §5.8.
public struct VariableLayouts<Element: MPIDatatype>: @unchecked Sendable {
    /// What one rank gets or sends.
    public struct Part: Sendable {
        @usableFromInline let layout: Layout<Element>
        @usableFromInline let count: Int
        @usableFromInline let start: Int

        /// Items of a layout.
        ///
        /// - Parameters:
        ///   - layout: Which elements.
        ///   - count: How many items of the layout, which follow each other at its extent.
        ///   - start: Where the first item begins, in elements from the beginning of the buffer.
        public init(_ layout: Layout<Element> = .element, count: Int = 1, at start: Int = 0) {
            self.layout = layout
            self.count = count
            self.start = start
        }

        /// How many elements all items have.
        @inlinable var elementCount: Int { count * layout.elementCount }

        /// From its first to behind its last element; `nil` where there is none.
        var reach: Range<Int>? { layout.reach(count: count, from: start) }

        /// Its elements, in the order in which they travel.
        var pieces: [Range<Int>] { layout.pieces(of: [0..<count], from: start) }
    }

    @usableFromInline let counts: [CInt]
    /// In bytes.
    @usableFromInline let displacements: [CInt]
    /// The counts and displacements as the neighborhood calls take them.
    @usableFromInline let neighborCounts: [CMPI_Neighbor_count]
    @usableFromInline let neighborDisplacements: [MPI_Aint]
    // Optional pointers in one MPI, integers in the other: the array's type is inferred.
    @usableFromInline private(set) var types = Array(repeating: CMPI_DATATYPE_NULL(), count: 0)
    /// Keeps the datatypes, and tells where the parts lie.
    private let parts: [Part]
    /// Whether two parts share an element.
    let overlaps: Bool
    /// Keeps the datatypes of the parts that are beyond C ints.
    private var large: [MessageTable] = []

    /// The parts of the ranks, in their order.
    ///
    /// - Throws: ``MPIError`` for a negative count, or a part that no memory has.
    public init(_ parts: [Part]) throws(MPIError) {
        var counts: [CInt] = []
        var displacements: [CInt] = []
        for part in parts {
            if part.count < 0 { throw MPIError(refused: "MPI_Alltoallw", .count, "\(part.count) is no count") }
            let (bytes, overflow) = part.start.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
            if overflow || part.count > 1 << 48 {
                throw MPIError(
                    refused: "MPI_Alltoallw", .argument,
                    "\(part.count) items from element \(part.start) on are more than memory has")
            }
            if let count = CInt(exactly: part.count), let displacement = CInt(exactly: bytes) {
                counts.append(count)
                displacements.append(displacement)
                types.append(part.layout.handle)
            } else {
                // Beyond C ints, one item of a datatype has all of it.
                let whole = try MessageTable([[Block(offset: bytes, count: part.count, type: part.layout.handle)]])
                counts.append(whole.counts[0])
                displacements.append(0)
                types.append(whole.types[0])
                large.append(whole)
            }
        }
        self.counts = counts
        self.displacements = displacements
        neighborCounts = counts.map { CMPI_Neighbor_count($0) }
        neighborDisplacements = displacements.map { MPI_Aint($0) }
        self.parts = parts
        // Only parts that are intertwined need a look at every element.
        overlaps =
            parts.contains { $0.count > $0.layout.disjointCount }
            || overlap(parts.compactMap(\.reach)) && overlap(parts.flatMap(\.pieces))
    }

    /// Whether no part has an element.
    @usableFromInline var isEmpty: Bool { parts.allSatisfy { $0.elementCount == 0 } }

    /// How many elements a part has; `nil` if there is no such part.
    @usableFromInline
    func elementCount(of part: Int) -> Int? { part < parts.count ? parts[part].elementCount : nil }

    /// A part as a block of a datatype.
    @usableFromInline
    func block(_ part: Int) -> Block {
        Block(offset: neighborDisplacements[part], count: Int(counts[part]), type: unwrapped(types[part]))
    }

    /// Throws unless there is a part for every rank, and all lie inside the buffer.
    ///
    /// - Parameter mayOverlap: Two parts may be read from the same place, but not written to it.
    @usableFromInline
    func require(
        _ ranks: Int, in whole: borrowing some SendBuffer<Element> & ~Copyable & ~Escapable, _ function: StaticString,
        mayOverlap: Bool = false
    ) throws(MPIError) {
        if parts.count != ranks {
            throw MPIError(refused: function, .count, "\(parts.count) layouts are not one for each of \(ranks)")
        }
        try whole.requireSingleElements(function)
        for part in parts { try part.layout.require(part.count, from: part.start, inside: whole.count, function) }
        if overlaps && !mayOverlap {
            throw MPIError(refused: function, .argument, "two parts would be written to the same place")
        }
    }
}
