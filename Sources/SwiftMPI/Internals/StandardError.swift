internal import CMPI

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Writes to standard error in one piece, so that the lines of several ranks do not mix.
package func writeToStandardError(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Ends the whole job with a last line on standard error. Does not return, whatever the compiler believes: `MPI_Abort`
/// is not declared so.
func abortJob(_ line: String, status: Int32) {
    writeToStandardError(line + "\n")
    // MPICH's launcher ends the job on the first word of it, and may not have read by then what the rank wrote.
    usleep(100_000)
    MPI_Abort(CMPI_COMM_WORLD(), status)
}
