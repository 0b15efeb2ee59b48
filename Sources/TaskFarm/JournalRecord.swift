import SystemSupport

/// The state of a task after an attempt.
enum TaskState: String {
    case done
    /// The task failed and is not tried again.
    case failed
    /// The task failed and is tried again.
    case retry
    /// The farm was stopped while the task ran; the task will run again.
    case stopped
}

/// One run of a task, as a line of the journal.
struct JournalRecord {
    var attempt: Attempt
    var state: TaskState
    var rank: Int
    var host: String
    var command: Bytes

    static let columns = [
        "task", "state", "ending", "attempt", "rank", "host", "start", "seconds", "cpu", "memory", "command",
    ]

    /// The record as tab-separated columns with a line feed at the end. The command is stored as the user wrote it, in
    /// any encoding.
    var line: Bytes {
        let columns = [
            "\(attempt.task + 1)", state.rawValue, attempt.ending.description, "\(attempt.attempt)", "\(rank)", host,
            fixed(attempt.start, 3), fixed(attempt.seconds, 6), fixed(attempt.cpuSeconds, 6),
            "\(attempt.peakMemoryBytes)", "",
        ]
        return Bytes(columns.joined(separator: "\t").utf8) + onOneLine(command) + [UInt8(ascii: "\n")]
    }

    /// Returns the part of a line that a resumed farm needs.
    ///
    /// - Parameter line: The line without its line feed.
    /// - Returns: `nil` if the line is not a record of a list with `count` tasks.
    static func parse(_ line: ArraySlice<UInt8>, count: Int) -> (task: Int, state: TaskState, attempt: Int)? {
        let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == columns.count, let number = Int(fields[0]), 1...count ~= number,
            let state = TaskState(rawValue: fields[1]), let attempt = Int(fields[3]), 1..<Int.max ~= attempt
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

/// Returns the text with tabs, line ends and other control characters escaped as in C.
private func onOneLine(_ text: Bytes) -> Bytes {
    text.flatMap { byte in
        switch byte {
        case UInt8(ascii: "\\"): Bytes("\\\\".utf8)
        case UInt8(ascii: "\t"): Bytes("\\t".utf8)
        case UInt8(ascii: "\n"): Bytes("\\n".utf8)
        case UInt8(ascii: "\r"): Bytes("\\r".utf8)
        case ..<0x20, 0x7f: Bytes("\\x\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8)
        default: [byte]
        }
    }
}
