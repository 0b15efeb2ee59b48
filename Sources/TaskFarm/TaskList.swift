import CommandSupport
import SystemSupport

/// A shell command to run, and where the user wrote it.
struct Task {
    /// The command that is passed to `/bin/sh -c`.
    var command: Bytes
    /// The line in the file that defines the task, counted from 1.
    var line: Int
}

/// The tasks of a farm in the order in which they start.
struct TaskList {
    /// The file that the list was read from, for messages.
    var source: String
    var tasks: [Task] = []
    /// The numbers of the tasks, counted from 0 and in ascending order, that start only after all previous tasks have
    /// ended.
    var barriers: [Int] = []

    /// Parses a file with one shell command per line. Blank lines and lines that begin with `#` are skipped, except for
    /// the directive `#TASKFARM BARRIER`: the tasks after it wait for all tasks before it.
    ///
    /// A line ends with a line feed or with a carriage return and a line feed. All other bytes belong to the command.
    ///
    /// - Throws: ``UserError`` of status 64 that names the line.
    init(commands text: Bytes, source: String) throws(UserError) {
        self.source = source
        let lines = text.withoutByteOrderMark.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let isEnded = index < lines.count - 1
            let command = (isEnded && line.last == UInt8(ascii: "\r") ? line.dropLast() : line).drop(while: \.isBlank)
            if command.starts(with: "#TASKFARM".utf8) {
                let words = command.split(whereSeparator: \.isBlank)
                guard words.elementsEqual(["#TASKFARM", "BARRIER"], by: { $0.elementsEqual($1.utf8) }) else {
                    throw wrong(
                        index + 1,
                        "'\(printable(command.withoutBlanks))' is no directive, only '#TASKFARM BARRIER' is")
                }
                if barriers.last != tasks.count && !tasks.isEmpty { barriers.append(tasks.count) }
            } else if !command.isEmpty && command.first != UInt8(ascii: "#") {
                try add(Bytes(command), line: index + 1)
            }
        }
        if tasks.isEmpty { throw UserError("\(source) has no tasks", exitStatus: ExitStatus.usage) }
    }

    /// Creates one task for each row of a table.
    ///
    /// - Parameter words: A command in which `{name}` is replaced by the value of a column; see ``CommandTemplate``.
    /// - Throws: ``UserError`` of status 64.
    init(table: ParameterTable, template words: [Bytes]) throws(UserError) {
        source = table.source
        let template = try CommandTemplate(words, table: table)
        for (index, row) in table.rows.enumerated() {
            try add(template.command(row.values, task: index + 1, line: row.line), line: row.line)
        }
        if tasks.isEmpty { throw UserError("\(source) has no tasks", exitStatus: ExitStatus.usage) }
    }

    private mutating func add(_ command: Bytes, line: Int) throws(UserError) {
        if command.contains(0) { throw wrong(line, "there is a zero byte in it") }
        tasks.append(Task(command: command, line: line))
    }

    private func wrong(_ line: Int, _ what: String) -> UserError {
        UserError("\(source):\(line): \(what)", exitStatus: ExitStatus.usage)
    }

    /// A digest for each task that changes when its command changes or a barrier before it is added or removed.
    var digests: [UInt64] {
        var barriers = Set(barriers)
        return tasks.indices.map {
            fnv1a((barriers.remove($0) != nil ? [UInt8(ascii: "\n")] : []) + tasks[$0].command)
        }
    }
}
