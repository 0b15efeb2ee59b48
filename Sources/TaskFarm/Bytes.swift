/// Text as the user wrote it, in any encoding. Programs receive it unchanged, so the ends of lines, values and
/// quotations are found by comparing bytes only.
typealias Bytes = [UInt8]

extension UInt8 {
    /// Whether the byte separates words within a line.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// Whether the byte can be part of a name: a letter, a digit, an underscore, or part of a non-ASCII character.
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

/// Returns the bytes as text for messages, with escapes for invisible characters and for bytes that are not valid
/// UTF-8.
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
