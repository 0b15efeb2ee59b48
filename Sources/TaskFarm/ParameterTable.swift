import CommandSupport

/// A table of parameters: a line of names, then a line of values for each task.
///
/// Comma-separated as in RFC 4180, a value that has commas, quotes or line ends within double quotes; separated by tabs
/// where the line of names has a tab. Blank lines and lines that begin with `#` are skipped.
struct ParameterTable {
    var source: String
    var names: [String]
    var rows: [(values: [String], line: Int)] = []

    /// - Throws: ``UserError`` of status 64 naming the line.
    init(_ text: String, source: String) throws(UserError) {
        func wrong(_ line: Int, _ what: String) -> UserError {
            UserError("\(source):\(line): \(what)", exitStatus: ExitStatus.usage)
        }
        self.source = source
        var reader = SeparatedValues(text)
        guard let header = try reader.next(wrong) else { throw wrong(1, "there is no line with the names of columns") }
        names = header.values
        for (index, name) in names.enumerated() {
            if !isPlaceholderName(name) { throw wrong(header.line, "'\(name)' cannot be the name of a column") }
            if names[..<index].contains(name) { throw wrong(header.line, "there are two columns '\(name)'") }
        }
        while let row = try reader.next(wrong) {
            guard row.values.count == names.count else {
                throw wrong(
                    row.line, "\(row.values.count) values for \(names.count) columns (\(names.joined(separator: ", ")))"
                )
            }
            rows.append(row)
        }
    }
}

/// Whether `{name}` stands for a value: a letter or underscore, then letters, digits, underscores, dots and hyphens.
func isPlaceholderName(_ name: some StringProtocol) -> Bool {
    guard let first = name.first, first.isLetter || first == "_" else { return false }
    return name.allSatisfy { $0.isLetter || $0.isNumber || "_.-".contains($0) }
}

/// Takes the rows off a text one by one.
private struct SeparatedValues {
    private var rest: Substring
    private var line = 1
    private var separator: Character?

    init(_ text: String) { rest = text[...] }

    /// - Throws: What `wrong` makes of a line and what is wrong with it.
    mutating func next(_ wrong: (Int, String) -> UserError) throws(UserError) -> (values: [String], line: Int)? {
        while !rest.isEmpty {
            let lineText = trimmed(rest.prefix { !$0.isNewline })
            if !lineText.isEmpty && !lineText.hasPrefix("#") { break }
            rest = rest.drop { !$0.isNewline }.dropFirst()
            line += 1
        }
        if rest.isEmpty { return nil }
        let separator = separator ?? (rest.prefix { !$0.isNewline }.contains("\t") ? "\t" : ",")
        self.separator = separator
        let first = line
        var values: [String] = []
        while true {
            values.append(try value(separator, wrong))
            guard let end = rest.popFirst() else { break }
            if end == separator { continue }
            line += 1
            break
        }
        return (values, first)
    }

    /// The value up to the next separator or line end, which stays.
    private mutating func value(_ separator: Character, _ wrong: (Int, String) -> UserError) throws(UserError) -> String
    {
        func isEnd(_ character: Character) -> Bool { character == separator || character.isNewline }
        rest = rest.drop { $0 == " " }
        guard rest.first == "\"" else {
            let plain = rest.prefix { !isEnd($0) }
            rest = rest[plain.endIndex...]
            return String(trimmed(plain))
        }
        let start = line
        var text = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            if character != "\"" {
                text.append(character)
            } else if rest.first == "\"" {
                text.append(rest.removeFirst())
            } else {
                rest = rest.drop { $0 == " " }
                if let next = rest.first, !isEnd(next) { throw wrong(line, "text after a closing quote") }
                return text
            }
        }
        throw wrong(start, "a quote is not closed")
    }
}
