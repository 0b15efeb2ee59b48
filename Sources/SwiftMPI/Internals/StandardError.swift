internal import CMPI

#if canImport(Glibc)
    @preconcurrency private import Glibc
#elseif canImport(Musl)
    @preconcurrency private import Musl
#else
    @preconcurrency private import Darwin
#endif

/// Writes to standard error in one piece, so that the lines of several ranks do not mix.
package func writeToStandardError(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Writes out what the program has printed, which an abort would lose: `stdout` is buffered where it is no terminal.
///
/// Gives up where another thread keeps printing, rather than wait for a thread that may itself wait for this one.
func flushStandardOutput() {
    for _ in 0..<1000 {
        if tryToFlushStandardOutput() { return }
        usleep(1000)
    }
}

/// Takes no lock that another thread has, so that a signal handler may call it where the signal is not from inside the
/// C library.
///
/// - Returns: Whether the output was free to be written.
@discardableResult
func tryToFlushStandardOutput() -> Bool {
    if ftrylockfile(stdout) != 0 { return false }
    fflush(stdout)
    funlockfile(stdout)
    return true
}

/// Ends the whole job, or where MPI is not running this process, with a last line on standard error.
func abortJob(_ line: String, status: Int32) -> Never {
    flushStandardOutput()
    writeToStandardError(line + "\n")
    abortJob(unwrapped(CMPI_COMM_WORLD()), status: status)
}

/// Ends the job of a communicator, or where MPI is not running this process, after what it has printed.
func abortJob(_ communicator: MPI_Comm, status: Int32) -> Never {
    flushStandardOutput()
    if MPI.isRunning {
        // MPICH's launcher ends the job on the first word of it, and may not have read by then what the rank wrote.
        usleep(100_000)
        MPI_Abort(communicator, status)
    }
    exit(status)
}

/// Ends the job because of a mistake in the text of the program, in builds with and without optimization.
///
/// - Parameters:
///   - mistake: What is wrong, for a line that names the rank.
///   - error: What may have led to it, for a second line.
@usableFromInline
func endJob(mistake: String, after error: (any Error)? = nil) -> Never {
    var rank: CInt = 0
    let isKnown = MPI.isRunning && MPI_Comm_rank(CMPI_COMM_WORLD(), &rank) == MPI_SUCCESS
    let name = isKnown ? "rank \(rank): " : ""
    let reason = error.map { "\n\(name)the last error thrown before: \(userText(of: $0))" } ?? ""
    abortJob(name + mistake + reason, status: 70)  // EX_SOFTWARE
}
