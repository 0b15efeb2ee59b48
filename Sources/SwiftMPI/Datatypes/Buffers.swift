public import CMPI

/// Memory whose elements MPI can send: a `Span`, an `Array`, or a ``Selection`` of elements from either.
///
/// Every uppercase call accepts such a buffer. A type of your own, such as a matrix, can conform if its elements lie in
/// one block that does not move when the value is moved: a nonblocking call keeps the value while MPI keeps the
/// address.
public protocol SendBuffer<Element>: ~Copyable, ~Escapable {
    /// The type of the elements.
    associatedtype Element: MPIDatatype

    /// The number of items that MPI sees: elements, or layouts in a ``Selection``.
    var count: Int { get }
    /// The description of one item.
    var item: BufferItem { get }
    /// The positions of the elements relative to the address, or `nil` if the elements are not contiguous.
    ///
    /// Reductions require contiguous elements.
    var contiguousElements: Range<Int>? { get }
    /// Calls `body` with the address of the first item.
    func withAddress(_ body: (UnsafeRawPointer?) throws(MPIError) -> CInt) throws(MPIError) -> CInt
}

/// Memory that MPI can fill: a `MutableSpan`, an `Array` whose count is the available room, or a part of either.
public protocol ReceiveBuffer<Element>: SendBuffer, ~Copyable, ~Escapable {
    /// Calls `body` with the address of the first item, for writing.
    mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt
}

/// One item of a buffer, as MPI sees it.
///
/// MPI: `MPI_Datatype` and its extent, MPI-3.1 §4.1.
public struct BufferItem {
    /// MPI's handle for one item.
    public let datatype: MPI_Datatype
    /// The distance from the beginning of one item to the beginning of the next, in bytes.
    public let extent: Int
    /// The number of elements in one item.
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

/// Returns the number of bytes of an item that MPI moves, without gaps and padding; 0 while MPI is not running.
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

    /// The number of elements in all items.
    @inlinable var elementCount: Int { count * item.elements }

    /// The number of bytes that MPI moves.
    @usableFromInline var byteCount: Int { count * SwiftMPI.byteCount(of: item.datatype) }

    /// Calls `body` with a description of the buffer, or of one of its equal parts.
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
    /// Calls `body` with a description of the buffer, or of one of its equal parts.
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

    // Does not use `span`: the optimizer of Swift 6.3 assumes that a function which reads an array only through its
    // span does not read the elements. When such a function is called with an array literal, the elements are never
    // stored.
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

    /// Calls `body` with the address of the slice's elements.
    ///
    /// For a slice in its array, such as `&array[2..<5]`, Swift copies the elements out and, after the call, back. To
    /// avoid the copies, use `array.mutableSpan.selecting(.element, count: 3, from: 2)`.
    @inlinable
    public mutating func withMutableAddress(
        _ body: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) -> CInt {
        try withUnsafeMutableBufferPointer { (elements) throws(MPIError) in try body(elements.baseAddress) }
    }
}
