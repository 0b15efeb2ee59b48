import CommandSupport

/// What has become of a task.
enum TaskState: String {
    case done
    /// It failed, and is not tried again.
    case failed
    /// It failed, and is tried again.
    case retry
    /// The farm was stopped while it ran: it will run again.
    case stopped
}

/// One run of a task, as a line of the journal says it.
struct JournalRecord {
    var attempt: Attempt
    var state: TaskState
    var rank: Int
    var host: String
    var command: String

    static let columns = [
        "task", "state", "ending", "attempt", "rank", "host", "start", "seconds", "cpu", "memory", "command",
    ]

    /// The columns separated by tabs, and a line end.
    var line: String {
        let columns = [
            "\(attempt.task + 1)", state.rawValue, attempt.ending.description, "\(attempt.attempt)", "\(rank)", host,
            fixed(attempt.start, 3), fixed(attempt.seconds, 6), fixed(attempt.cpuSeconds, 6),
            "\(attempt.peakMemoryBytes)", onOneLine(command),
        ]
        return columns.joined(separator: "\t") + "\n"
    }

    /// What a resumed farm has to know of a line.
    ///
    /// - Parameter line: Without its end.
    /// - Returns: `nil` for anything but a record of a list with `count` tasks.
    static func parse(_ line: Substring, count: Int) -> (task: Int, state: TaskState, attempt: Int)? {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == columns.count, let number = Int(fields[0]), 1...count ~= number,
            let state = TaskState(rawValue: String(fields[1])), let attempt = Int(fields[3]), attempt >= 1
        else { return nil }
        return (number - 1, state, attempt)
    }
}

extension Ending: CustomStringConvertible {
    var description: String {
        switch self {
        case .exited(let status): "exit \(status)"
        case .signalled(let signal): "signal \(signal)"
        case .timedOut: "timeout"
        case .stopped: "stopped"
        case .notStarted(let code): "not started (\(systemError(code)))"
        }
    }
}

/// The text with tabs and line ends written as a C program would.
private func onOneLine(_ text: String) -> String {
    if !text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) { return text }
    return text.unicodeScalars.map { scalar in
        switch scalar {
        case "\\": "\\\\"
        case "\t": "\\t"
        case "\n": "\\n"
        case "\r": "\\r"
        default: String(scalar)
        }
    }.joined()
}
