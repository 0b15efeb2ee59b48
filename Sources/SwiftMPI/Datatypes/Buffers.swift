public import CMPI

/// Memory whose elements MPI can send: a `Span`, an `Array`, or some elements of one (``Selection``).
///
/// The uppercase calls take any such buffer. Conform a type of your own, such as a matrix, where its elements lie in
/// one block that stays in place when the value is moved, because a nonblocking call keeps the value and MPI the
/// address.
public protocol SendBuffer<Element>: ~Copyable, ~Escapable {
    /// What the memory consists of.
    associatedtype Element: MPIDatatype

    /// How many items MPI sees: elements or, in a ``Selection``, layouts.
    var count: Int { get }
    /// What one item is.
    var item: BufferItem { get }
    /// Where the elements lie, counted from the address, if they follow each other in memory; `nil` if they do not.
    ///
    /// Reductions need them to.
    var contiguousElements: Range<Int>? { get }
    /// Gives `body` the address of the first item.
    func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt
}

/// Memory that MPI can fill: a `MutableSpan`, an `Array` whose count is the room there is, or part of one.
public protocol ReceiveBuffer<Element>: SendBuffer, ~Copyable, ~Escapable {
    /// Gives `body` the address of the first item, to be written to.
    mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt
}

/// What a buffer consists of, as MPI sees it.
///
/// MPI: `MPI_Datatype` and its extent, MPI-3.1 §4.1.
public struct BufferItem {
    /// MPI's handle for one item.
    public let datatype: MPI_Datatype
    /// From the beginning of one item to that of the next, in bytes.
    public let extent: Int
    /// How many elements one item holds.
    public let elements: Int

    @inlinable
    public init(datatype: MPI_Datatype, extent: Int, elements: Int) {
        self.datatype = datatype
        self.extent = extent
        self.elements = elements
    }

    /// A single element of a type.
    @inlinable
    public static func element<T: MPIDatatype>(_ type: T.Type) -> BufferItem {
        BufferItem(datatype: T.mpiDatatype, extent: MemoryLayout<T>.stride, elements: 1)
    }
}

/// How many bytes of an item MPI moves: its extent without gaps and padding. 0 while MPI is not running.
///
/// MPI: `MPI_Type_size_x`, MPI-3.1 §4.1.5.
@usableFromInline
func byteCount(of datatype: MPI_Datatype) -> Int {
    var size: MPI_Count = 0
    if MPI.isRunning { MPI_Type_size_x(datatype, &size) }
    return Int(size)
}

extension SendBuffer where Self: ~Copyable & ~Escapable {
    @inlinable public var item: BufferItem { .element(Element.self) }

    @inlinable public var contiguousElements: Range<Int>? {
        item.elements == 1 && item.extent == MemoryLayout<Element>.stride ? 0..<count : nil
    }

    /// How many elements all items hold.
    @inlinable var elementCount: Int { count * item.elements }

    /// How many bytes MPI moves.
    @usableFromInline var byteCount: Int { count * SwiftMPI.byteCount(of: item.datatype) }

    /// Describes the buffer, or one of its equal parts, to a call.
    @inlinable
    func sending(
        inParts parts: Int = 1, _ body: (UnsafeRawPointer?, CInt, MPI_Datatype) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try withAddress { (address) throws(MPIError) in
            try withCount(parts <= 1 ? count : count / parts, of: item) { (count, type) throws(MPIError) in
                try body(address, count, type)
            }
        }
    }
}

extension ReceiveBuffer where Self: ~Copyable & ~Escapable {
    /// Describes the buffer, or one of its equal parts, to a call.
    @inlinable
    mutating func receiving(
        inParts parts: Int = 1, _ body: (UnsafeMutableRawPointer?, CInt, MPI_Datatype) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        let (count, item) = (parts <= 1 ? count : count / parts, item)
        return try withMutableAddress { (address) throws(MPIError) in
            try withCount(count, of: item) { (count, type) throws(MPIError) in try body(address, count, type) }
        }
    }
}

extension Span: SendBuffer where Element: MPIDatatype {
    @inlinable public var contiguousElements: Range<Int>? { 0..<count }

    @inlinable
    public func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt {
        try withUnsafeBytes { (bytes) throws(MPIError) in try body(bytes.baseAddress) }
    }
}

extension MutableSpan: SendBuffer, ReceiveBuffer where Element: MPIDatatype {
    @inlinable public var contiguousElements: Range<Int>? { 0..<count }

    @inlinable
    public func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt {
        try withUnsafeBytes { (bytes) throws(MPIError) in try body(bytes.baseAddress) }
    }

    @inlinable
    public mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try withUnsafeMutableBytes { (bytes) throws(MPIError) in try body(bytes.baseAddress) }
    }
}

extension Array: SendBuffer, ReceiveBuffer where Element: MPIDatatype {
    @inlinable public var contiguousElements: Range<Int>? { 0..<count }

    // Not through `span`: the optimizer of Swift 6.3 believes that a function which reads an array only through that
    // does not read its elements, and where it is called with an array literal it never stores them.
    @inlinable
    public func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt {
        try withUnsafeBufferPointer { (elements) throws(MPIError) in try body(elements.baseAddress) }
    }

    @inlinable
    public mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try withUnsafeMutableBufferPointer { (elements) throws(MPIError) in try body(elements.baseAddress) }
    }
}

extension ArraySlice: SendBuffer, ReceiveBuffer where Element: MPIDatatype {
    @inlinable public var contiguousElements: Range<Int>? { 0..<count }

    @inlinable
    public func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt {
        try withUnsafeBufferPointer { (elements) throws(MPIError) in try body(elements.baseAddress) }
    }

    /// Of a slice in its array, `&array[2..<5]`, the elements are copied out and, when it is filled, back. Without a
    /// copy it goes by `array.mutableSpan.selecting(.element, count: 3, from: 2)`.
    @inlinable
    public mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try withUnsafeMutableBufferPointer { (elements) throws(MPIError) in try body(elements.baseAddress) }
    }
}
