import SystemSupport

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
    var command: Bytes

    static let columns = [
        "task", "state", "ending", "attempt", "rank", "host", "start", "seconds", "cpu", "memory", "command",
    ]

    /// The columns separated by tabs, and a line end. The command is as the user wrote it, in any encoding.
    var line: Bytes {
        let columns = [
            "\(attempt.task + 1)", state.rawValue, attempt.ending.description, "\(attempt.attempt)", "\(rank)", host,
            fixed(attempt.start, 3), fixed(attempt.seconds, 6), fixed(attempt.cpuSeconds, 6),
            "\(attempt.peakMemoryBytes)", "",
        ]
        return Bytes(columns.joined(separator: "\t").utf8) + onOneLine(command) + [UInt8(ascii: "\n")]
    }

    /// What a resumed farm has to know of a line.
    ///
    /// - Parameter line: Without its end.
    /// - Returns: `nil` for anything but a record of a list with `count` tasks.
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

/// The text with tabs, line ends and other control characters written as a C program would.
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
