import SwiftMPI

/// Any object both languages have.
enum Object: Codable, Equatable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    case list([Object])
    case dictionary([String: Object])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .none
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([Object].self) {
            self = .list(value)
        } else if let value = try? container.decode([UInt8].self) {
            self = .bytes(value)
        } else {
            self = .dictionary(try container.decode([String: Object].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .none: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .bytes(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .dictionary(let value): try container.encode(value)
        }
    }
}

extension Object: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    init(integerLiteral value: Int) { self = .int(value) }
    init(floatLiteral value: Double) { self = .double(value) }
    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: Object...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Object)...) { self = .dictionary(.init(uniqueKeysWithValues: elements)) }
    init(nilLiteral: ()) { self = .none }
}

/// `String(repeating:count:)` appends one by one.
private let megabytes = String(decoding: [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20), as: UTF8.self)

/// Objects that differ between ranks; peer.py has the same ones.
func objects(_ rank: Int) -> [Object] {
    [
        nil,
        .bool(true),
        .int(rank),
        .int(-(1 << 40) - rank),
        .double(Double(rank) + 0.5),
        .double(.infinity),
        "",
        .text(String(repeating: "π", count: rank)),
        .bytes((0..<2 * rank).map { $0.isMultiple(of: 2) ? 0 : 0xFF }),
        [],
        [1, [2, [.int(rank), nil, []]], "three"],
        [:],
        [
            "rank": .int(rank),
            "inner": ["list": [1, 2.5, nil, "é"], "empty": [:], "deep": [["a": [["b": .int(rank)]]]]],
        ],
        .list((rank..<rank + 300).map(Object.int)),
        .dictionary(.init(uniqueKeysWithValues: (0..<100).map { ("\($0)", .int($0 * rank)) })),
        .text(megabytes + "\(rank)"),
    ]
}
