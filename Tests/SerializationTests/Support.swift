import SwiftMPI

/// The bytes written as `"83 01 02 03"`; spaces are for the reader.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { $0 != " " }
    return stride(from: 0, to: digits.count, by: 2).map { offset in
        let start = digits.index(digits.startIndex, offsetBy: offset)
        return UInt8(digits[start...].prefix(2), radix: 16)!
    }
}

func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func encode(_ value: some Encodable, typedArrays: Bool = true) throws -> [UInt8] {
    try CBORSerializer(typedArrays: typedArrays).encode(value)
}

func decode<T: Decodable>(
    _ type: T.Type, _ bytes: [UInt8], with serializer: CBORSerializer = CBORSerializer()
) throws -> T {
    try bytes.withUnsafeBytes { try serializer.decode(type, from: $0) }
}

func decode<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try decode(type, hex(text))
}

/// Any CBOR item that JSON could express, for what has no type of its own.
indirect enum Tree: Codable, Hashable {
    case null
    case bool(Bool)
    case int(Int64)
    case unsigned(UInt64)
    case double(Exact)
    case text(String)
    case array([Tree])
    case map([String: Tree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Exact.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Tree].self) {
            self = .array(value)
        } else {
            self = .map(try container.decode([String: Tree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .map(let value): try container.encode(value)
        }
    }
}

/// A number equal to those of the same bits, so that even NaN is equal to itself.
struct Exact: Codable, Hashable, ExpressibleByFloatLiteral {
    var bitPattern: UInt64

    init(_ value: Double) { bitPattern = value.bitPattern }
    init(floatLiteral value: Double) { self.init(value) }
    init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Double.self)) }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Double(bitPattern: bitPattern))
    }
}

/// The generator of Steele, Lea and Flood (SplitMix64): the same "random" bytes in every run.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
