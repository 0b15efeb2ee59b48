import CommandSupport

/// A command in which `{name}` stands for the value of a column, `{task}` for the number of the task, and `{{` for a
/// brace.
///
/// Several words are the words of a command: each reaches the program as one argument, whatever is in it. A single word
/// is a piece of shell in which only the values are quoted. Braces around anything but a name are left alone.
struct CommandTemplate {
    private enum Piece {
        case literal(String)
        case column(Int)
        case task
    }
    private let words: [[Piece]]

    /// - Throws: ``UserError`` of status 64 for a placeholder that is no column.
    init(_ words: [String], table: ParameterTable) throws(UserError) {
        var parsed: [[Piece]] = []
        for word in words { parsed.append(try Self.pieces(of: word, table)) }
        self.words = parsed
    }

    /// The shell command for one row of the table.
    func command(_ values: [String], task: Int) -> String {
        func text(_ pieces: [Piece], _ quote: (String) -> String) -> String {
            pieces.map { piece in
                switch piece {
                case .literal(let text): text
                case .column(let column): quote(values[column])
                case .task: "\(task)"
                }
            }.joined()
        }
        if words.count == 1 { return text(words[0], shellQuoted) }
        return words.map { shellQuoted(text($0) { $0 }) }.joined(separator: " ")
    }

    private static func pieces(of word: String, _ table: ParameterTable) throws(UserError) -> [Piece] {
        var pieces: [Piece] = []
        var literal = ""
        var rest = word[...]
        while let character = rest.popFirst() {
            if character == "{" && rest.first == "{" {
                literal.append(rest.removeFirst())
                continue
            }
            let name = rest.prefix { $0 != "}" }
            guard character == "{", name.endIndex < rest.endIndex, isPlaceholderName(name) else {
                literal.append(character)
                continue
            }
            pieces.append(.literal(literal))
            literal = ""
            if let column = table.names.firstIndex(of: String(name)) {
                pieces.append(.column(column))
            } else if name == "task" {
                pieces.append(.task)
            } else {
                throw UserError(
                    "{\(name)} is no column of \(table.source), which has \(table.names.joined(separator: ", "))",
                    exitStatus: ExitStatus.usage)
            }
            rest = rest[name.endIndex...].dropFirst()
        }
        return pieces + [.literal(literal)]
    }
}

/// A word that the shell takes for just this text.
func shellQuoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "%+,-./:=@_".utf8.contains(byte)
        }
    }
    if isPlain && !text.isEmpty { return text }
    return "'" + text.replacing("'", with: "'\\''") + "'"
}
