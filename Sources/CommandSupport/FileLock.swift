private import Glibc

/// A name that one run at a time may hold, so that no two write the same files.
///
/// It is a file that is there as long as the lock is held. The system gives the lock back when the process ends in
/// whatever way: what a killed run leaves is no lock. Where the file system has no locks there are none.
public final class FileLock {
    private let path: String
    private let descriptor: Int32

    /// - Returns: `nil` if another run holds it.
    /// - Throws: ``UserError`` of status 73 if its file cannot be made.
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
            // Its last holder may have removed the file meanwhile: then somebody else may lock another of that name.
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
