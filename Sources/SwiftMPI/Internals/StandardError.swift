internal import CMPI
@preconcurrency private import Glibc

/// Writes to standard error in a single call, so that the lines of several ranks do not mix.
package func writeToStandardError(_ text: String) {
    var text = text
    _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Flushes `stdout`, which is buffered if it is not a terminal, so that an abort does not lose the program's output.
///
/// Gives up if another thread keeps printing, because that thread may itself be waiting for this one.
func flushStandardOutput() {
    for _ in 0..<1000 {
        if tryToFlushStandardOutput() { return }
        usleep(1000)
    }
}

/// Flushes `stdout` unless another thread holds its lock. A signal handler may call this function if the signal was not
/// raised inside the C library.
///
/// - Returns: Whether the lock was free.
@discardableResult
func tryToFlushStandardOutput() -> Bool {
    if ftrylockfile(stdout) != 0 { return false }
    fflush(stdout)
    funlockfile(stdout)
    return true
}

/// Flushes the program's output and ends the job of a communicator, or only this process while MPI is not running.
///
/// - Parameters:
///   - line: A last line for standard error.
///   - communicator: The communicator; all ranks of the job by default.
func abortJob(_ line: String? = nil, on communicator: MPI_Comm? = nil, status: Int32) -> Never {
    flushStandardOutput()
    if let line { writeToStandardError(line + "\n") }
    if MPI.isRunning {
        if isUnderOpenMPI, status & 0xff != 0 { exitUnderOpenMPI(status: status) }
        // MPICH's launcher ends the job as soon as it is notified, possibly before it has read the rank's last output.
        usleep(100_000)
        MPI_Abort(communicator ?? unwrapped(CMPI_COMM_WORLD()), status)
    }
    exit(status)
}

/// Ends the job by exiting this rank: Open MPI's `mpiexec` ends the job after it has read all output of the rank.
///
/// If other ranks are already in `MPI_Finalize`, `MPI_Abort` makes `mpiexec` of Open MPI 4.1 hang or crash in one in
/// twenty jobs. The same happens if two ranks exit at the same time, so each rank first waits to be ended by a lower
/// one.
private func exitUnderOpenMPI(status: Int32) -> Never {
    var rank: CInt = 0
    MPI_Comm_rank(CMPI_COMM_WORLD(), &rank)
    giveWayToLowerRanks(than: Int(rank))
    _exit(status)
}

/// Whether Open MPI's `mpiexec` started this process.
private var isUnderOpenMPI: Bool { getenv("OMPI_COMM_WORLD_SIZE") != nil }

/// Makes Open MPI's `mpiexec` end the job, after all ranks have called this function and written their output. Returns
/// under other launchers, and if PMIx is not a separate library.
///
/// If a rank exits with a nonzero status, `mpiexec` prints eight lines about it, among which the program's own message
/// gets lost. If it is asked to end the job with the call that `MPI_Abort` uses, it does so silently with the same
/// status.
///
/// PMIx: `PMIx_Abort`, PMIx standard 4.0, §7.1.1.
func endJobOfAllRanks(status: Int32) {
    typealias Abort = @convention(c) (CInt, UnsafePointer<CChar>, UnsafeRawPointer?, Int) -> CInt
    guard isUnderOpenMPI, status & 0xff != 0, let library = dlopen("libpmix.so.2", RTLD_NOW | RTLD_NOLOAD),
        let address = dlsym(library, "PMIx_Abort")
    else { return }
    var rank: CInt = 0
    MPI_Comm_rank(CMPI_COMM_WORLD(), &rank)
    MPI_Barrier(CMPI_COMM_WORLD())
    if rank == 0 {
        _ = unsafeBitCast(address, to: Abort.self)(status, "", nil, 0)
        _exit(status)
    }
    // The program's own handling of this signal no longer matters.
    var onlyTermination = sigset_t()
    sigemptyset(&onlyTermination)
    sigaddset(&onlyTermination, SIGTERM)
    signal(SIGTERM, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &onlyTermination, nil)
    sleep(10)
}

/// Waits for up to a second, and for less on lower ranks. If several ranks fail alike, one of them ends the others.
func giveWayToLowerRanks(than rank: Int) { usleep(50_000 * UInt32(min(rank, 20))) }

/// Ends the job because of a programming error, in debug and release builds.
///
/// - Parameters:
///   - mistake: A description of the error, for a line that names the rank.
///   - error: An error that may have caused it, for a second line.
@usableFromInline
func endJob(mistake: String, after error: (any Error)? = nil) -> Never {
    var rank: CInt = 0
    let isKnown = MPI.isRunning && MPI_Comm_rank(CMPI_COMM_WORLD(), &rank) == MPI_SUCCESS
    let name = isKnown ? "rank \(rank): " : ""
    let reason = error.map { "\n\(name)the last error thrown before: \(userText(of: $0))" } ?? ""
    abortJob(name + mistake + reason, status: 70)  // EX_SOFTWARE
}
