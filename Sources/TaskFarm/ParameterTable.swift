import SystemSupport

/// A table of parameters: a line of column names, then a line of values for each task.
///
/// Values are separated by tabs if the line of names contains a tab, otherwise by commas as in RFC 4180. A value that
/// contains commas, quotes or line ends is enclosed in double quotes. Blanks around a value are ignored. Blank lines
/// and comments are skipped. A comment is a line that begins with a `#` that is alone or followed by a blank or another
/// `#`; a value may begin with `#`.
///
/// Input that other readers would interpret differently is rejected: an unquoted carriage return that does not end a
/// line, and a tab between a comma and a quote.
struct ParameterTable {
    var source: String
    var names: [Bytes]
    var rows: [(values: [Bytes], line: Int)] = []

    /// - Throws: ``UserError`` of status 64 that names the line.
    init(_ text: Bytes, source: String) throws(UserError) {
        func wrong(_ line: Int, _ what: String) -> UserError {
            UserError("\(source):\(line): \(what)", exitStatus: ExitStatus.usage)
        }
        self.source = source
        var reader = SeparatedValues(text)
        guard let header = try reader.next(wrong) else { throw wrong(1, "there is no line with the names of columns") }
        names = header.values
        for (index, name) in names.enumerated() {
            if !isPlaceholderName(name) {
                throw wrong(header.line, "'\(printable(name))' cannot be the name of a column")
            }
            if names[..<index].contains(name) {
                throw wrong(header.line, "there are two columns '\(printable(name))'")
            }
        }
        while let row = try reader.next(wrong) {
            guard row.values.count == names.count else {
                let columns = "\(counted(names.count, "column")) (\(list))"
                throw wrong(row.line, "\(counted(row.values.count, "value")) for \(columns)")
            }
            rows.append(row)
        }
    }

    /// The names of the columns, for messages.
    var list: String { names.map { printable($0) }.joined(separator: ", ") }
}

/// Returns whether `{name}` is a placeholder: a letter or underscore, followed by letters, digits, underscores, dots
/// and hyphens.
func isPlaceholderName(_ name: some Collection<UInt8>) -> Bool {
    guard let first = name.first, first.isInName, !"0123456789".utf8.contains(first) else { return false }
    return name.allSatisfy { $0.isInName || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
}

/// Reads the rows of a text one by one.
private struct SeparatedValues {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let quote = UInt8(ascii: "\"")
    private static let strayReturn = "a carriage return that does not end the line"

    private var rest: ArraySlice<UInt8>
    private var line = 1
    private var separator: UInt8?

    init(_ text: Bytes) { rest = text.withoutByteOrderMark }

    /// - Throws: The error that `wrong` returns for a line number and a description of the fault.
    mutating func next(_ wrong: (Int, String) -> UserError) throws(UserError) -> (values: [Bytes], line: Int)? {
        while !rest.isEmpty && isSkipped(currentLine) {
            if currentLine.contains(Self.carriageReturn) { throw wrong(line, Self.strayReturn) }
            rest = rest[currentLine.endIndex...]
            takeLineEnd()
        }
        if rest.isEmpty { return nil }
        let tab = UInt8(ascii: "\t")
        let separator = separator ?? (currentLine.contains(tab) ? tab : UInt8(ascii: ","))
        self.separator = separator
        let first = line
        var values = [try value(separator, wrong)]
        while rest.first == separator {
            rest.removeFirst()
            values.append(try value(separator, wrong))
        }
        takeLineEnd()
        return (values, first)
    }

    /// The rest of the current line, without its line end.
    private var currentLine: ArraySlice<UInt8> {
        guard let end = rest.firstIndex(of: Self.lineFeed) else { return rest }
        let line = rest[..<end]
        return line.last == Self.carriageReturn ? line.dropLast() : line
    }

    /// Returns whether a line is blank or a comment.
    private func isSkipped(_ line: ArraySlice<UInt8>) -> Bool {
        // If the separator is a tab, a line of tabs is a row of empty values.
        let line = line.drop { $0.isBlank && $0 != separator }
        guard line.first == UInt8(ascii: "#") else { return line.isEmpty }
        return line.dropFirst().first.map { $0.isBlank || $0 == UInt8(ascii: "#") } ?? true
    }

    private var isAtLineEnd: Bool {
        rest.isEmpty || rest.first == Self.lineFeed || rest.starts(with: [Self.carriageReturn, Self.lineFeed])
    }

    private mutating func takeLineEnd() {
        if rest.isEmpty { return }
        rest.removeFirst(rest.first == Self.carriageReturn ? 2 : 1)
        line += 1
    }

    /// Reads a value up to the next separator or line end, which is not consumed.
    private mutating func value(_ separator: UInt8, _ wrong: (Int, String) -> UserError) throws(UserError) -> Bytes {
        let blanks = rest.prefix { $0.isBlank && $0 != separator }
        rest = rest[blanks.endIndex...]
        guard rest.first == Self.quote else {
            let plain = currentLine.prefix { $0 != separator }
            if plain.contains(Self.carriageReturn) { throw wrong(line, Self.strayReturn) }
            rest = rest[plain.endIndex...]
            return Bytes(plain.withoutBlanks)
        }
        if blanks.contains(UInt8(ascii: "\t")) { throw wrong(line, "a tab before a quote") }
        let start = line
        var text: Bytes = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == Self.lineFeed { line += 1 }
            if byte != Self.quote {
                text.append(byte)
            } else if rest.first == Self.quote {
                text.append(rest.removeFirst())
            } else {
                rest = rest.drop { $0.isBlank && $0 != separator }
                if !isAtLineEnd && rest.first != separator { throw wrong(line, "text after a closing quote") }
                return text
            }
        }
        throw wrong(start, "a quote is not closed")
    }
}
