// The values that are written and read directly, without Codable's containers.
//
// Codable's containers need several allocations for each value. The most common types in messages (numbers, strings,
// arrays, dictionaries, optionals, dates, data) have their own CBOR forms and bypass the containers.

/// A type that writes its own CBOR form.
protocol CBOREncodable: Encodable {
    /// - Parameter path: The path to the value.
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws

    /// Writes an array of such values in specialized code instead of generic code.
    static func write(_ elements: [Self], to writer: CBORWriter, path: () -> CodingPath?) throws

    /// Writes a value that is a whole message, except for a large block of memory at its end, which is passed to
    /// `body`.
    func withTrailingBlock(
        to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws

    /// Writes an array of such values in the same way.
    static func withTrailingBlock(
        of elements: [Self], to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws
}

extension UnsafeRawBufferPointer {
    /// An empty buffer.
    static var empty: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }
}

/// A type that reads its own CBOR form.
protocol CBORDecodable: Decodable {
    /// Reads the item at the reader's position and moves the reader past it.
    ///
    /// - Parameter path: The path to the value.
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Self

    /// Reads an array of such values in specialized code instead of generic code.
    static func readArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Self]
}

typealias CBORCodable = CBOREncodable & CBORDecodable

/// Writes values of one type. Checking whether the type writes itself takes longer than writing a number, so a loop
/// creates its encoder in advance.
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
        // The types are identical, but `as!` would take much longer to check this.
        try unsafeBitCast(value, to: Native.self).write(to: writer, path: path)
    }

    private func write<Native: CBOREncodable>(
        _ elements: [Value], as _: Native.Type, to writer: CBORWriter, path: () -> CodingPath?
    ) throws {
        try Native.write(unsafeBitCast(elements, to: [Native].self), to: writer, path: path)
    }
}

/// Reads values of one type. As with ``ValueEncoder``, a loop creates its decoder in advance.
struct ValueDecoder<Value: Decodable> {
    private let native = Value.self as? any CBORDecodable.Type

    var isNative: Bool { native != nil }

    /// Reads the item at the reader's position and moves the reader past it.
    func decode(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Value {
        let value = try decode(at: &reader, path: path)
        if native == nil { try reader.skip() }
        return value
    }

    /// Reads the item at the reader's position. The reader moves only if the type reads itself.
    func decode(at reader: inout CBORReader, path: () -> CodingPath?) throws -> Value {
        if let native { return try read(native, from: &reader, path: path) }
        let (message, offset, path) = (reader.message, reader.position, path())
        return try message.descend(to: offset, path: path) {
            try Value(from: CBORDecoder(message: message, offset: offset, path: path))
        }
    }

    /// Reads an array at the reader's position and moves the reader past it.
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
