private import Glibc
private import SwiftMPI

/// A file that appears under its name only when it is complete.
///
/// The file is written next to its final location as `.NAME.incomplete`, or as `.NAME.RUN.incomplete` by a run that can
/// be resumed, in which case no other run touches it. One rank prepares the file, and publishes or discards it later;
/// in the meantime no other run can do so. If the name is a symbolic link, all of this applies to its target.
public final class PublishedFile {
    /// The final path, as given.
    public let path: String
    /// The final path with symbolic links resolved.
    private let destination: String
    /// The path at which the file is written.
    public let temporaryPath: String
    /// The identifier of the run to which the incomplete file belongs; `nil` for a run that cannot be resumed.
    public let run: String?
    /// The files that it may replace; `nil` for any file.
    private let replaceable: OwnFiles?
    private let directory: String
    private let lockPath: String
    private var lock: FileLock?

    /// The help text about the files that users may see next to a result.
    public static let help = """
        While it is written, its name is .NAME.incomplete, and .NAME.lock keeps other runs from writing it. A lock \
        file left by a killed run has no effect.
        """

    /// - Parameters:
    ///   - run: The identifier of the run, if the run can be resumed.
    ///   - replaceable: The files that the new file may replace; `nil` for any file.
    public init(_ path: String, run: String? = nil, replacing replaceable: OwnFiles?) {
        self.path = path
        self.run = run
        self.replaceable = replaceable
        destination = withoutLinks(path)
        let (directory, name) = directoryAndName(of: destination)
        self.directory = directory
        let hidden = destination.contains("/") ? "\(directory)/.\(name)" : ".\(name)"
        temporaryPath = hidden + (run.map { ".\($0)" } ?? "") + ".incomplete"
        lockPath = hidden + ".lock"
    }

    /// Checks that the file can be created, before any work is done.
    ///
    /// - Parameter byteCount: A lower bound of the final size.
    /// - Throws: ``UserError`` of exit status 73 if the file cannot be created.
    public func prepare(byteCount: Int = 0) throws(UserError) {
        var status = stat()
        if path == "-" { throw refused("standard output takes no such file; give it a name") }
        if path.isEmpty || path.hasSuffix("/") { throw refused("'\(path)' is not the name of a file") }
        let excess = directoryAndName(of: temporaryPath).name.utf8.count - MPI.longestFileName
        if excess > 0 { throw refused("cannot write \(path): the name is too long by \(counted(excess, "byte"))") }
        guard stat(directory, &status) == 0 else {
            let reason = systemError()
            throw refused("cannot write \(path): directory \(directory): \(reason)")
        }
        guard isDirectory(status) else { throw refused("cannot write \(path): \(directory) is not a directory") }
        guard access(directory, W_OK | X_OK) == 0 else {
            let reason = systemError()
            throw refused("cannot write \(path): directory \(directory): \(reason)")
        }
        if stat(destination, &status) == 0 {
            if isDirectory(status) { throw refused("cannot write \(path): it is a directory") }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw refused("cannot write \(path): it is not a regular file")
            }
            guard status.st_mode & 0o222 != 0, access(destination, W_OK) == 0 else {
                throw refused("cannot write \(path): the file of that name is write-protected")
            }
            if let replaceable, status.st_size > 0, !replaceable.contains(destination) {
                throw refused(
                    "cannot write \(path): the file of that name was not written by \(replaceable.program); "
                        + "--force replaces it")
            }
        }
        try acquire()
        unlink(temporaryPath)  // left by a killed run
        if let free = freeBytes, byteCount > free {
            throw refused(
                "cannot write \(path): it needs \(engineering(Double(byteCount)))B, "
                    + "\(engineering(Double(free)))B are free in \(directory)")
        }
    }

    /// The file that has the final name now; `nil` if there is none.
    public var stamp: FileStamp? { FileStamp(destination) }

    /// Reopens the file that an earlier job of the run started to write.
    ///
    /// - Parameters:
    ///   - replaced: The file that had the final name when the run started.
    ///   - isOwn: Whether the file of the final name is the finished file of the same run. That file then loses its
    ///     name until it is published again. Not evaluated if the unfinished file exists.
    /// - Throws: ``UserError`` of exit status 73 if neither file exists, or if another file would be replaced.
    public func reopen(replacing replaced: FileStamp?, isOwn: @autoclosure () -> Bool) throws(UserError) {
        try acquire()
        if access(temporaryPath, F_OK) == 0 { return try requireUnchanged(since: replaced) }
        guard isOwn(), rename(destination, temporaryPath) == 0 else {
            throw refused(
                "cannot continue \(path): the unfinished result of this run is missing, \(temporaryPath): put it back, "
                    + "give the --output that the run began with, or remove its checkpoints to start anew")
        }
    }

    /// Throws if another file has got the final name since the run started.
    ///
    /// - Throws: ``UserError`` of exit status 73.
    public func requireUnchanged(since replaced: FileStamp?) throws(UserError) {
        let present = stamp
        if present == nil || present == replaced { return }
        throw refused("cannot continue \(path): another run has written it since; move it away to go on")
    }

    /// The free space of the directory's file system in bytes; `nil` if it is unknown.
    private var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int(
            exactly: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// Synchronizes the finished file to the disk and gives it its final name, replacing any file of that name.
    ///
    /// - Throws: ``UserError`` of exit status 74.
    public func publish() throws(UserError) {
        try synchronize(temporaryPath, O_RDONLY)
        guard rename(temporaryPath, destination) == 0 else { throw failed() }
        lock = nil
        try synchronize(directory, O_RDONLY | O_DIRECTORY)
    }

    /// Removes the unfinished file if this run wrote it.
    public func discard() {
        if lock == nil { return }
        unlink(temporaryPath)
        lock = nil
    }

    /// Locks the file against other runs.
    private func acquire() throws(UserError) {
        if lock != nil { return }
        lock = try FileLock(lockPath, for: path)
        if lock == nil { throw refused("another run is writing \(path)") }
    }

    private func synchronize(_ path: String, _ flags: Int32) throws(UserError) {
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw failed() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed() }
    }

    private func isDirectory(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    private func refused(_ text: String) -> UserError { UserError(text, exitStatus: ExitStatus.cannotCreate) }

    private func failed() -> UserError {
        let reason = systemError()
        return UserError("cannot write \(path): \(reason)", exitStatus: ExitStatus.ioError)
    }
}

/// A stamp that distinguishes a file from another file that gets its name later.
public struct FileStamp: Codable, Hashable, Sendable {
    private let node: UInt64
    private let byteCount: Int64
    private let seconds: Int
    private let nanoseconds: Int

    /// - Returns: `nil` if there is no such file.
    fileprivate init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (node, byteCount) = (UInt64(status.st_ino), Int64(status.st_size))
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}
