/// The high three bits of an item's first byte (RFC 8949 §3.1).
enum MajorType: UInt8 {
    case unsigned = 0x00
    case negative = 0x20
    case bytes = 0x40
    case text = 0x60
    case array = 0x80
    case map = 0xa0
    case tag = 0xc0
    case simple = 0xe0
}

/// First bytes with a meaning of their own.
enum InitialByte {
    static let `false`: UInt8 = 0xf4
    static let `true`: UInt8 = 0xf5
    static let null: UInt8 = 0xf6
    static let undefined: UInt8 = 0xf7
    /// A simple value in a byte of its own.
    static let simple: UInt8 = 0xf8
    static let half: UInt8 = 0xf9
    static let single: UInt8 = 0xfa
    static let double: UInt8 = 0xfb
    static let `break`: UInt8 = 0xff
}

/// The tag of what only SwiftMPI knows: a date that no other form is exact for, and a failure (see `PeerFailure`).
///
/// Of those that anybody may use; the letters `SWMP`.
let ownTag: UInt64 = 0x5357_4d50

/// One item of a message, without the items inside it.
enum CBORItem {
    case unsigned(UInt64)
    /// The number −1 − n.
    case negative(UInt64)
    case single(Float)
    case double(Double)
    case bool(Bool)
    /// Null or undefined.
    case null
    case simple(UInt8)
    case bytes(UnsafeRawBufferPointer)
    case text(UnsafeRawBufferPointer)
    /// Strings of indefinite length: their chunks and a break follow.
    case chunkedBytes, chunkedText
    /// The number of elements, or of key-value pairs, that follow; nil if a break ends them.
    case array(count: Int?)
    case map(count: Int?)

    /// What it is, for a sentence that says it should have been something else.
    var kind: String {
        switch self {
        case .unsigned, .negative: "an integer"
        case .single, .double: "a floating-point number"
        case .bool: "a Boolean"
        case .null: "null"
        case .simple: "a simple value"
        case .bytes, .chunkedBytes: "a byte string"
        case .text, .chunkedText: "a text string"
        case .array: "an array"
        case .map: "a map"
        }
    }
}
