private import Glibc

/// A lock on a file name, which prevents two runs from writing the same files.
///
/// The lock file exists as long as the lock is held. The system releases the lock when the process ends for any reason:
/// the file that a killed run leaves behind locks nothing. On file systems without locks this class has no effect.
public final class FileLock {
    private let path: String
    private let descriptor: Int32

    /// Acquires the lock.
    ///
    /// - Returns: `nil` if another run holds the lock.
    /// - Throws: ``UserError`` of exit status 73 if the lock file cannot be created.
    public init?(_ path: String, for purpose: String) throws(UserError) {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
            guard descriptor >= 0 else {
                let reason = systemError()
                throw UserError("cannot write \(purpose): \(reason)", exitStatus: ExitStatus.cannotCreate)
            }
            if flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK {
                close(descriptor)
                return nil
            }
            // The last holder may have removed the file in the meantime. Another run may then lock a new file of that
            // name.
            var (opened, present) = (stat(), stat())
            if fstat(descriptor, &opened) == 0, stat(path, &present) == 0, opened.st_ino == present.st_ino {
                self.path = path
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}
