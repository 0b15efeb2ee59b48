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
        let layout: Layout<Element>
        let count: Int
        let start: Int

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
    }

    @usableFromInline let counts: [CInt]
    /// In bytes.
    @usableFromInline let displacements: [CInt]
    // Optional pointers in one MPI, integers in the other: the array's type is inferred.
    @usableFromInline private(set) var types = Array(repeating: CMPI_DATATYPE_NULL(), count: 0)
    /// Keeps the datatypes, and tells where the parts lie.
    private let parts: [Part]
    private let overlaps: Bool

    /// The parts of the ranks, in their order.
    ///
    /// - Throws: ``MPIError`` for a negative count, or a part that begins beyond 2³¹−1 bytes, which is as far as MPI-3.1
    ///   reaches here.
    public init(_ parts: [Part]) throws(MPIError) {
        var counts: [CInt] = []
        var displacements: [CInt] = []
        for part in parts {
            if part.count < 0 { throw MPIError(refused: "MPI_Alltoallw", MPIError.count, "\(part.count) is no count") }
            counts.append(try cCount(part.count, "MPI_Alltoallw"))
            let (bytes, overflow) = part.start.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
            guard !overflow, let displacement = CInt(exactly: bytes) else {
                throw MPIError(
                    refused: "MPI_Alltoallw", MPIError.argument,
                    "element \(part.start) is farther than this call reaches (\(CInt.max) bytes)")
            }
            displacements.append(displacement)
            types.append(part.layout.handle)
        }
        self.counts = counts
        self.displacements = displacements
        self.parts = parts
        // Only parts that are intertwined need a look at every element.
        overlaps =
            parts.contains { $0.count > $0.layout.disjointCount }
            || overlap(parts.compactMap { $0.layout.reach(count: $0.count, from: $0.start) })
                && overlap(parts.flatMap { $0.layout.pieces(of: [0..<$0.count], from: $0.start) })
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
            throw MPIError(refused: function, MPIError.count, "\(parts.count) layouts are not one for each of \(ranks)")
        }
        try whole.requireSingleElements(function)
        for part in parts { try part.layout.require(part.count, from: part.start, inside: whole.count, function) }
        if overlaps && !mayOverlap {
            throw MPIError(refused: function, MPIError.argument, "two parts would be written to the same place")
        }
    }
}
