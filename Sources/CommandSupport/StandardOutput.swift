#if canImport(Glibc)
    @preconcurrency private import Glibc
#elseif canImport(Musl)
    @preconcurrency private import Musl
#else
    @preconcurrency private import Darwin
#endif

/// Writes out what has been printed; what the C library does at the end of a program it does in silence.
///
/// - Throws: ``UserError`` of status 74 where it has not all arrived.
public func flushStandardOutput() throws(UserError) {
    let hasFailedBefore = ferror(stdout) != 0
    guard fflush(stdout) == 0, !hasFailedBefore else {
        let reason = hasFailedBefore ? "some of it is lost" : systemError()
        throw UserError("cannot write standard output: \(reason)", exitStatus: ExitStatus.ioError)
    }
}
