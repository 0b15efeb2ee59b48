public import CMPI

/// A layout for each rank, which selects the elements of one buffer that the rank sends or receives.
///
/// Create the layouts once and use them in any number of calls without further allocation.
///
/// ```swift
/// let columns = try VariableLayouts((0..<world.size).map { .init(column, at: $0) })
/// ```
///
/// MPI: the arguments `counts`, `displs` and `types` of `MPI_Alltoallw`, MPI-3.1 §5.8.
public struct VariableLayouts<Element: MPIDatatype>: @unchecked Sendable {
    /// The elements that one rank sends or receives.
    public struct Part: Sendable {
        @usableFromInline let layout: Layout<Element>
        @usableFromInline let count: Int
        @usableFromInline let start: Int

        /// Creates a part that consists of items of a layout.
        ///
        /// - Parameters:
        ///   - layout: The layout of the items.
        ///   - count: The number of items, which follow each other at the extent of the layout.
        ///   - start: The position of the first item, in elements from the beginning of the buffer.
        public init(_ layout: Layout<Element> = .element, count: Int = 1, at start: Int = 0) {
            self.layout = layout
            self.count = count
            self.start = start
        }

        /// The number of elements in all items.
        @inlinable var elementCount: Int { count * layout.elementCount }

        /// The range from the first to the last element; `nil` if there are no elements.
        var reach: Range<Int>? { layout.reach(count: count, from: start) }

        /// The elements in the order in which they are sent.
        var pieces: [Range<Int>] { layout.pieces(of: [0..<count], from: start) }
    }

    @usableFromInline let counts: [CInt]
    /// The positions of the parts, in bytes.
    @usableFromInline let displacements: [CInt]
    /// The counts and displacements in the types that the neighborhood calls take.
    @usableFromInline let neighborCounts: [CMPI_Neighbor_count]
    @usableFromInline let neighborDisplacements: [MPI_Aint]
    // Handles are optional pointers in one MPI and integers in the other, so the array's type is inferred.
    @usableFromInline private(set) var types = Array(repeating: CMPI_DATATYPE_NULL(), count: 0)
    /// The parts, which keep their datatypes alive and contain their positions.
    private let parts: [Part]
    /// Whether two parts share an element.
    let overlaps: Bool
    /// The datatypes of parts whose counts or displacements exceed a C `int`.
    private var large: [MessageTable] = []

    /// Creates the layouts from one part for each rank, in rank order.
    ///
    /// - Throws: ``MPIError`` for a negative count, or for a part that exceeds the address space.
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
                // If a number exceeds a C `int`, one item of a derived datatype describes the whole part.
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
        // Only interleaved parts need a check of every element.
        overlaps =
            parts.contains { $0.count > $0.layout.disjointCount }
            || overlap(parts.compactMap(\.reach)) && overlap(parts.flatMap(\.pieces))
    }

    /// Whether all parts are empty.
    @usableFromInline var isEmpty: Bool { parts.allSatisfy { $0.elementCount == 0 } }

    /// Returns the number of elements in a part, or `nil` if the part does not exist.
    @usableFromInline
    func elementCount(of part: Int) -> Int? { part < parts.count ? parts[part].elementCount : nil }

    /// Returns a part as a block of a datatype.
    @usableFromInline
    func block(_ part: Int) -> Block {
        Block(offset: neighborDisplacements[part], count: Int(counts[part]), type: unwrapped(types[part]))
    }

    /// Throws unless there is a part for every rank and all parts lie inside the buffer.
    ///
    /// - Parameter mayOverlap: Whether parts may share elements, which is allowed for reading but not for writing.
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
