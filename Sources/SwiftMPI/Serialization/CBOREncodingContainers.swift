// Codable's three containers. Each has two `encode` functions. The one for `CBOREncodable` also satisfies the
// protocol's requirements for `Bool`, `Int`, `String` and so on, and needs no type check at run time.

struct CBORKeyedEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: CBOREncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) throws {
        try encoder.entry(.map) {
            encoder.writer.append(key)
            encoder.writer.appendNull()
        }
    }

    @inline(__always)
    func encode<T: CBOREncodable>(_ value: T, forKey key: Key) throws {
        try encoder.entry(.map) {
            encoder.writer.append(key)
            try value.write(to: encoder.writer) { CodingPath(encoder.path, key) }
        }
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try encoder.entry(.map) {
            encoder.writer.append(key)
            try ValueEncoder<T>().encode(value, to: encoder.writer) { CodingPath(encoder.path, key) }
        }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        detached(key).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { detached(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { detached(CBORKey.superclass) }

    func superEncoder(forKey key: Key) -> any Encoder { detached(key) }

    private func detached(_ key: some CodingKey) -> CBOREncoder {
        encoder.detached(.map, key: key) { encoder.writer.append(key) }
    }
}

struct CBORUnkeyedEncodingContainer: UnkeyedEncodingContainer {
    let encoder: CBOREncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.writer.frame.count }

    func encodeNil() throws {
        try encoder.entry(.array) { encoder.writer.appendNull() }
    }

    @inline(__always)
    func encode<T: CBOREncodable>(_ value: T) throws {
        try encoder.entry(.array) {
            try value.write(to: encoder.writer) { CodingPath(encoder.path, CBORKey.index(count)) }
        }
    }

    func encode<T: Encodable>(_ value: T) throws {
        try encoder.entry(.array) {
            try ValueEncoder<T>().encode(value, to: encoder.writer) { CodingPath(encoder.path, CBORKey.index(count)) }
        }
    }

    func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        detached.container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { detached.unkeyedContainer() }

    func superEncoder() -> any Encoder { detached }

    private var detached: CBOREncoder { encoder.detached(.array, key: CBORKey.index(count)) {} }
}

struct CBORSingleValueEncodingContainer: SingleValueEncodingContainer {
    let encoder: CBOREncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() throws {
        try entry { encoder.writer.appendNull() }
    }

    @inline(__always)
    func encode<T: CBOREncodable>(_ value: T) throws {
        try entry {
            try value.write(to: encoder.writer) { encoder.path }
        }
    }

    func encode<T: Encodable>(_ value: T) throws {
        try entry {
            try ValueEncoder<T>().encode(value, to: encoder.writer) { encoder.path }
        }
    }

    private func entry(_ body: () throws -> Void) throws {
        try encoder.entry(.nothing, body)
        encoder.writer.frame.kind = .single
    }
}
