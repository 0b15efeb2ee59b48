// What libFuzzer calls with each input when `run`, beside this file, fuzzes the tables and command templates of
// `taskfarm`: the words of a template, then a table, separated by bytes 0x1e.

@c public func LLVMFuzzerTestOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    var parts = input.split(separator: 0x1e, omittingEmptySubsequences: false).map { Bytes($0) }
    let text = parts.removeLast()
    let table: ParameterTable
    do {
        table = try ParameterTable(text, source: "table")
    } catch {
        expectOneLine(error.description)
        guard error.exitStatus == 64, error.description.hasPrefix("table:") else { fatalError("\(error)") }
        report("refused")
        return 0
    }
    check(table)
    let commands = parts.isEmpty ? nil : check(template: parts, table)
    let rows = table.rows.map { list($0.values) + ";" }.joined()
    report("\(list(table.names))|\(rows)|\(commands.map { $0.map { list([$0]) + ";" }.joined() } ?? "refused")")
    return 0
}

/// Texts in hexadecimal digits, separated by commas.
private func list(_ texts: [Bytes]) -> String {
    texts.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }.joined(separator: ",")
}

/// A table is complete, and the same when it is written out with quotes and read again.
private func check(_ table: ParameterTable) {
    func quoted(_ values: [Bytes]) -> Bytes {
        Bytes(values.map { [0x22] + $0.flatMap { $0 == 0x22 ? [$0, $0] : [$0] } + [0x22] }.joined(separator: [0x2c]))
    }
    guard !table.names.isEmpty, Set(table.names).count == table.names.count,
        zip(table.rows, table.rows.dropFirst()).allSatisfy({ $0.line < $1.line })
    else { fatalError("\(table)") }
    let text = Bytes(([table.names] + table.rows.map(\.values)).map(quoted).joined(separator: [0x0d, 0x0a]))
    do {
        let again = try ParameterTable(text, source: "again")
        guard again.names == table.names, again.rows.map(\.values) == table.rows.map(\.values) else {
            fatalError("\(table) is read again as \(again)")
        }
    } catch {
        fatalError("\(table): \(error)")
    }
}

/// The words of each command are those of the template with the values in their places.
private func check(template words: [Bytes], _ table: ParameterTable) -> [Bytes]? {
    guard let template = try? CommandTemplate(words, table: table) else { return nil }
    if words.count == 1 { return check(piece: words[0], template, table) }
    var commands: [Bytes] = []
    for (index, row) in table.rows.enumerated() {
        guard let command = try? template.command(row.values, task: index + 1, line: row.line),
            shellWords(command) == words.map({ substituted($0, table.names, row.values, task: index + 1) })
        else { fatalError("\(words) with \(row)") }
        commands.append(command)
    }
    return commands
}

/// Whatever the piece of shell is, a value that is not plain stands only in assignments before it.
private func check(piece: Bytes, _ template: CommandTemplate, _ table: ParameterTable) -> [Bytes]? {
    let value: Bytes = [1] + Bytes("'\"$`\\\n;".utf8)
    let assignment = Bytes("='".utf8) + [1] + Bytes(#"'\''"$`\"#.utf8) + [0x0a] + Bytes(";'; ".utf8)
    if let command = try? template.command(table.names.map { _ in value }, task: 1, line: 1) {
        var rest = command[...]
        for column in columns(of: piece, table.names) {
            let expected = Bytes("_taskfarm\(column + 1)".utf8) + assignment
            guard rest.starts(with: expected) else { fatalError("\(piece): \(command)") }
            rest = rest.dropFirst(expected.count)
        }
        guard rest.count(where: { $0 == 1 }) == piece.count(where: { $0 == 1 }) else {
            fatalError("\(piece): \(command)")
        }
    }
    var commands: [Bytes] = []
    for (index, row) in table.rows.enumerated() {
        guard let command = try? template.command(row.values, task: index + 1, line: row.line) else { return nil }
        commands.append(command)
    }
    return commands
}

/// The columns that a word of a template names, by their first places.
private func columns(of word: Bytes, _ names: [Bytes]) -> [Int] {
    var columns: [Int] = []
    scan(word) { name in
        if let column = names.firstIndex(of: name), !columns.contains(column) { columns.append(column) }
        return []
    }
    return columns
}

/// A word of a template with values in the places of names.
private func substituted(_ word: Bytes, _ names: [Bytes], _ values: [Bytes], task: Int) -> Bytes {
    scan(word) { name in names.firstIndex(of: name).map { values[$0] } ?? Bytes("\(task)".utf8) }
}

/// A word with `{name}` replaced and `{{` as a brace.
@discardableResult
private func scan(_ word: Bytes, _ replacement: (Bytes) -> Bytes) -> Bytes {
    func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f || byte >= 0x80
    }
    var result: Bytes = []
    var index = 0
    while index < word.count {
        let rest = word[(index + 1)...]
        var end = index + 1
        while end < word.count, isLetter(word[end]) || end > index + 1 && Bytes("0123456789.-".utf8).contains(word[end])
        {
            end += 1
        }
        if word[index] == 0x7b, rest.first == 0x7b {
            result.append(0x7b)
            index += 2
        } else if word[index] == 0x7b, end > index + 1, end < word.count, word[end] == 0x7d {
            result += replacement(Bytes(word[(index + 1)..<end]))
            index = end + 1
        } else {
            result.append(word[index])
            index += 1
        }
    }
    return result
}

/// The words of a command made of plain characters, quoted strings and escaped quotes; `nil` for any other command.
private func shellWords(_ command: Bytes) -> [Bytes]? {
    var words: [Bytes] = [[]]
    var index = 0
    while index < command.count {
        switch command[index] {
        case 0x20: words.append([])
        case 0x27:
            guard let end = command[(index + 1)...].firstIndex(of: 0x27) else { return nil }
            words[words.count - 1] += command[(index + 1)..<end]
            index = end
        case 0x5c:
            index += 1
            guard index < command.count, command[index] == 0x27 else { return nil }
            words[words.count - 1].append(0x27)
        case let byte:
            let scalar = Unicode.Scalar(byte)
            let isWord = scalar.isASCII && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
            guard isWord || "_%+,-./:=@".utf8.contains(byte) else { return nil }
            words[words.count - 1].append(byte)
        }
        index += 1
    }
    return words
}
