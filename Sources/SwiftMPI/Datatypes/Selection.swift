/// Elements of a buffer, chosen by a ``Layout``, that the uppercase calls send or fill like a whole buffer.
///
/// A selection of an array owns or shares the array; a selection of a span lives no longer than the span. A selection
/// never extends beyond its buffer.
///
/// ```swift
/// try world.Send(matrix.selecting(column, from: 3), dest: right)
/// var halo = matrix.mutableSpan.selecting(column, from: 0)
/// try world.Recv(into: &halo, source: left)
/// ```
///
/// MPI: a buffer address and a count of items of a derived datatype, MPI-3.1 §4.1.11.
public struct Selection<Base: SendBuffer & ~Copyable & ~Escapable>: SendBuffer, ~Copyable, ~Escapable {
    public typealias Element = Base.Element

    /// The whole buffer.
    public var base: Base
    /// The layout of the selected elements.
    public let layout: Layout<Base.Element>
    /// The number of items, which follow each other at the extent of the layout.
    public let count: Int
    /// The position of the first item, in elements from the beginning of the buffer.
    public let start: Int

    @inlinable @_lifetime(copy base)
    init(_ base: consuming Base, _ layout: Layout<Base.Element>, count: Int, start: Int) {
        self.base = base
        self.layout = layout
        self.count = count
        self.start = start
    }

    @inlinable public var item: BufferItem { layout.item }

    /// The positions of the selected elements if they are contiguous; `nil` otherwise. Examines every piece of the
    /// layout.
    public var contiguousElements: Range<Int>? {
        let pieces = layout.pieces(of: [0..<count])
        guard let first = pieces.first, zip(pieces, pieces.dropFirst()).allSatisfy({ $0.upperBound == $1.lowerBound })
        else { return pieces.isEmpty ? 0..<0 : nil }
        return first.lowerBound..<pieces.last!.upperBound
    }

    @inlinable
    public func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt {
        let offset = start * MemoryLayout<Element>.stride
        return try base.withAddress { (address) throws(MPIError) in try body(address?.advanced(by: offset)) }
    }
}

extension Selection: Copyable where Base: Copyable & ~Escapable {}
extension Selection: Escapable where Base: Escapable & ~Copyable {}
extension Selection: BorrowedBuffer where Base: BorrowedBuffer & ~Copyable & ~Escapable {}

extension Selection: ReceiveBuffer where Base: ReceiveBuffer & ~Copyable & ~Escapable {
    @inlinable
    public mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try layout.requireDisjoint(count, "Selection")
        let offset = start * MemoryLayout<Element>.stride
        return try base.withMutableAddress { (address) throws(MPIError) in try body(address?.advanced(by: offset)) }
    }
}

extension SendBuffer where Self: ~Copyable & ~Escapable {
    /// Returns a selection of the buffer's elements.
    ///
    /// - Parameters:
    ///   - layout: The layout of the selected elements.
    ///   - count: The number of items, which follow each other at the extent of the layout.
    ///   - start: The position of the first item, in elements from the beginning of the buffer.
    /// - Throws: ``MPIError`` if an element would lie outside the buffer.
    @inlinable @_lifetime(copy self)
    public consuming func selecting(
        _ layout: Layout<Element>, count: Int = 1, from start: Int = 0
    ) throws(MPIError) -> Selection<Self> {
        try requireSingleElements("Selection")
        try layout.require(count, from: start, inside: self.count, "Selection")
        return Selection(self, layout, count: count, start: start)
    }

    /// Throws if the items of the buffer are already layouts instead of elements, or if MPI is not running.
    @inlinable
    func requireSingleElements(_ function: StaticString) throws(MPIError) {
        if !MPI.isInsideRun { try MPI.requireRunning(function) }
        if item.datatype != Element.mpiDatatype {
            throw MPIError(refused: function, .argument, "layouts apply to a whole buffer, not to a selection")
        }
    }
}

extension Layout {
    /// One item of the layout, as MPI sees it.
    @inlinable var item: BufferItem {
        BufferItem(datatype: handle, extent: extent * MemoryLayout<Element>.stride, elements: elementCount)
    }

    /// Throws if consecutive items share elements, because MPI cannot receive into the same memory twice.
    @inlinable
    func requireDisjoint(_ count: Int, _ function: StaticString) throws(MPIError) {
        if count > disjointCount {
            throw MPIError(
                refused: function, .argument,
                "\(count) items of the layout have an element twice, which cannot be received into")
        }
    }

    /// Throws unless consecutive items lie inside a buffer of `whole` elements. `nil` stands for a buffer of unknown
    /// length.
    @usableFromInline
    func require(_ count: Int, from start: Int, inside whole: Int?, _ function: StaticString) throws(MPIError) {
        if count < 0 { throw MPIError(refused: function, .count, "\(count) is no count") }
        if count == 0 || elementCount == 0 { return }
        let reach = reach(count: count, from: start)
        guard let reach, reach.lowerBound >= 0, reach.upperBound <= whole ?? .max else {
            let buffer = whole.map { "inside a buffer of \($0) elements" } ?? "inside a buffer"
            throw MPIError(
                refused: function, .argument,
                "\(count) items of a layout of \(trueExtent) elements from \(trueLowerBound), \(extent) apart, "
                    + "from element \(start) on are not \(buffer)")
        }
    }

    /// Returns the range from the first to the last element of consecutive items; `nil` if there are none or an `Int`
    /// overflows.
    func reach(count: Int, from start: Int) -> Range<Int>? {
        if count == 0 || elementCount == 0 { return nil }
        let (distance, overflow) = (count - 1).multipliedReportingOverflow(by: extent)
        let (last, lastOverflow) = start.addingReportingOverflow(distance)
        let (lower, lowerOverflow) = start.addingReportingOverflow(trueLowerBound)
        let (upper, upperOverflow) = last.addingReportingOverflow(trueLowerBound + trueExtent)
        return overflow || lastOverflow || lowerOverflow || upperOverflow ? nil : lower..<upper
    }
}
