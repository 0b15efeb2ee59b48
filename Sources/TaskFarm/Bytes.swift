/// Text as the user wrote it, in any encoding. Programs get it unchanged, so that only bytes decide where a line,
/// a value or a quotation ends.
typealias Bytes = [UInt8]

extension UInt8 {
    /// Whether it separates words within a line.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// Whether it can be a part of a name: a letter, digit or underscore, or a part of a character beyond ASCII.
    var isInName: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}

extension BidirectionalCollection<UInt8> {
    /// The bytes without blanks at either end.
    var withoutBlanks: SubSequence {
        let rest = drop(while: \.isBlank)
        return rest.lastIndex { !$0.isBlank }.map { rest[...$0] } ?? rest
    }
}

/// The text for messages: the bytes as characters, with escapes for those that cannot be seen and for bytes that are
/// not UTF-8.
func printable(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var place = bytes.startIndex
    while true {
        switch parser.parseScalar(from: &rest) {
        case .valid(let encoded):
            let scalar = Unicode.UTF8.decode(encoded)
            text += isInvisible(scalar) ? scalar.escaped(asASCII: true) : String(scalar)
            place = bytes.index(place, offsetBy: encoded.count)
        case .error(let length):
            let end = bytes.index(place, offsetBy: length)
            for byte in bytes[place..<end] { text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            place = end
        case .emptyInput: return text
        }
    }
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
}
