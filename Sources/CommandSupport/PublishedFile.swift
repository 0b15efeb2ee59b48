private import Glibc
private import ParallelHDF5

/// A file that appears under its name only when it is complete.
///
/// It is written beside its final place as `.NAME.incomplete`, or `.NAME.RUN.incomplete` in a run that may go on later,
/// whose file no other run touches. One rank prepares, publishes or discards it, and from the one to the other no other
/// run can. Where the name is a symbolic link, all this is about the file that it points to.
public final class PublishedFile {
    /// Where it will be.
    public let path: String
    /// Where that is, without symbolic links.
    private let destination: String
    /// Where it is being written.
    public let temporaryPath: String
    /// The run that the file belongs to while it is not complete; `nil` for one that cannot go on later.
    public let run: String?
    /// The files whose place it may take; `nil` for any.
    private let replaceable: OwnFiles?
    private let directory: String
    private let lockPath: String
    private var lock: FileLock?

    /// What `--help` says about the files that users may see beside a result.
    public static let help = """
        While it is written its name is .NAME.incomplete, and .NAME.lock keeps other runs from writing it; a lock that \
        a killed run has left does not.
        """

    /// - Parameters:
    ///   - run: The run that may go on later, if this is its file.
    ///   - replaceable: The files whose place it may take; `nil` for any.
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

    /// Finds out before any work whether the file can be made.
    ///
    /// - Parameter byteCount: The size it will have at least.
    /// - Throws: ``UserError`` of status 73 if not.
    public func prepare(byteCount: Int = 0) throws(UserError) {
        var status = stat()
        if path == "-" { throw refused("standard output takes no such file; give it a name") }
        if path.isEmpty || path.hasSuffix("/") { throw refused("'\(path)' is not the name of a file") }
        let excess = directoryAndName(of: temporaryPath).name.utf8.count - HDF5File.longestName
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
        unlink(temporaryPath)  // what a killed run has left
        if let free = freeBytes, byteCount > free {
            throw refused(
                "cannot write \(path): it needs \(engineering(Double(byteCount)))B, "
                    + "\(engineering(Double(free)))B are free in \(directory)")
        }
    }

    /// What is under the final name; `nil` if nothing is.
    public var stamp: FileStamp? { FileStamp(destination) }

    /// Takes up again what an earlier run has begun.
    ///
    /// - Parameters:
    ///   - replaced: What was under the final name when that run began.
    ///   - isOwn: Whether what is there now is the finished file of the same run. It loses its name until it is
    ///     published again. Not asked where the unfinished file is there.
    /// - Throws: ``UserError`` of status 73 if there is neither, or if another file would be replaced.
    public func reopen(replacing replaced: FileStamp?, isOwn: @autoclosure () -> Bool) throws(UserError) {
        try acquire()
        if access(temporaryPath, F_OK) == 0 { return try requireUnchanged(since: replaced) }
        guard isOwn(), rename(destination, temporaryPath) == 0 else {
            throw refused(
                "cannot continue \(path): the unfinished result of this run is missing, \(temporaryPath): put it back, "
                    + "give the --output that the run began with, or remove its checkpoints to start anew")
        }
    }

    /// Requires that the final name has no file, or still the one that it had when the run began.
    ///
    /// - Throws: ``UserError`` of status 73.
    public func requireUnchanged(since replaced: FileStamp?) throws(UserError) {
        let present = stamp
        if present == nil || present == replaced { return }
        throw refused("cannot continue \(path): another run has written it since; move it away to go on")
    }

    /// The space the directory's file system has left; `nil` if it does not tell.
    private var freeBytes: Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Int(
            exactly: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// Makes the finished file durable and gives it its name, replacing what had the name before.
    ///
    /// - Throws: ``UserError`` of status 74.
    public func publish() throws(UserError) {
        try synchronize(temporaryPath, O_RDONLY)
        guard rename(temporaryPath, destination) == 0 else { throw failed() }
        lock = nil
        try synchronize(directory, O_RDONLY | O_DIRECTORY)
    }

    /// Removes what has been written, if it was this run that wrote it.
    public func discard() {
        if lock == nil { return }
        unlink(temporaryPath)
        lock = nil
    }

    /// Makes sure that no other run writes the file.
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

/// What tells a file from another that takes its name later.
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
