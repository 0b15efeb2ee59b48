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

/// Tags, which change what the item inside them means (RFC 8949 §3.4).
enum CBORTag {
    static let text: UInt64 = 0
    static let seconds: UInt64 = 1
    static let bignum: UInt64 = 2
    static let negativeBignum: UInt64 = 3
    static let uuid: UInt64 = 37
    /// A complex number, and an array of them: real and imaginary parts in turn.
    static let complex: UInt64 = 43000
    static let complexArray: UInt64 = 43001
    /// A date without a time, as text (RFC 8943).
    static let dateText: UInt64 = 1004
    /// Arrays of several dimensions (RFC 8746 §3.1).
    static let rowMajorArray: UInt64 = 40
    static let columnMajorArray: UInt64 = 1040
    static func isShape(_ tag: UInt64?) -> Bool { tag == rowMajorArray || tag == columnMajorArray }

    /// What is no tag (RFC 8949 §3.4.6), for several around one item.
    static let several = UInt64.max

    /// Whether a tag only adds to what the item inside it means: how it is to be encoded elsewhere, what text is about,
    /// that an array is a set, that a value may be shared, that what follows is CBOR.
    static func isRemark(_ tag: UInt64) -> Bool {
        switch tag {
        case 21...24, 28, 32...36, 256, 258, 55799: true
        default: false
        }
    }
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

    var isByteString: Bool {
        switch self {
        case .bytes, .chunkedBytes: true
        default: false
        }
    }

    /// What it is, for a sentence that says it should have been something else.
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
