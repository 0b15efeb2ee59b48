import CommandSupport
import SwiftMPI

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The file that tells which tasks have ended, so that a farm that was stopped or killed can go on.
///
/// Text: lines that begin with `#` and hold a digest of each task's command, a line with the names of columns, then a
/// line for each run of a task (see ``JournalRecord``), separated by tabs. A record is handed to the system, which a
/// killed process does not take along, before its task counts; it is forced to the disk as often as that costs little,
/// and at the end. Rank 0 writes.
final class Journal {
    let path: String
    private let descriptor: Int32
    /// Seconds spent on writing.
    private(set) var seconds = 0.0
    private var nextSynchronization = 0.0
    /// What an earlier run has left: for each task its last final state, and how many attempts have failed.
    private(set) var states: [TaskState?]
    private(set) var attempts: [Int]

    /// Opens or creates the journal of a list of tasks.
    ///
    /// - Throws: ``UserError``: of status 73 if it cannot be written or another farm is writing it, of 64 if it belongs
    ///   to another list or is none.
    init(_ path: String, for list: TaskList) throws(UserError) {
        self.path = path
        states = Array(repeating: nil, count: list.tasks.count)
        attempts = Array(repeating: 0, count: list.tasks.count)
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw UserError("cannot write \(path): \(systemError())", exitStatus: ExitStatus.cannotCreate)
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
            throw UserError("\(path) is being written by another taskfarm", exitStatus: ExitStatus.cannotCreate)
        }
        let header = Bytes(Self.header(list.digests).utf8)
        var text = try readBytes(of: path)
        if header.starts(with: text) {
            try cut(to: 0)
            try append(header)
            try synchronize()
            return
        }
        // A run that was killed may have left a part of a line, which may end within a character; no task counts
        // because of it.
        let whole = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        if whole < text.count {
            try cut(to: whole)
            text.removeSubrange(whole...)
        }
        guard text.starts(with: header) else { throw mismatch(text, list) }
        try restore(text[header.count...], line: header.count { $0 == UInt8(ascii: "\n") } + 1)
    }

    deinit { close(descriptor) }

    /// Adds records, which count from then on.
    ///
    /// - Throws: ``UserError`` of status 74.
    func append(_ records: [JournalRecord]) throws(UserError) {
        if records.isEmpty { return }
        let start = MPI.wallTime
        try append(records.flatMap(\.line))
        // A disk may take long; one twentieth of the time is what it gets.
        if start >= nextSynchronization {
            try synchronize()
            let end = MPI.wallTime
            nextSynchronization = end + max(0.5, 20 * (end - start))
        }
        seconds += MPI.wallTime - start
    }

    /// Forces to the disk what was added.
    ///
    /// - Throws: ``UserError`` of status 74.
    func synchronize() throws(UserError) {
        // Not every file can be: a pipe cannot.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failed() }
    }

    private func append(_ text: Bytes) throws(UserError) {
        if !writeAll(text, to: descriptor) { throw failed() }
    }

    private func cut(to length: Int) throws(UserError) {
        guard ftruncate(descriptor, off_t(length)) == 0 || errno == EINVAL else { throw failed() }
    }

    private func failed() -> UserError {
        UserError("cannot write \(path): \(systemError())", exitStatus: ExitStatus.ioError)
    }
}

// What an earlier run has left.
extension Journal {
    private static func header(_ digests: [UInt64]) -> String {
        let all = fnv1a(digests.map(hexadecimal).joined().utf8)
        var lines = ["# taskfarm journal 1: \(digests.count) tasks, digest \(hexadecimal(all))"]
        for start in stride(from: 0, to: digests.count, by: 6) {
            lines.append("# " + digests[start..<min(start + 6, digests.count)].map(hexadecimal).joined(separator: " "))
        }
        return (lines + [JournalRecord.columns.joined(separator: "\t")]).map { $0 + "\n" }.joined()
    }

    private func restore(_ records: ArraySlice<UInt8>, line: Int) throws(UserError) {
        let lines = records.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for (index, text) in lines.enumerated() {
            func wrong(_ what: String) -> UserError {
                UserError("\(path):\(line + index): \(what)", exitStatus: ExitStatus.usage)
            }
            guard let record = JournalRecord.parse(text, count: states.count) else {
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

    /// Why a journal that does not begin as it should is refused.
    private func mismatch(_ text: Bytes, _ list: TaskList) -> UserError {
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
