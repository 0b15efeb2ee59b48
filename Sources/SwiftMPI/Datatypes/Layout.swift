public import CMPI

/// Which elements of a buffer a message has, where they do not lie one beside the other: a column, a face of a block,
/// every third element.
///
/// A layout is made once and used in any number of calls, through a ``Selection`` of a buffer:
///
/// ```swift
/// let column = try Layout<Double>.vector(count: rows, stride: columns)
/// try world.Send(matrix.selecting(column, from: 3), dest: right)
/// ```
///
/// Layouts are made of elements or of other layouts. All places and distances are told in elements (those inside a
/// layout of layouts, in extents of the inner one), not in bytes. A layout is freed with its last reference; messages
/// under way with it are not disturbed.
///
/// MPI: derived datatypes, MPI-3.1 §4.1.
public final class Layout<Element: MPIDatatype> {
    /// MPI's own handle, committed.
    @inlinable public var handle: MPI_Datatype { derived ?? Element.mpiDatatype }
    /// How many bytes a message of it has (`MPI_Type_size_x`).
    public var size: Int { elementCount * SwiftMPI.byteCount(of: Element.mpiDatatype) }
    /// How many elements it has.
    public let elementCount: Int
    /// Where it begins, in elements from the address it is used at; does not matter where it is used.
    public let lowerBound: Int
    /// From one to the next where several follow each other, in elements (`MPI_Type_get_extent_x`).
    public let extent: Int
    /// The first element it has, counted from the address it is used at; may be negative.
    public let trueLowerBound: Int
    /// From its first element to behind its last (`MPI_Type_get_true_extent_x`).
    public let trueExtent: Int

    /// How many can follow each other before an element belongs to two of them; 0 if one does so by itself.
    @usableFromInline let disjointCount: Int
    /// Lists the elements, in the order of their places in the message.
    let pieces: @Sendable () -> [Range<Int>]
    /// What was made of the datatype of the element, and belongs to the layout; `nil` for the element itself.
    @usableFromInline let derived: MPI_Datatype?

    /// The layout of a single element.
    public static var element: Layout { Layout() }

    private init() {
        derived = nil
        elementCount = 1
        (lowerBound, extent, trueLowerBound, trueExtent) = (0, 1, 0, 1)
        disjointCount = .max
        pieces = { [0..<1] }
    }

    /// Takes over a datatype and commits it.
    ///
    /// - Parameters:
    ///   - isTiling: Whether it is clear that no element belongs to it twice, or to one and the next.
    ///   - pieces: Lists its elements.
    init(_ datatype: MPI_Datatype, isTiling: Bool, pieces: @escaping @Sendable () -> [Range<Int>]) throws(MPIError) {
        var handle = CMPI_DATATYPE_NULL()
        handle = datatype
        try check("MPI_Type_commit", MPI_Type_commit(&handle))
        self.derived = try CommittedDatatypes.keep(unwrapped(handle)).datatype
        self.pieces = pieces
        elementCount = byteCount(of: datatype) / max(1, byteCount(of: Element.mpiDatatype))

        var lower: MPI_Count = 0
        var length: MPI_Count = 0
        let stride = MemoryLayout<Element>.stride
        try check("MPI_Type_get_extent_x", MPI_Type_get_extent_x(datatype, &lower, &length))
        (lowerBound, extent) = (Int(lower) / stride, Int(length) / stride)
        try check("MPI_Type_get_true_extent_x", MPI_Type_get_true_extent_x(datatype, &lower, &length))
        // An element need not begin or end with what travels of it.
        let end = Int(lower + length + MPI_Count(stride) - 1).dividedDown(by: stride)
        trueLowerBound = Int(lower).dividedDown(by: stride)
        trueExtent = end - trueLowerBound
        disjointCount = isTiling ? .max : countDisjoint(pieces(), extent: extent, trueExtent: trueExtent)
    }

    deinit {
        if let derived { CommittedDatatypes.free(DatatypeHandle(datatype: derived)) }
    }
}

/// It never changes, and MPI lets any thread use the handle.
extension Layout: @unchecked Sendable {}

extension Status {
    /// How many items of a layout the message had; `nil` if it was no whole number of them.
    ///
    /// MPI: `MPI_Get_elements_x`, MPI-3.1 §4.1.11.
    public func count<T>(of layout: Layout<T>) -> Int? { count(of: layout.handle) }
}

extension Int {
    /// The quotient, rounded towards minus infinity.
    fileprivate func dividedDown(by divisor: Int) -> Int { (self - (self % divisor + divisor) % divisor) / divisor }
}
