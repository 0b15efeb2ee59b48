import CommandSupport
import SystemSupport

/// What an earlier run has left in a journal.
struct JournalContents {
    /// For each task its last final state.
    private(set) var states: [TaskState?]
    /// For each task how many attempts have failed.
    private(set) var attempts: [Int]
    /// The bytes up to where the next record belongs; 0 if the header is not there as a whole.
    private(set) var length = 0

    /// Reads the text of a journal. A part of a last line, which a killed run has left, does not count; it may end
    /// within a character.
    ///
    /// - Throws: ``UserError`` of status 64 if it belongs to another list or is none.
    init(_ text: Bytes, of path: String, for list: TaskList) throws(UserError) {
        states = Array(repeating: nil, count: list.tasks.count)
        attempts = Array(repeating: 0, count: list.tasks.count)
        let header = Self.header(of: list)
        if text.count < header.count && header.starts(with: text) { return }
        let whole = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard text.starts(with: header) else { throw Self.mismatch(text[..<whole], path, list) }
        length = whole
        let firstLine = header.count { $0 == UInt8(ascii: "\n") } + 1
        let lines = text[header.count..<length].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.dropLast().enumerated() {
            func wrong(_ what: String) -> UserError {
                UserError("\(path):\(firstLine + index): \(what)", exitStatus: ExitStatus.usage)
            }
            guard let record = JournalRecord.parse(line, count: states.count) else {
                throw wrong("this is no record of a task")
            }
            if states[record.task] == .done { throw wrong("task \(record.task + 1) was done before") }
            switch record.state {
            case .done, .failed: states[record.task] = record.state
            case .retry, .stopped: states[record.task] = nil
            }
            if record.state != .stopped { attempts[record.task] = record.attempt }
        }
    }

    /// The lines that begin the journal of a list.
    static func header(of list: TaskList) -> Bytes {
        let digests = list.digests.map(hexadecimal)
        let all = fnv1a(digests.joined().utf8)
        var lines = ["# taskfarm journal 1: \(digests.count) tasks, digest \(hexadecimal(all))"]
        for start in stride(from: 0, to: digests.count, by: 6) {
            lines.append("# " + digests[start..<min(start + 6, digests.count)].joined(separator: " "))
        }
        lines.append(JournalRecord.columns.joined(separator: "\t"))
        return Bytes(lines.map { $0 + "\n" }.joined().utf8)
    }

    /// Why a journal that does not begin as it should is refused.
    private static func mismatch(_ text: ArraySlice<UInt8>, _ path: String, _ list: TaskList) -> UserError {
        func refused(_ what: String) -> UserError { UserError(what, exitStatus: ExitStatus.usage) }
        let advice = "give the changed list a journal of its own with --journal"
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines[0].hasPrefix("# taskfarm journal 1: ") else {
            return refused("\(path) is not a journal of taskfarm")
        }
        let written = lines.dropFirst().prefix { $0.hasPrefix("# ") }.flatMap { $0.dropFirst(2).split(separator: " ") }
        for (task, (old, new)) in zip(list.tasks, zip(written, list.digests)) where old != hexadecimal(new) {
            return refused("\(list.source):\(task.line): not the command that \(path) was begun with; \(advice)")
        }
        return refused(
            "\(list.source) has \(list.tasks.count) tasks, \(path) was begun with \(written.count); \(advice)")
    }
}
