public import CMPI

/// A choice of elements of a buffer that are not contiguous, such as a column, a face of a block or every third
/// element.
///
/// Create a layout once and use it in any number of calls, through a ``Selection`` of a buffer:
///
/// ```swift
/// let column = try Layout<Double>.vector(count: rows, stride: columns)
/// try world.Send(matrix.selecting(column, from: 3), dest: right)
/// ```
///
/// Layouts consist of elements or of other layouts. All positions and distances count elements, not bytes; inside a
/// layout of layouts, they count extents of the inner layout. A layout is freed with its last reference. Messages in
/// flight that use the layout are not affected.
///
/// MPI: derived datatypes, MPI-3.1 §4.1.
public final class Layout<Element: MPIDatatype> {
    /// MPI's handle for the layout, committed.
    @inlinable public var handle: MPI_Datatype { derived ?? Element.mpiDatatype }
    /// The number of bytes in a message of one item (`MPI_Type_size_x`).
    public var size: Int { elementCount * SwiftMPI.byteCount(of: Element.mpiDatatype) }
    /// The number of elements in one item.
    public let elementCount: Int
    /// The beginning of an item, in elements from the address at which the layout is used. It does not affect where the
    /// elements lie.
    public let lowerBound: Int
    /// The distance between consecutive items, in elements (`MPI_Type_get_extent_x`).
    public let extent: Int
    /// The position of the first element, counted from the address at which the layout is used. May be negative.
    public let trueLowerBound: Int
    /// The number of elements from the first to the last, inclusive (`MPI_Type_get_true_extent_x`).
    public let trueExtent: Int

    /// How many consecutive items share no element; 0 if a single item contains an element twice.
    @usableFromInline let disjointCount: Int
    /// Returns the elements in the order in which the message contains them.
    let pieces: @Sendable () -> [Range<Int>]
    /// The datatype derived from the element's datatype, which this layout owns; `nil` for the layout of a single
    /// element.
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

    /// Takes ownership of a datatype and commits it.
    ///
    /// - Parameters:
    ///   - isTiling: Whether it is known that no element occurs twice, in one item or in consecutive items.
    ///   - pieces: Returns the elements of one item.
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
        // The bytes of an element that are sent need not begin or end where the element does.
        let end = Int(lower + length + MPI_Count(stride) - 1).floorDivided(by: stride)
        trueLowerBound = Int(lower).floorDivided(by: stride)
        trueExtent = end - trueLowerBound
        disjointCount = isTiling ? .max : countDisjoint(pieces(), extent: extent, trueExtent: trueExtent)
    }

    deinit {
        if let derived { CommittedDatatypes.free(DatatypeHandle(datatype: derived)) }
    }
}

/// A layout is immutable, and MPI lets any thread use its handle.
extension Layout: @unchecked Sendable {}

extension Status {
    /// Returns the number of items of a layout in the message, or `nil` if the message is not a whole number of items.
    ///
    /// MPI: `MPI_Get_elements_x`, MPI-3.1 §4.1.11.
    public func count<T>(of layout: Layout<T>) -> Int? { count(of: layout.handle) }
}

extension Int {
    /// Returns the quotient, rounded toward minus infinity.
    fileprivate func floorDivided(by divisor: Int) -> Int { (self - (self % divisor + divisor) % divisor) / divisor }
}
