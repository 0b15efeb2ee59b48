import CommandSupport
import SystemSupport

/// The contents that earlier runs have written to a journal.
struct JournalContents {
    /// The last final state of each task.
    private(set) var states: [TaskState?]
    /// The number of failed attempts of each task.
    private(set) var attempts: [Int]
    /// The number of bytes before the place for the next record; 0 if the header is incomplete.
    private(set) var length = 0

    /// Parses the text of a journal. An incomplete last line, which a killed run leaves behind, is ignored; it may end
    /// in the middle of a character.
    ///
    /// - Throws: ``UserError`` of status 64 if the text belongs to another list or is not a journal.
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

    /// Returns the header of a list's journal.
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

    /// Returns the error for a journal whose header does not match the list.
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
