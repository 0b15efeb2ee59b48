// Which values are written and read directly, and which through Codable's containers.
//
// Codable's containers cost several allocations a value. The types that messages are mostly made of (numbers, strings,
// arrays, dictionaries, optionals, dates, data) have a CBOR form of their own and skip them.

/// A type that writes its own CBOR form.
protocol CBOREncodable: Encodable {
    /// - Parameter path: The path to the value.
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws

    /// Writes an array of such values, in code that is the type's own and not generic.
    static func write(_ elements: [Self], to writer: CBORWriter, path: () -> CodingPath?) throws

    /// Writes a value that is a whole message, all but a large block of memory that it ends with: `body` gets that.
    func withTrailingBlock(
        to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws

    /// The same for an array of such values.
    static func withTrailingBlock(
        of elements: [Self], to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws
}

extension UnsafeRawBufferPointer {
    /// No bytes.
    static var empty: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}

/// A type that reads its own CBOR form.
protocol CBORDecodable: Decodable {
    /// Reads the item at the reader's position, and leaves the reader behind it.
    ///
    /// - Parameter path: The path to the value.
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Self

    /// Reads an array of such values, in code that is the type's own and not generic.
    static func readArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Self]
}

typealias CBORCodable = CBOREncodable & CBORDecodable

/// Writes values of one type. Finding out whether the type writes itself takes longer than to write a number:
/// a loop makes its encoder beforehand.
struct ValueEncoder<Value: Encodable> {
    private let native = Value.self as? any CBOREncodable.Type

    var isNative: Bool { native != nil }

    func encode(_ value: Value, to writer: CBORWriter, path: () -> CodingPath?) throws {
        if let native {
            try write(value, as: native, to: writer, path: path)
        } else {
            let path = path()
            try writer.withFrame { id in
                try value.encode(to: CBOREncoder(writer: writer, path: path, frameID: id))
            }
        }
    }

    func encode(_ elements: [Value], to writer: CBORWriter, path: () -> CodingPath?) throws {
        if let native {
            try write(elements, as: native, to: writer, path: path)
        } else {
            try writer.append(elements, path: path) { element, path in
                try encode(element, to: writer, path: path)
            }
        }
    }

    func withTrailingBlock(
        of value: Value, to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if let native { return try withTrailingBlock(of: value, as: native, to: writer, body) }
        try encode(value, to: writer, path: { nil })
        return try body(.empty)
    }

    func withTrailingBlock(
        of elements: [Value], to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        if let native { return try withTrailingBlock(of: elements, as: native, to: writer, body) }
        try encode(elements, to: writer, path: { nil })
        return try body(.empty)
    }

    private func withTrailingBlock<Native: CBOREncodable>(
        of value: Value, as _: Native.Type, to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try unsafeBitCast(value, to: Native.self).withTrailingBlock(to: writer, body)
    }

    private func withTrailingBlock<Native: CBOREncodable>(
        of elements: [Value], as _: Native.Type, to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try Native.withTrailingBlock(of: unsafeBitCast(elements, to: [Native].self), to: writer, body)
    }

    private func write<Native: CBOREncodable>(
        _ value: Value, as _: Native.Type, to writer: CBORWriter, path: () -> CodingPath?
    ) throws {
        // The same type under another name, of which `as!` would need much longer to convince itself.
        try unsafeBitCast(value, to: Native.self).write(to: writer, path: path)
    }

    private func write<Native: CBOREncodable>(
        _ elements: [Value], as _: Native.Type, to writer: CBORWriter, path: () -> CodingPath?
    ) throws {
        try Native.write(unsafeBitCast(elements, to: [Native].self), to: writer, path: path)
    }
}

/// Reads values of one type. As with ``ValueEncoder``, a loop makes its decoder beforehand.
struct ValueDecoder<Value: Decodable> {
    private let native = Value.self as? any CBORDecodable.Type

    var isNative: Bool { native != nil }

    /// Reads the item at the reader's position, and leaves the reader behind it.
    func decode(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Value {
        let value = try decode(at: &reader, path: path)
        if native == nil { try reader.skip() }
        return value
    }

    /// Reads the item at the reader's position. The reader stays there unless the type reads itself.
    func decode(at reader: inout CBORReader, path: () -> CodingPath?) throws -> Value {
        if let native { return try read(native, from: &reader, path: path) }
        let (message, offset, path) = (reader.message, reader.position, path())
        return try message.descend(to: offset, path: path) {
            try Value(from: CBORDecoder(message: message, offset: offset, path: path))
        }
    }

    /// Reads an array that is the item at the reader's position, and leaves the reader behind it.
    func decodeArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Value] {
        if let native { return try readArray(native, from: &reader, path: path) }
        return try reader.array(path: path) { reader, path in
            try decode(from: &reader, path: path)
        }
    }

    private func readArray<Native: CBORDecodable>(
        _: Native.Type, from reader: inout CBORReader, path: () -> CodingPath?
    ) throws -> [Value] {
        unsafeBitCast(try Native.readArray(from: &reader, path: path), to: [Value].self)
    }

    private func read<Native: CBORDecodable>(
        _: Native.Type, from reader: inout CBORReader, path: () -> CodingPath?
    ) throws -> Value {
        unsafeBitCast(try Native.read(from: &reader, path: path), to: Value.self)
    }
}
