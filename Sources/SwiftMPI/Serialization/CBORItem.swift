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

/// Initial bytes with a fixed meaning.
enum InitialByte {
    static let `false`: UInt8 = 0xf4
    static let `true`: UInt8 = 0xf5
    static let null: UInt8 = 0xf6
    static let undefined: UInt8 = 0xf7
    /// A simple value in the following byte.
    static let simple: UInt8 = 0xf8
    static let half: UInt8 = 0xf9
    static let single: UInt8 = 0xfa
    static let double: UInt8 = 0xfb
    static let `break`: UInt8 = 0xff
}

/// Tags, which change the meaning of the item that they enclose (RFC 8949 §3.4).
enum CBORTag {
    static let text: UInt64 = 0
    static let seconds: UInt64 = 1
    static let bignum: UInt64 = 2
    static let negativeBignum: UInt64 = 3
    static let uuid: UInt64 = 37
    /// A complex number, and an array of complex numbers as alternating real and imaginary parts.
    static let complex: UInt64 = 43000
    static let complexArray: UInt64 = 43001
    /// A date without a time, as text (RFC 8943).
    static let dateText: UInt64 = 1004
    /// Multidimensional arrays (RFC 8746 §3.1).
    static let rowMajorArray: UInt64 = 40
    static let columnMajorArray: UInt64 = 1040
    static func isShape(_ tag: UInt64?) -> Bool { tag == rowMajorArray || tag == columnMajorArray }

    /// An invalid tag number (RFC 8949 §3.4.6) that represents several tags around one item.
    static let several = UInt64.max

    /// Returns whether a tag only adds information to the item inside it: how to encode the item elsewhere, what a text
    /// is about, that an array is a set, that a value may be shared, or that CBOR follows.
    static func isRemark(_ tag: UInt64) -> Bool {
        switch tag {
        case 21...24, 28, 32...36, 256, 258, 55799: true
        default: false
        }
    }
}

/// SwiftMPI's own tag, for a date that no other form represents exactly and for a failure (see `PeerFailure`).
///
/// The value is from the range that anybody may use. Its bytes are the letters `SWMP`.
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
    /// Strings of indefinite length, followed by their chunks and a break.
    case chunkedBytes, chunkedText
    /// The number of elements or key-value pairs that follow; nil if a break ends them.
    case array(count: Int?)
    case map(count: Int?)

    var isByteString: Bool {
        switch self {
        case .bytes, .chunkedBytes: true
        default: false
        }
    }

    /// Returns a description of the item, for an error message that names the expected type.
    func kind(_ tag: UInt64?) -> String {
        switch tag {
        case nil: kind
        case CBORTag.several?: "\(kind) inside several tags"
        case let tag?: "\(kind) with tag \(tag)"
        }
    }

    private var kind: String {
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
