import CommandSupport

/// A shell command to run, and where the user wrote it.
struct Task {
    /// What `/bin/sh -c` gets.
    var command: String
    /// The line of the file it comes from, from 1.
    var line: Int
}

/// The tasks of a farm in the order in which they start.
struct TaskList {
    /// The file it was read from, for messages.
    var source: String
    var tasks: [Task] = []
    /// Numbers of tasks, from 0, that start only when all before them have ended; in order.
    var barriers: [Int] = []

    /// Reads a file with one shell command a line. Blank lines and lines that begin with `#` are skipped, but for
    /// `#TASKFARM BARRIER`: what follows waits for what came before.
    ///
    /// - Throws: ``UserError`` of status 64 naming the line.
    init(commands text: String, source: String) throws(UserError) {
        self.source = source
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let command = trimmed(line)
            if command.hasPrefix("#TASKFARM") {
                guard command.dropFirst("#TASKFARM".count).split(separator: " ") == ["BARRIER"] else {
                    throw wrong(index + 1, "'\(command)' is no directive, only '#TASKFARM BARRIER' is")
                }
                if barriers.last != tasks.count && !tasks.isEmpty { barriers.append(tasks.count) }
            } else if !command.isEmpty && !command.hasPrefix("#") {
                try add(String(command), line: index + 1)
            }
        }
        if tasks.isEmpty { throw UserError("\(source) has no tasks", exitStatus: ExitStatus.usage) }
    }

    /// One task a row of a table.
    ///
    /// - Parameter words: A command whose `{name}` stand for the columns; see ``CommandTemplate``.
    /// - Throws: ``UserError`` of status 64.
    init(table: ParameterTable, template words: [String]) throws(UserError) {
        source = table.source
        let template = try CommandTemplate(words, table: table)
        for (index, row) in table.rows.enumerated() {
            try add(template.command(row.values, task: index + 1), line: row.line)
        }
        if tasks.isEmpty { throw UserError("\(source) has no tasks", exitStatus: ExitStatus.usage) }
    }

    private mutating func add(_ command: String, line: Int) throws(UserError) {
        if command.utf8.contains(0) { throw wrong(line, "there is a zero byte in it") }
        tasks.append(Task(command: command, line: line))
    }

    private func wrong(_ line: Int, _ what: String) -> UserError {
        UserError("\(source):\(line): \(what)", exitStatus: ExitStatus.usage)
    }

    /// A number for each task that changes when its command does, barriers included.
    var digests: [UInt64] {
        var barriers = Set(barriers)
        return tasks.indices.map { fnv1a((barriers.remove($0) != nil ? "\n" : "") + tasks[$0].command) }
    }
}

/// The Fowler–Noll–Vo hash, variant 1a, of 64 bits: draft-eastlake-fnv.
func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

/// Without the white space at its ends.
func trimmed(_ text: some StringProtocol) -> Substring {
    let text = Substring(text).drop { $0.isWhitespace }
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return text[...last]
}
