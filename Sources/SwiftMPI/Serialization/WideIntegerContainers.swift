// `Int128` and `UInt128` in Codable's containers. For these two types, the protocols have default implementations that
// throw. Without these overloads, the defaults would be preferred to the generic functions of the containers.

extension CBORKeyedEncodingContainer {
    func encode(_ value: Int128, forKey key: Key) throws { try encodeItself(value, forKey: key) }
    func encode(_ value: UInt128, forKey key: Key) throws { try encodeItself(value, forKey: key) }

    private func encodeItself<T: CBOREncodable>(_ value: T, forKey key: Key) throws { try encode(value, forKey: key) }
}

extension CBORUnkeyedEncodingContainer {
    func encode(_ value: Int128) throws { try encodeItself(value) }
    func encode(_ value: UInt128) throws { try encodeItself(value) }

    private func encodeItself<T: CBOREncodable>(_ value: T) throws { try encode(value) }
}

extension CBORSingleValueEncodingContainer {
    func encode(_ value: Int128) throws { try encodeItself(value) }
    func encode(_ value: UInt128) throws { try encodeItself(value) }

    private func encodeItself<T: CBOREncodable>(_ value: T) throws { try encode(value) }
}

extension CBORKeyedDecodingContainer {
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try decodeItself(type, forKey: key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try decodeItself(type, forKey: key) }

    private func decodeItself<T: CBORDecodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try decode(type, forKey: key)
    }
}

extension CBORUnkeyedDecodingContainer {
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try decodeItself(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeItself(type) }

    private mutating func decodeItself<T: CBORDecodable>(_ type: T.Type) throws -> T { try decode(type) }
}

extension CBORDecoder {
    func decode(_ type: Int128.Type) throws -> Int128 { try decodeItself(type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decodeItself(type) }

    private func decodeItself<T: CBORDecodable>(_ type: T.Type) throws -> T { try decode(type) }
}
