// Arrays and dictionaries. Their counts are known in advance, so neither direction needs a container.

extension Array: CBOREncodable where Element: Encodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws {
        try ValueEncoder<Element>().encode(self, to: writer, path: path)
    }

    func withTrailingBlock(
        to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try ValueEncoder<Element>().withTrailingBlock(of: self, to: writer, body)
    }
}

extension Array: CBORDecodable where Element: Decodable {
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Element] {
        try ValueDecoder<Element>().decodeArray(from: &reader, path: path)
    }
}

extension CBOREncodable {
    func withTrailingBlock(
        to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try write(to: writer, path: { nil })
        return try body(.empty)
    }

    static func withTrailingBlock(
        of elements: [Self], to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try write(elements, to: writer, path: { nil })
        return try body(.empty)
    }

    static func write(_ elements: [Self], to writer: CBORWriter, path: () -> CodingPath?) throws {
        try writer.append(elements, path: path) { element, path in
            try element.write(to: writer, path: path)
        }
    }
}

extension CBORDecodable {
    static func readArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Self] {
        try reader.array(path: path) { reader, path in
            try read(from: &reader, path: path)
        }
    }
}

extension CBORWriter {
    /// Appends an array, element by element.
    @inline(__always)
    func append<Element>(
        _ elements: [Element], path: () -> CodingPath?, _ body: (Element, () -> CodingPath?) throws -> Void
    ) throws {
        append(.array, UInt64(elements.count))
        let path = path()
        for index in elements.indices {
            try body(elements[index]) { CodingPath(path, CBORKey.index(index)) }
        }
    }
}

extension CBORReader {
    /// Reads an array, element by element.
    @inline(__always)
    mutating func array<Element>(
        path: () -> CodingPath?, _ body: (inout CBORReader, () -> CodingPath?) throws -> Element
    ) throws -> [Element] {
        var ahead = self
        let (tag, item) = try ahead.next()
        if let nested = try readNestedMessage(tag, path: path) {
            var rows = CBORReader(nested, at: 0)
            return try withExtendedLifetime(nested) { try rows.array(path: path, body) }
        }
        guard tag == nil, case .array(var remaining) = item else {
            throw CBORMismatch.type.error([Element].self, item, tag: tag, path())
        }
        self = ahead
        var elements: [Element] = []
        elements.reserveCapacity(remaining ?? 0)
        let path = path()
        while hasEntry(&remaining) {
            elements.append(try body(&self) { CodingPath(path, CBORKey.index(elements.count)) })
        }
        return elements
    }
}

// CBOR maps accept keys of any type. If the keys are neither strings nor `Int`s, Codable would write an array of
// alternating keys and values, which a peer in another language would not recognize as a dictionary. As in Codable, a
// key that specifies a coding key for itself is written as that coding key.

extension Dictionary: CBOREncodable where Key: Encodable, Value: Encodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws {
        writer.append(.map, UInt64(count))
        let keyEncoder = ValueEncoder<Key>()
        let valueEncoder = ValueEncoder<Value>()
        let path = path()
        for (key, value) in self {
            if !keyEncoder.isNative, let key = key as? any CodingKeyRepresentable {
                writer.append(key.codingKey, readAs: CBORKey.self)
            } else {
                try keyEncoder.encode(key, to: writer) { path }
            }
            try valueEncoder.encode(value, to: writer) { CodingPath(path, CBORKey.name("\(key)")) }
        }
    }
}

extension Dictionary: CBORDecodable where Key: Decodable, Value: Decodable {
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Key: Value] {
        let item = try reader.next(as: Self.self, path: path)
        var remaining: Int?
        switch item {
        case .map(let pairs): remaining = pairs
        case .array(nil): remaining = nil
        case .array(let elements?) where elements.isMultiple(of: 2): remaining = elements / 2
        default: throw CBORMismatch.type.error(Self.self, item, path())
        }
        var dictionary: [Key: Value] = [:]
        dictionary.reserveCapacity(remaining ?? 0)
        let keyDecoder = ValueDecoder<Key>()
        let representable = keyDecoder.isNative ? nil : Key.self as? any CodingKeyRepresentable.Type
        let valueDecoder = ValueDecoder<Value>()
        let path = path()
        while reader.hasEntry(&remaining) {
            let key =
                if let represented = try representable?.read(from: &reader) {
                    represented as! Key
                } else {
                    try keyDecoder.decode(from: &reader) { path }
                }
            let value = try valueDecoder.decode(from: &reader) { CodingPath(path, CBORKey.name("\(key)")) }
            dictionary.updateValue(value, forKey: key)
        }
        return dictionary
    }
}

extension CodingKeyRepresentable {
    /// Reads the value that a text or an integer represents. If there is none, returns nil and reads nothing.
    fileprivate static func read(from reader: inout CBORReader) throws -> Self? {
        var (start, ahead) = (reader, reader)
        let codingKey: CBORKey? =
            switch try start.next() {
            case (nil, .text), (nil, .chunkedText): (try? String.read(from: &ahead, path: { nil })).map(CBORKey.name)
            case (nil, .unsigned), (nil, .negative): (try? Int.read(from: &ahead, path: { nil })).map(CBORKey.number)
            default: nil
            }
        guard let codingKey, let value = Self(codingKey: codingKey) else { return nil }
        reader = ahead
        return value
    }
}
