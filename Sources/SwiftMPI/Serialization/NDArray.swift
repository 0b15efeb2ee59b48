/// A multidimensional array, like numpy's.
///
/// An array is sent as one block of memory with its shape (RFC 8746 §3.1). In Python it is a `numpy.ndarray`; see
/// <doc:WireFormat>. The same messages can be received as nested arrays, such as `[[Double]]`, row by row. The
/// uppercase calls accept ``elements``.
public struct NDArray<Element> {
    /// The number of elements along each dimension. Elements are contiguous along the last dimension.
    public let shape: [Int]
    /// The elements in row-major order: the last index changes fastest.
    public var elements: [Element] {
        willSet { requireCount(newValue.count) }
    }

    /// Creates an array.
    ///
    /// - Parameters:
    ///   - shape: The number of elements along each dimension. An array without dimensions has a single element.
    ///   - elements: The elements in row-major order. Their number must match the shape.
    public init(shape: [Int], elements: [Element]) {
        self.shape = shape
        self.elements = elements
        requireCount(elements.count)
    }

    /// Accesses the element at the given indices, one for each dimension.
    public subscript(indices: Int...) -> Element {
        get { elements[place(of: indices)] }
        set { elements[place(of: indices)] = newValue }
    }

    private func place(of indices: [Int]) -> Int {
        let isElement = indices.count == shape.count && zip(indices, shape).allSatisfy { $0 >= 0 && $0 < $1 }
        if !isElement { endJob(mistake: "there is no element \(indices) in an NDArray of shape \(shape)") }
        return zip(indices, shape).reduce(0) { $0 * $1.1 + $1.0 }
    }

    private func requireCount(_ count: Int) {
        if elementCount(of: shape) != count {
            endJob(mistake: "an NDArray of shape \(shape) cannot have \(count) elements")
        }
    }
}

extension NDArray: Equatable where Element: Equatable {}
extension NDArray: Hashable where Element: Hashable {}
extension NDArray: Sendable where Element: Sendable {}

/// Returns the number of elements of an array of a given shape, or nil if the shape is invalid or the number overflows.
private func elementCount(of shape: some Sequence<Int>) -> Int? {
    var product = 1
    for length in shape {
        if length < 0 { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: length)
        if overflow { return nil }
        product = next
    }
    return product
}

// Serializers other than CBOR encode an array as an object with these two keys.
extension NDArray {
    private enum CodingKeys: String, CodingKey { case shape, elements }
}

extension NDArray: Encodable where Element: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(shape, forKey: .shape)
        try container.encode(elements, forKey: .elements)
    }
}

extension NDArray: Decodable where Element: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let shape = try container.decode([Int].self, forKey: .shape)
        let elements = try container.decode([Element].self, forKey: .elements)
        guard elementCount(of: shape) == elements.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .shape, in: container,
                debugDescription: "The shape \(shape) is not that of \(elements.count) elements.")
        }
        self.init(shape: shape, elements: elements)
    }
}

extension NDArray: CBOREncodable where Element: Encodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws {
        try writeShape(to: writer)
        try ValueEncoder<Element>().encode(elements, to: writer, path: path)
    }

    func withTrailingBlock(to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try writeShape(to: writer)
        try ValueEncoder<Element>().withTrailingBlock(of: elements, to: writer, body)
    }

    private func writeShape(to writer: CBORWriter) throws {
        writer.append(.tag, CBORTag.rowMajorArray)
        writer.append(.array, 2)
        writer.append(.array, UInt64(shape.count))
        for length in shape { writer.append(.unsigned, UInt64(length)) }
    }
}

extension NDArray: CBORDecodable where Element: Decodable {
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> NDArray {
        let form = try reader.readShape(as: Self.self, path: path)
        let elements = try ValueDecoder<Element>().decodeArray(from: &reader, path: path)
        guard let form else { return NDArray(shape: [elements.count], elements: elements) }
        try form.require(elements.count, path)
        return NDArray(shape: form.shape, elements: form.inRowOrder(elements))
    }
}

/// The shape of an array in a message.
private struct ArrayForm {
    let shape: [Int]
    /// Whether the first index changes fastest, as in Fortran.
    let isColumnMajor: Bool

    func require(_ count: Int, _ path: () -> CodingPath?) throws {
        if elementCount(of: shape) != count { throw Self.corrupted(shape, count, path) }
    }

    static func corrupted(_ shape: [Int], _ count: Int, _ path: () -> CodingPath?) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: CodingPath.innermostKeys(path()),
                debugDescription: "The message has an array of the shape \(shape) with \(count) elements."))
    }

    func inRowOrder<Element>(_ elements: [Element]) -> [Element] {
        if !isColumnMajor || shape.count < 2 || elements.isEmpty { return elements }
        var strides: [Int] = []
        var stride = 1
        for length in shape {
            strides.append(stride)
            stride *= length
        }
        var index = [Int](repeating: 0, count: shape.count)
        var place = 0
        return (0..<elements.count).map { _ in
            defer {
                // Increments the last index first, with a carry.
                for dimension in shape.indices.reversed() {
                    index[dimension] += 1
                    place += strides[dimension]
                    if index[dimension] < shape[dimension] { break }
                    place -= index[dimension] * strides[dimension]
                    index[dimension] = 0
                }
            }
            return elements[place]
        }
    }
}

extension CBORReader {
    /// Reads the header of an array with a shape. If the array has no shape, returns nil and reads nothing.
    fileprivate mutating func readShape(as type: Any.Type, path: () -> CodingPath?) throws -> ArrayForm? {
        var ahead = self
        let (tag, item) = try ahead.next()
        guard CBORTag.isShape(tag) else { return nil }
        guard case .array(2) = item else { throw CBORMismatch.type.error(type, item, tag: tag, path()) }
        let shape = try [Int].read(from: &ahead, path: path)
        guard shape.count <= Self.maximumDimensions else { throw ArrayForm.corrupted(shape, 0, path) }
        self = ahead
        // The elements must not have a shape of their own.
        let (inner, elements) = try ahead.next()
        if CBORTag.isShape(inner) { throw CBORMismatch.type.error(type, elements, tag: inner, path()) }
        return ArrayForm(shape: shape, isColumnMajor: tag == CBORTag.columnMajorArray)
    }

    /// The maximum number of dimensions, which is numpy's limit.
    private static var maximumDimensions: Int { 64 }

    /// Returns a message that contains an array with a shape as nested arrays, for callers that read rows.
    ///
    /// Returns nil if the item at the reader's position is not an array with a shape.
    func nestedMessage(path: CodingPath?) throws -> CBORMessage? {
        var (ahead, reader) = (self, self)
        let tag = try ahead.next().tag
        return try reader.readNestedMessage(tag, path: { path })
    }

    /// Returns such a message and moves the reader past the array.
    ///
    /// - Parameter tag: The tag of the item at the reader's position.
    @inline(__always)
    mutating func readNestedMessage(_ tag: UInt64?, path: () -> CodingPath?) throws -> CBORMessage? {
        guard CBORTag.isShape(tag) else { return nil }
        return try nestedMessage(path)
    }

    private mutating func nestedMessage(_ path: () -> CodingPath?) throws -> CBORMessage? {
        guard let form = try readShape(as: [Any].self, path: path) else { return nil }
        let writer = CBORWriter(typedArrays: true)
        var ahead = self
        let (tag, item) = try ahead.next()
        if let element = item.isByteString ? TypedArrayForm(ofBlock: tag)?.element : nil {
            try element.writeNested(form, isTagged: tag != nil, from: &self, to: writer, path)
        } else if isAtComplexArray {
            try Complex<Double>.writeNested(form, isTagged: true, from: &self, to: writer, path)
        } else {
            let elements = try array(path: path) { reader, _ in
                let start = reader.position
                try reader.skip()
                return start..<reader.position
            }
            let bytes = message.bytes
            try writer.appendNested(elements, form, path) { row, writer in
                writer.append(.array, UInt64(row.count))
                for element in row { writer.bytes += bytes[element] }
            }
        }
        return CBORMessage(owning: writer.bytes, inside: message)
    }
}

extension CBORBlockElement {
    fileprivate static func writeNested(
        _ form: ArrayForm, isTagged: Bool, from reader: inout CBORReader, to writer: CBORWriter,
        _ path: () -> CodingPath?
    ) throws {
        try writer.appendNested(readArray(from: &reader, path: path), form, path) { row, writer in
            // Rows of a byte string are byte strings; rows of an array of bytes are arrays.
            if Self.self == UInt8.self && isTagged { writer.append(.tag, TypedArrayForm.bytes.tag) }
            try write(Array(row), to: writer, path: path)
        }
    }
}

extension CBORWriter {
    /// Appends the rows of an array as nested arrays.
    fileprivate func appendNested<Element>(
        _ elements: [Element], _ form: ArrayForm, _ path: () -> CodingPath?,
        _ append: (ArraySlice<Element>, CBORWriter) throws -> Void
    ) throws {
        try form.require(elements.count, path)
        // A few bytes can claim any number of rows without elements.
        guard let length = form.shape.last, let rows = elementCount(of: form.shape.dropLast()),
            rows <= max(elements.count, 1 << 16)
        else { throw ArrayForm.corrupted(form.shape, elements.count, path) }
        let ordered = form.inRowOrder(elements)
        var next = 0
        func appendArrays(_ shape: ArraySlice<Int>) throws {
            guard let count = shape.first, shape.count > 1 else {
                try append(ordered[next..<next + length], self)
                next += length
                return
            }
            self.append(.array, UInt64(count))
            for _ in 0..<count { try appendArrays(shape.dropFirst()) }
        }
        try appendArrays(form.shape[...])
    }
}
