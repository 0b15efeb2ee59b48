@preconcurrency private import Glibc
public import SystemSupport

/// Flushes standard output. The C library also does so at exit, but ignores errors.
///
/// - Throws: ``UserError`` of exit status 74 if some output is lost.
public func flushStandardOutput() throws(UserError) {
    if ferror(stdout) != 0 {
        throw UserError("cannot write standard output: some of it is lost", exitStatus: ExitStatus.ioError)
    }
    guard fflush(stdout) == 0 else { throw cannotWrite(STDOUT_FILENO, errno) }
}

/// Writes text to standard output, after everything that was printed before.
///
/// - Throws: ``UserError`` of exit status 74 if the text cannot be written completely.
public func writeToStandardOutput(_ text: String) throws(UserError) { try writeToStandardOutput(Array(text.utf8)) }

/// Writes bytes to standard output, after everything that was printed before.
///
/// - Throws: ``UserError`` of exit status 74 if the bytes cannot be written completely.
public func writeToStandardOutput(_ bytes: [UInt8]) throws(UserError) {
    guard fflush(stdout) == 0, writeAll(bytes, to: STDOUT_FILENO) else { throw cannotWrite(STDOUT_FILENO, errno) }
}

/// Returns the error for a failed write to standard output or standard error.
///
/// - Parameter code: The `errno` of the failed call.
/// - Returns: A ``UserError`` of exit status 74.
public func cannotWrite(_ descriptor: Int32, _ code: Int32) -> UserError {
    let name = descriptor == STDERR_FILENO ? "standard error" : "standard output"
    return UserError("cannot write \(name): \(systemError(code))", exitStatus: ExitStatus.ioError)
}

/// Writes bytes to a descriptor, repeating partial writes.
///
/// - Returns: Whether all bytes were written; otherwise `errno` is set.
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN {
                var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&state, 1, -1)
                continue
            }
            if count == 0 { errno = EIO }
            if count <= 0 { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }
}
