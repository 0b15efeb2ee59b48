import Glibc

/// The fields of a line of a table, separated by semicolons if there are any, otherwise by commas, otherwise by blanks.
///
/// Fields may be in double quotes, as in CSV. A comment ends the line. A comment begins with `#`; or with `%`, `!` or
/// `//` at the start of the line, or after a blank and before a blank, a letter or the same sign. Therefore the percent
/// sign of `50%` or `50 %` is rejected rather than dropped.
struct TextFields: IteratorProtocol {
    let buffer: UnsafeBufferPointer<UInt8>
    private let line: Range<Int>
    /// The separator; `nil` for blanks.
    private(set) var separator: UInt8?
    /// The position of a quote that is not closed within the line; in CSV, it would continue on the next line.
    private(set) var openQuote: Int?
    private var position: Int
    private var end: Int
    private var isAtEnd = false

    /// - Parameter buffer: The text, in which a byte that cannot be part of a number follows the line.
    init(_ buffer: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
        self.buffer = buffer
        self.line = line
        position = line.lowerBound
        end = line.upperBound
        while position < end, Self.isBlank(buffer[position]) { position += 1 }
        for index in position..<end {
            let byte = buffer[index]
            if byte == UInt8(ascii: "\"") {
                openQuote = openQuote == nil ? index : nil
            } else if openQuote != nil {
                continue
            } else if byte == UInt8(ascii: ";") || (byte == UInt8(ascii: ",") && separator == nil) {
                separator = byte
            } else if byte < UInt8(ascii: "0"), isComment(index) {
                end = index
                break
            }
        }
        while end > position, Self.isBlank(buffer[end - 1]) { end -= 1 }
        isAtEnd = position == end
    }

    /// Whether no fields are left.
    var isEmpty: Bool { isAtEnd }

    /// The position of a carriage return that does not end the line, even in a comment: other programs take it for a
    /// line end.
    var strayReturn: Int? { buffer[line].firstIndex(of: UInt8(ascii: "\r")) }

    private func isComment(_ index: Int) -> Bool {
        let sign = buffer[index]
        let next = index + 1 < line.upperBound ? buffer[index + 1] : 0
        switch sign {
        case UInt8(ascii: "#"): return true
        case UInt8(ascii: "%"), UInt8(ascii: "!"): break
        case UInt8(ascii: "/") where next == sign: break
        default: return false
        }
        if index == position { return true }
        let isFollowed = next == sign || Self.isLetter(next) || (Self.isBlank(next) && hasContent(after: index))
        return Self.isBlank(buffer[index - 1]) && isFollowed
    }

    private func hasContent(after index: Int) -> Bool {
        buffer[index + 1..<line.upperBound].contains { !Self.isBlank($0) }
    }

    /// Returns the next field, without surrounding blanks or quotes.
    mutating func next() -> Range<Int>? {
        if isAtEnd { return nil }
        while position < end, Self.isBlank(buffer[position]) { position += 1 }
        let start = position
        var field: Range<Int>?
        if position < end, buffer[position] == UInt8(ascii: "\"") { field = quotedField() }
        while position < end, !isSeparator(buffer[position]) { position += 1 }
        var last = position
        while last > start, Self.isBlank(buffer[last - 1]) { last -= 1 }
        isAtEnd = position == end
        position += 1
        // Text after the closing quote belongs to the field, which is then not a number.
        if let field, field.upperBound + 1 == last { return field }
        return start..<last
    }

    private func isSeparator(_ byte: UInt8) -> Bool { separator.map { byte == $0 } ?? Self.isBlank(byte) }

    /// Returns the text between the quotes and moves past the closing quote.
    private mutating func quotedField() -> Range<Int>? {
        let start = position + 1
        position += 1
        while position < end {
            if buffer[position] == UInt8(ascii: "\"") {
                position += 1
                // Two quotes stand for one quote.
                if position == end || buffer[position] != UInt8(ascii: "\"") { return start..<position - 1 }
            }
            position += 1
        }
        return nil
    }

    /// Returns the column of a place in the line, in characters counted from 1.
    func column(_ place: Int) -> Int {
        1 + buffer[line.lowerBound..<min(place, line.upperBound)].count { $0 & 0xC0 != 0x80 }
    }

    /// The place after the last field.
    var endOfContent: Int { end }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }

    private static func isExponentLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 == UInt8(ascii: "e") || byte | 0x20 == UInt8(ascii: "d")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) || byte >= 0x80 }
}

extension TextFields {
    /// Returns the number in a field: a decimal with an optional exponent after `e`, `E`, `d` or `D`, an infinity, or
    /// NaN.
    func number(_ field: Range<Int>) -> Double? {
        var position = field.lowerBound
        if position < field.upperBound, Self.isSign(buffer[position]) { position += 1 }
        var exponent: Int?
        var digits = 0
        func skipDigits() {
            let start = position
            while position < field.upperBound, (48...57).contains(buffer[position]) { position += 1 }
            digits += position - start
        }
        skipDigits()
        if position < field.upperBound, buffer[position] == UInt8(ascii: ".") {
            position += 1
            skipDigits()
        }
        guard digits > 0 else { return isNonFinite(position..<field.upperBound) ? converted(field.lowerBound) : nil }
        if position < field.upperBound, Self.isExponentLetter(buffer[position]) {
            exponent = position
            position += 1
            if position < field.upperBound, Self.isSign(buffer[position]) { position += 1 }
            digits = 0
            skipDigits()
        }
        guard position == field.upperBound, digits > 0 else { return nil }
        guard let exponent, buffer[exponent] | 0x20 == UInt8(ascii: "d") else { return converted(field.lowerBound) }
        var copy = Array(buffer[field])
        copy[exponent - field.lowerBound] = UInt8(ascii: "e")
        return (copy + [0]).withUnsafeBytes { strtod($0.baseAddress!.assumingMemoryBound(to: CChar.self), nil) }
    }

    private func converted(_ start: Int) -> Double {
        strtod(UnsafeRawPointer(buffer.baseAddress! + start).assumingMemoryBound(to: CChar.self), nil)
    }

    private func isNonFinite(_ field: Range<Int>) -> Bool { isOne(of: ["nan", "inf", "infinity"], field) }

    /// Returns whether a field stands for a missing value.
    func isMissing(_ field: Range<Int>) -> Bool {
        isOne(of: ["", "-", "--", "?", "na", "n/a", "nan", "null", "none", "missing"], field)
    }

    /// Returns whether a field can be the name of a column: its first letter or digit is a letter, and the field is
    /// neither a number nor a mark for a missing value.
    func isName(_ field: Range<Int>) -> Bool {
        let scalars = String(decoding: buffer[field], as: UTF8.self).unicodeScalars
        let first = scalars.first { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        return first?.properties.numericType == nil && first != nil && number(field) == nil && !isMissing(field)
    }

    private func isOne(of words: [StaticString], _ field: Range<Int>) -> Bool {
        words.contains { word in
            word.utf8CodeUnitCount == field.count
                && zip(0..., field).allSatisfy { index, place in
                    let byte = buffer[place]
                    return ((65...90).contains(byte) ? byte | 0x20 : byte) == word.utf8Start[index]
                }
        }
    }
}
