import SystemSupport

/// A command in which `{name}` is replaced by the value of a column, `{task}` by the number of the task, and `{{` by a
/// brace.
///
/// If the template has several words, they are the words of a command, and each reaches the program as one argument
/// that may contain any bytes. If it has a single word, that word is a piece of shell, and a value is inserted as text,
/// inside quotes as well: see ``ShellPiece``. Braces around anything but a name are left alone.
struct CommandTemplate {
    private enum Form {
        case words([[TemplatePart]])
        case shell(ShellPiece)
    }
    private let form: Form
    private let source: String

    /// - Throws: ``UserError`` of status 64 for a placeholder that names no column or stands where no placeholder is
    ///   allowed.
    init(_ words: [Bytes], table: ParameterTable) throws(UserError) {
        source = table.source
        var parsed: [[TemplatePart]] = []
        for word in words { parsed.append(try Self.parts(of: word, table)) }
        form = parsed.count == 1 ? .shell(try ShellPiece(parsed[0])) : .words(parsed)
    }

    /// Returns the shell command for one row of the table.
    ///
    /// - Parameter line: The line of the row in the file, for messages.
    /// - Throws: ``UserError`` of status 64 for a value that is not allowed where its placeholder stands.
    func command(_ values: [Bytes], task: Int, line: Int) throws(UserError) -> Bytes {
        switch form {
        case .words(let words):
            let texts = words.map { $0.flatMap { $0.text(values, task) } }
            // A word with an equals sign before the program's name would be an assignment.
            let name = texts[0].contains(UInt8(ascii: "=")) ? inSingleQuotes(texts[0]) : shellQuoted(texts[0])
            return Bytes(([name] + texts.dropFirst().map(shellQuoted)).joined(separator: " ".utf8))
        case .shell(let piece):
            do throws(ShellPiece.Misplacement) {
                return try piece.command(values, task: task)
            } catch {
                throw UserError("\(source):\(line): \(error)", exitStatus: ExitStatus.usage)
            }
        }
    }

    private static func parts(of word: Bytes, _ table: ParameterTable) throws(UserError) -> [TemplatePart] {
        let brace = UInt8(ascii: "{")
        var parts: [TemplatePart] = []
        var literal: Bytes = []
        var rest = word[...]
        while let byte = rest.popFirst() {
            if byte == brace && rest.first == brace {
                literal.append(rest.removeFirst())
                continue
            }
            let name = rest.prefix { $0 != UInt8(ascii: "}") }
            guard byte == brace, name.endIndex < rest.endIndex, isPlaceholderName(name) else {
                literal.append(byte)
                continue
            }
            parts.append(.literal(literal))
            literal = []
            if let column = table.names.firstIndex(of: Bytes(name)) {
                parts.append(.column(column, name: printable(name)))
            } else if name.elementsEqual("task".utf8) {
                parts.append(.task)
            } else {
                throw UserError(
                    "{\(printable(name))} is no column of \(table.source), which has \(table.list)",
                    exitStatus: ExitStatus.usage)
            }
            rest = rest[name.endIndex...].dropFirst()
        }
        return parts + [.literal(literal)]
    }
}

/// A part of a word in a template.
enum TemplatePart {
    case literal(Bytes)
    case column(Int, name: String)
    case task

    func text(_ values: [Bytes], _ task: Int) -> Bytes {
        switch self {
        case .literal(let text): text
        case .column(let column, _): values[column]
        case .task: Bytes("\(task)".utf8)
        }
    }
}
