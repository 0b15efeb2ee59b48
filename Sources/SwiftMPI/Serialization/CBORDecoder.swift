/// The decoder that is passed to a type's `init(from:)`: a message and the offset of the value in it.
///
/// It has three words, so it fits into `any Decoder` without an allocation. It has no state: a decoder can be used any
/// number of times and in any order.
struct CBORDecoder: Decoder {
    let message: CBORMessage
    let offset: Int
    let path: CodingPath?

    var codingPath: [any CodingKey] { CodingPath.keys(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        var reader = CBORReader(message, at: offset)
        let item = try reader.next(as: [String: Any].self, path: { path })
        guard case .map(let count) = item else { throw CBORMismatch.type.error([String: Any].self, item, path) }
        return KeyedDecodingContainer(CBORKeyedDecodingContainer(map: CBORMap(reader, count: count, path: path)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        if let list = try CBORReader(message, at: offset).listMessage(path: path) {
            return try CBORDecoder(message: list, offset: 0, path: path).unkeyedContainer()
        }
        var reader = CBORReader(message, at: offset)
        let item = try reader.next(as: [Any].self, path: { path })
        guard case .array(let count) = item else { throw CBORMismatch.type.error([Any].self, item, path) }
        return CBORUnkeyedDecodingContainer(message: message, path: path, count: count, offset: reader.position)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

extension CBORDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { CBORReader(message, at: offset).isAtNull }

    func decode<T: CBORDecodable>(_ type: T.Type) throws -> T {
        var reader = CBORReader(message, at: offset)
        return try T.read(from: &reader) { path }
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        var reader = CBORReader(message, at: offset)
        return try ValueDecoder<T>().decode(at: &reader, path: { path })
    }
}

/// The reasons why an item is not a value of a given type.
enum CBORMismatch: Error {
    /// The item is of another kind.
    case type
    /// The item is of the right kind, but the type cannot represent its value.
    case value

    /// Returns the error to throw.
    func error(_ type: Any.Type, _ item: CBORItem, tag: UInt64? = nil, _ path: CodingPath?) -> DecodingError {
        let codingPath = CodingPath.innermostKeys(path)
        switch (self, item) {
        case (.type, .null) where tag == nil:
            return .valueNotFound(
                type, .init(codingPath: codingPath, debugDescription: "Expected \(type) but the message has null."))
        case (.type, _):
            return .typeMismatch(
                type,
                .init(
                    codingPath: codingPath, debugDescription: "Expected \(type) but the message has \(item.kind(tag)).")
            )
        case (.value, _):
            return .dataCorrupted(
                .init(
                    codingPath: codingPath,
                    debugDescription: "The message has \(item.kind(tag)) that no \(type) is equal to."))
        }
    }
}
