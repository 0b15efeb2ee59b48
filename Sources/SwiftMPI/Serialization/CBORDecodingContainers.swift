// Codable's containers for decoding. As in the containers for encoding, the `decode` for `CBORDecodable` also satisfies
// the protocol's requirements for `Bool`, `Int`, `String` and so on.

struct CBORKeyedDecodingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let map: CBORMap

    var codingPath: [any CodingKey] { CodingPath.keys(map.path) }
    var allKeys: [Key] { map.keys() }

    func contains(_ key: Key) -> Bool { map.value(of: key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try reader(key).isAtNull }

    @inline(__always)
    func decode<T: CBORDecodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try value(key) { reader, path in try T.read(from: &reader, path: path) }
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try value(key) { reader, path in try ValueDecoder<T>().decode(at: &reader, path: path) }
    }

    @inline(__always)
    private func value<T>(
        _ key: Key, read: (inout CBORReader, () -> CodingPath?) throws -> T
    ) throws -> T {
        let start = try reader(key)
        var reader = start
        let value = try read(&reader) { CodingPath(map.path, key) }
        map.hasRead(valueAt: start.position, upTo: reader.position)
        return value
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(CBORKey.superclass) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: some CodingKey) throws -> CBORDecoder {
        let (offset, path) = (try reader(key).position, CodingPath(map.path, key))
        try map.message.checkNesting(path, at: offset)
        return CBORDecoder(message: map.message, offset: offset, path: path)
    }

    private func reader(_ key: some CodingKey) throws -> CBORReader {
        guard let reader = map.value(of: key) else {
            throw DecodingError.keyNotFound(
                key,
                .init(
                    codingPath: CodingPath.innermostKeys(map.path),
                    debugDescription: "The message has no value for \"\(key.stringValue)\"."))
        }
        return reader
    }
}

struct CBORUnkeyedDecodingContainer: UnkeyedDecodingContainer {
    let message: CBORMessage
    let path: CodingPath?
    /// The number of elements; nil if a break ends the array.
    let count: Int?
    /// The offset of the next element.
    var offset: Int
    var currentIndex = 0

    var codingPath: [any CodingKey] { CodingPath.keys(path) }

    var isAtEnd: Bool {
        if let count { return currentIndex >= count }
        var reader = reader
        return reader.skipBreak()
    }

    mutating func decodeNil() throws -> Bool {
        try checkNotAtEnd(Any?.self)
        guard reader.isAtNull else { return false }
        try advance()
        return true
    }

    mutating func decode<T: CBORDecodable>(_ type: T.Type) throws -> T {
        try element(type) { reader, path in try T.read(from: &reader, path: path) }
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        try element(type) { reader, path in try ValueDecoder<T>().decode(from: &reader, path: path) }
    }

    private mutating func element<T>(
        _ type: T.Type, read: (inout CBORReader, () -> CodingPath?) throws -> T
    ) throws -> T {
        try checkNotAtEnd(type)
        var reader = reader
        let value = try read(&reader) { elementPath }
        // Advances only after success, so that the caller can try the element as another type.
        offset = reader.position
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        let container = try decoder().container(keyedBy: type)
        try advance()
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try decoder().unkeyedContainer()
        try advance()
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try decoder()
        try advance()
        return decoder
    }

    private var reader: CBORReader { CBORReader(message, at: offset) }

    private var elementPath: CodingPath { CodingPath(path, CBORKey.index(currentIndex)) }

    private func decoder() throws -> CBORDecoder {
        try checkNotAtEnd((any Decoder).self)
        let path = elementPath
        try message.checkNesting(path, at: offset)
        return CBORDecoder(message: message, offset: offset, path: path)
    }

    private mutating func advance() throws {
        var reader = reader
        try reader.skip()
        offset = reader.position
        currentIndex += 1
    }

    private func checkNotAtEnd(_ type: Any.Type) throws {
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                type,
                .init(
                    codingPath: CodingPath.innermostKeys(elementPath),
                    debugDescription: "The array in the message has only \(currentIndex) elements."))
        }
    }
}
