import SystemSupport

/// A piece of shell with placeholders for values.
///
/// A value becomes part of the shell's text, where it could run as code, only if all of its bytes are without meaning
/// to a shell in any context. All other values are assigned to variables before the piece, and the piece refers to
/// these variables. The form of a reference depends on the quotes around it. If the quotes are misread, the words come
/// out wrong, but no part of a value is run.
struct ShellPiece {
    private enum Part {
        case literal(Bytes)
        case column(Int, name: String, ShellPlace)
        case task
    }
    private var parts: [Part] = []

    /// - Throws: ``UserError`` of status 64 for a placeholder whose meaning is changed by the byte before it.
    init(_ parts: [TemplatePart]) throws(UserError) {
        var reader = ShellReader()
        for part in parts {
            switch part {
            case .literal(let text):
                for byte in text { reader.read(byte) }
                self.parts.append(.literal(text))
            case .task:
                reader.readPlaceholder()
                self.parts.append(.task)
            case .column(let column, let name):
                if reader.changesWhatFollows {
                    throw UserError(
                        "{\(name)} stands behind a $ or a backslash; ${{\(name)} is the shell's own variable",
                        exitStatus: ExitStatus.usage)
                }
                self.parts.append(.column(column, name: name, reader.place))
                reader.readPlaceholder()
            }
        }
    }

    /// The error for a value that would have to be part of the shell's text but is not allowed there.
    struct Misplacement: Error, CustomStringConvertible {
        var name: String
        var value: Bytes
        var description: String {
            "the value '\(printable(value))' of {\(name)} cannot stand in arithmetic, subscripts, ${ }, [[ ]], "
                + "\" ` ` \", or behind <<"
        }
    }

    /// Returns the piece with the values of one row.
    func command(_ values: [Bytes], task: Int) throws(Misplacement) -> Bytes {
        var text: Bytes = []
        var variables: [Int: Bytes] = [:]
        var assignments: Bytes = []
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .task: text += Bytes("\(task)".utf8)
            case .column(let column, let name, let place):
                let value = values[column]
                if place.takesText(value) {
                    text += value
                    continue
                }
                if place.isTextOnly || place.isEvaluated { throw Misplacement(name: name, value: value) }
                let variable = variables[column] ?? Bytes("_taskfarm\(column + 1)".utf8)
                if variables.updateValue(variable, forKey: column) == nil {
                    assignments += variable + [UInt8(ascii: "=")] + shellQuoted(value) + Bytes("; ".utf8)
                }
                text += place.reference(to: variable)
            }
        }
        return assignments + text
    }
}

/// The context of a placeholder in a piece of shell.
private struct ShellPlace {
    enum Quotes {
        case none
        case double
        case single
    }
    var quotes = Quotes.none
    /// Whether a shell may evaluate the value of a reference or of a name again.
    var isEvaluated = false
    /// Whether the quotes around a reference would be part of the text, as in a here-document.
    var isTextOnly = false
    /// Whether inserted text would continue the name of a shell variable.
    var continuesName = false

    /// Returns whether a value can be inserted into the shell's text here.
    func takesText(_ value: Bytes) -> Bool {
        if continuesName || isEvaluated && !isNumber(value) { return false }
        return isPlain(value) && !value.contains(UInt8(ascii: "="))
    }

    func reference(to variable: Bytes) -> Bytes {
        let expansion = Bytes("${".utf8) + variable + Bytes("}".utf8)
        return switch quotes {
        case .none: Bytes("\"".utf8) + expansion + Bytes("\"".utf8)
        case .double: expansion
        case .single: Bytes("'\"".utf8) + expansion + Bytes("\"'".utf8)
        }
    }
}

/// Tracks the quotes of a piece of shell: POSIX.1-2017, XCU 2.2, 2.3 and 2.6.
private struct ShellReader {
    private enum Level {
        case singleQuotes
        case doubleQuotes
        case backquotes
        case parentheses
        /// Arithmetic, subscripts, and braces and conditions that may contain them: bash runs commands in their values.
        case evaluated
        case comment
    }
    private var levels: [Level] = []
    /// The last byte read; 0 for an escaped or quoted byte and for a placeholder.
    private var previous = UInt8(ascii: "\n")
    private var beforePrevious: UInt8 = 0
    private var isEscaped = false
    private var isInName = false
    private var hasHereDocument = false

    /// Whether the last byte would change the meaning of a reference.
    var changesWhatFollows: Bool { isEscaped || previous == UInt8(ascii: "$") }

    var place: ShellPlace {
        let quotes: ShellPlace.Quotes =
            switch levels.last {
            case .singleQuotes: .single
            case .doubleQuotes: .double
            default: .none
            }
        // Within double quotes, backquotes remove backslashes, which may stand before quotes.
        let outer = levels.prefix { $0 != .backquotes }
        let isQuotedTwice = outer.count < levels.count && outer.contains(.doubleQuotes)
        return ShellPlace(
            quotes: quotes, isEvaluated: levels.contains(.evaluated), isTextOnly: isQuotedTwice || hasHereDocument,
            continuesName: isInName)
    }

    mutating func readPlaceholder() {
        isInName = false
        isEscaped = false
        note(0)
    }

    mutating func read(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
            return note(0)
        }
        switch levels.last {
        case .singleQuotes:
            if byte == UInt8(ascii: "'") { levels.removeLast() }
            return note(0)
        case .comment:
            if byte == UInt8(ascii: "\n") { levels.removeLast() }
            return note(byte == UInt8(ascii: "\n") ? byte : 0)
        default: break
        }
        isInName = byte.isInName && byte < 0x80 && (isInName || previous == UInt8(ascii: "$"))
        switch byte {
        case UInt8(ascii: "\\"): isEscaped = true
        case UInt8(ascii: "\""): toggle(.doubleQuotes)
        case UInt8(ascii: "`"): toggle(.backquotes)
        case UInt8(ascii: "("):
            if levels.last == .evaluated || levels.last == .parentheses && previous == byte {
                levels.append(.evaluated)
            } else if levels.last != .doubleQuotes || previous == UInt8(ascii: "$") {
                levels.append(.parentheses)
            }
        case UInt8(ascii: ")"):
            if levels.last == .parentheses || levels.last == .evaluated { levels.removeLast() }
        case UInt8(ascii: "{") where previous == UInt8(ascii: "$"): levels.append(.evaluated)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if levels.last == .evaluated { levels.removeLast() }
        default:
            if levels.last != .doubleQuotes { readUnquoted(byte) }
        }
        note(byte)
    }

    private mutating func readUnquoted(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "'"): levels.append(.singleQuotes)
        case UInt8(ascii: "#"):
            if previous.isBlank || "\n;&|(".utf8.contains(previous) { levels.append(.comment) }
        case UInt8(ascii: "["):
            if previous == byte || previous.isInName { levels.append(.evaluated) }
        case UInt8(ascii: "<"):
            if previous == byte && levels.last != .evaluated { hasHereDocument = beforePrevious != byte }
        default: break
        }
    }

    /// Ends the innermost quotes of this kind together with all levels within them, or begins new ones.
    private mutating func toggle(_ quotes: Level) {
        let isInner = quotes == .backquotes || levels.last == quotes
        if isInner, let start = levels.lastIndex(of: quotes) {
            levels.removeSubrange(start...)
        } else {
            levels.append(quotes)
        }
    }

    private mutating func note(_ byte: UInt8) {
        beforePrevious = previous
        previous = byte
    }
}

/// Returns a word that the shell reads as exactly this text.
func shellQuoted(_ text: Bytes) -> Bytes { isPlain(text) ? text : inSingleQuotes(text) }

func inSingleQuotes(_ text: Bytes) -> Bytes {
    let quote = UInt8(ascii: "'")
    return [quote] + text.flatMap { $0 == quote ? Bytes("'\\''".utf8) : [$0] } + [quote]
}

/// Returns whether a text stands for itself in a shell, inside and outside quotes.
private func isPlain(_ text: Bytes) -> Bool {
    !text.isEmpty
        && text.allSatisfy { $0.isInName && $0 < 0x80 || "%+,-./:=@".utf8.contains($0) }
}

/// Returns whether a text is a number in decimal or hexadecimal digits, and therefore not a name.
private func isNumber(_ text: Bytes) -> Bool {
    Double(String(decoding: text, as: UTF8.self)) != nil && !text.contains { "nN".utf8.contains($0) }
}
