import CommandSupport
private import Glibc
import SwiftMPI

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
    /// What an earlier run has left.
    let contents: JournalContents

    /// Opens or creates the journal of a list of tasks.
    ///
    /// - Throws: ``UserError``: of status 73 if it cannot be written or another farm is writing it, of 64 if it belongs
    ///   to another list or is none.
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
        // Nothing of a file that is refused is lost.
        if contents.length < text.count { try cut(to: contents.length) }
        if contents.length == 0 {
            try append(JournalContents.header(of: list))
            try synchronize()
        }
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
        let reason = systemError()
        return UserError("cannot write \(path): \(reason)", exitStatus: ExitStatus.ioError)
    }
}
