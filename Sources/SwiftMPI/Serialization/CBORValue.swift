/// An object whose type the receiver does not know, such as any object from a Python rank.
///
/// ```swift
/// let settings = try world.recv(CBORValue.self, source: 0)      // {"steps": 10, "names": ["a", "b"], "x": array}
/// let steps = settings["steps"]?.integer
/// let x = try settings["x"]?.decoded(as: [Double].self)
/// ```
///
/// When it is sent again, the value has the same content as the original; only the widths of numbers and lengths may
/// differ.
///
/// CBOR: the data model, RFC 8949 §2.
public enum CBORValue: Hashable, Sendable {
    /// Python's `None`; also what CBOR calls undefined.
    case null
    case bool(Bool)
    /// An integer that fits an `Int`. Other integers are bignums: byte strings with tag 2 or 3.
    case integer(Int)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case array([CBORValue])
    case map([CBORValue: CBORValue])
    /// A value whose meaning a tag changes, such as a typed array: tag 86 and the bytes of the numbers.
    indirect case tagged(UInt64, CBORValue)
    /// A value without a meaning of its own (RFC 8949 §3.3).
    case simple(UInt8)
}

extension CBORValue {
    /// The Boolean, or `nil` if the value is something else.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The integer, or `nil` if the value is something else.
    public var integer: Int? { if case .integer(let value) = self { value } else { nil } }
    /// The floating-point number, or an integer that a `Double` represents exactly; `nil` if the value is something
    /// else.
    public var double: Double? {
        switch self {
        case .double(let value): value
        case .integer(let value): Double(exactly: value)
        default: nil
        }
    }
    /// The text, or `nil` if the value is something else.
    public var text: String? { if case .text(let value) = self { value } else { nil } }
    /// The elements, or `nil` if the value is not an array.
    public var array: [CBORValue]? { if case .array(let value) = self { value } else { nil } }

    /// Returns the value for a text key of a map; `nil` if the key is missing or this value is not a map.
    public subscript(key: String) -> CBORValue? { self[.text(key)] }
    /// Returns the value for a key of any kind; `nil` if the key is missing or this value is not a map.
    public subscript(key: CBORValue) -> CBORValue? { if case .map(let entries) = self { entries[key] } else { nil } }
    /// Returns an element of an array, or the value for an integer key of a map; `nil` if it does not exist.
    public subscript(index: Int) -> CBORValue? {
        switch self {
        case .array(let elements): elements.indices.contains(index) ? .some(elements[index]) : nil
        case .map(let entries): entries[.integer(index)]
        default: nil
        }
    }

    /// Returns the value as another type, such as the numbers of a typed array, a date or a structure of the program.
    ///
    /// - Throws: A decoding error if the value does not match the type.
    public func decoded<T: Decodable>(as type: T.Type) throws -> T {
        let serializer = CBORSerializer()
        return try serializer.encode(self).withUnsafeBytes { try serializer.decode(type, from: $0) }
    }
}

extension CBORValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(arrayLiteral elements: CBORValue...) { self = .array(elements) }
    public init(dictionaryLiteral entries: (CBORValue, CBORValue)...) {
        self = .map(Dictionary(entries) { _, last in last })
    }
}

extension CBORValue: Codable {
    /// Decodes a value. A serializer other than CBOR gives only the kinds of values that it supports.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([CBORValue].self) {
            self = .array(value)
        } else {
            let entries = try container.decode([String: CBORValue].self).map { (CBORValue.text($0), $1) }
            self = .map(Dictionary(uniqueKeysWithValues: entries))
        }
    }

    /// - Throws: `EncodingError` for values that only CBOR supports, if the serializer is another one.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .bytes(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .map(let entries):
            var named: [String: CBORValue] = [:]
            for (key, value) in entries {
                guard case .text(let name) = key else { throw onlyCBOR(encoder) }
                named[name] = value
            }
            try container.encode(named)
        case .tagged, .simple: throw onlyCBOR(encoder)
        }
    }

    private func onlyCBOR(_ encoder: any Encoder) -> EncodingError {
        .invalidValue(
            self, .init(codingPath: encoder.codingPath, debugDescription: "Only CBOR has such values: \(self)."))
    }
}

extension CBORValue: CBOREncodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws {
        switch self {
        case .null: writer.appendNull()
        case .bool(let value): value.write(to: writer, path: path)
        case .integer(let value): value.write(to: writer, path: path)
        case .double(let value): writer.append(value)
        case .text(let value): writer.append(value)
        case .bytes(let value): value.withUnsafeBytes { writer.append(.bytes, $0) }
        case .simple(let value): writer.append(simple: value)
        case .array(let elements):
            writer.append(.array, UInt64(elements.count))
            try inside(writer) { for element in elements { try element.write(to: writer, path: path) } }
        case .map(let entries):
            writer.append(.map, UInt64(entries.count))
            try inside(writer) {
                for (key, value) in entries {
                    try key.write(to: writer, path: path)
                    try value.write(to: writer, path: path)
                }
            }
        case .tagged(let tag, let value):
            writer.append(.tag, tag)
            try inside(writer) { try value.write(to: writer, path: path) }
        }
    }

    /// Runs `body` one nesting level deeper.
    private func inside(_ writer: CBORWriter, _ body: () throws -> Void) throws {
        try writer.withFrame { _ in
            writer.frame.kind = .single
            try body()
        }
    }
}

extension CBORValue: CBORDecodable {
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> CBORValue {
        if let tag = try reader.nextTag() {
            return .tagged(tag, try inside(&reader, path))
        }
        let start = reader.position
        let item = try reader.next().item
        switch item {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .single(let value): return .double(Double(value))
        case .double(let value): return .double(value)
        case .simple(let value): return .simple(value)
        case .unsigned(let value): return Int(exactly: value).map(CBORValue.integer) ?? bignum(CBORTag.bignum, value)
        case .negative(let value):
            return Int(exactly: value).map { .integer(~$0) } ?? bignum(CBORTag.negativeBignum, value)
        case .bytes(let bytes): return .bytes(Array(bytes))
        case .chunkedBytes: return .bytes(try reader.remainingChunks(of: item))
        case .text, .chunkedText:
            reader = CBORReader(reader.message, at: start)
            return .text(try String.read(from: &reader, path: path))
        case .array(var remaining):
            var elements: [CBORValue] = []
            elements.reserveCapacity(remaining ?? 0)
            while reader.hasEntry(&remaining) { elements.append(try inside(&reader, path)) }
            return .array(elements)
        case .map(var remaining):
            var entries: [CBORValue: CBORValue] = [:]
            while reader.hasEntry(&remaining) {
                let key = try inside(&reader, path)
                entries.updateValue(try inside(&reader, path), forKey: key)
            }
            return .map(entries)
        }
    }

    private static func inside(_ reader: inout CBORReader, _ path: () -> CodingPath?) throws -> CBORValue {
        try reader.message.descend(to: reader.position, path: path()) { try read(from: &reader, path: path) }
    }

    private static func bignum(_ tag: UInt64, _ value: UInt64) -> CBORValue {
        .tagged(tag, .bytes(withUnsafeBytes(of: value.bigEndian, Array.init)))
    }
}
