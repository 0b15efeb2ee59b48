import CommandSupport
private import Glibc
import SwiftMPI
import SystemSupport

/// The file that records which tasks have ended, so that a farm that was stopped or killed can be resumed.
///
/// The journal is text: lines that begin with `#` and hold a digest of each task's command, then a line with the column
/// names, then a tab-separated line for each run of a task (see ``JournalRecord``). A record is handed to the operating
/// system before its task counts, so it survives if the process is killed. Records are forced to the disk at the end,
/// and before that as often as it costs little time. Only rank 0 writes.
final class Journal {
    let path: String
    private let descriptor: Int32
    /// The number of seconds spent on writing.
    private(set) var seconds = 0.0
    private var nextSynchronization = 0.0
    /// The contents that earlier runs have written.
    let contents: JournalContents

    /// Opens or creates the journal of a list of tasks.
    ///
    /// - Throws: ``UserError`` of status 73 if the journal cannot be written or another farm is writing it, of status
    ///   64 if it belongs to another list or the file is not a journal.
    init(_ path: String, for list: TaskList) throws(UserError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            let reason = systemError()
            throw UserError("cannot write \(path): \(reason)", exitStatus: ExitStatus.cannotCreate)
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
            throw UserError("\(path) is being written by another taskfarm", exitStatus: ExitStatus.cannotCreate)
        }
        let text = try readBytes(of: path)
        contents = try JournalContents(text, of: path, for: list)
        // Truncates only after the checks, so a rejected file stays unchanged.
        if contents.length < text.count { try cut(to: contents.length) }
        if contents.length == 0 {
            try append(JournalContents.header(of: list))
            try synchronize()
        }
    }

    deinit { close(descriptor) }

    /// Appends records, which count from then on.
    ///
    /// - Throws: ``UserError`` of status 74.
    func append(_ records: [JournalRecord]) throws(UserError) {
        if records.isEmpty { return }
        let start = MPI.wallTime
        try append(records.flatMap(\.line))
        // A disk may be slow, so synchronizing gets at most one twentieth of the time.
        if start >= nextSynchronization {
            try synchronize()
            let end = MPI.wallTime
            nextSynchronization = end + max(0.5, 20 * (end - start))
        }
        seconds += MPI.wallTime - start
    }

    /// Forces the appended records to the disk.
    ///
    /// - Throws: ``UserError`` of status 74.
    func synchronize() throws(UserError) {
        // EINVAL: some files, such as pipes, cannot be synchronized.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw failed() }
    }

    private func append(_ text: Bytes) throws(UserError) {
        if !writeAll(text, to: descriptor) { throw failed() }
    }

    private func cut(to length: Int) throws(UserError) {
        guard ftruncate(descriptor, off_t(length)) == 0 || errno == EINVAL else { throw failed() }
    }

    private func failed() -> UserError {
        let reason = systemError()
        return UserError("cannot write \(path): \(reason)", exitStatus: ExitStatus.ioError)
    }
}
