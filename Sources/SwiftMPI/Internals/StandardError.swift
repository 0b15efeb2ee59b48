internal import CMPI
@preconcurrency private import Glibc

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

/// Ends the job of a communicator, or where MPI is not running this process, after what it has printed.
///
/// - Parameters:
///   - line: A last line on standard error.
///   - communicator: All of the job if not given.
func abortJob(_ line: String? = nil, on communicator: MPI_Comm? = nil, status: Int32) -> Never {
    flushStandardOutput()
    if let line { writeToStandardError(line + "\n") }
    if MPI.isRunning {
        if isUnderOpenMPI, status & 0xff != 0 { exitUnderOpenMPI(status: status) }
        // MPICH's launcher ends the job on the first word of it, and may not have read by then what the rank wrote.
        usleep(100_000)
        MPI_Abort(communicator ?? unwrapped(CMPI_COMM_WORLD()), status)
    }
    exit(status)
}

/// Ends the job by an exit of this rank, for which Open MPI's `mpiexec` ends it once it has read all that the rank
/// wrote.
///
/// Where other ranks are in `MPI_Finalize` already, `MPI_Abort` makes that `mpiexec` (4.1) hang or crash in one job of
/// twenty, and so do two ranks that exit at the same time: each waits to be ended by those before it.
private func exitUnderOpenMPI(status: Int32) -> Never {
    var rank: CInt = 0
    MPI_Comm_rank(CMPI_COMM_WORLD(), &rank)
    giveWayToLowerRanks(than: Int(rank))
    _exit(status)
}

/// Whether Open MPI's `mpiexec` has started this process.
private var isUnderOpenMPI: Bool { getenv("OMPI_COMM_WORLD_SIZE") != nil }

/// Has Open MPI's `mpiexec` end the job, all ranks of which have come here and written what they had to. Returns under
/// other launchers, and where PMIx is not a library of its own.
///
/// It says in eight lines, between which the program's own is lost, that a rank has exited with a status. Where one
/// asks it to end the job, by the call that is behind `MPI_Abort`, it does so in silence, with the same status.
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
    // What the program makes of this signal is of no use any more.
    var onlyTermination = sigset_t()
    sigemptyset(&onlyTermination)
    sigaddset(&onlyTermination, SIGTERM)
    signal(SIGTERM, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &onlyTermination, nil)
    sleep(10)
}

/// Waits for up to a second, a lower rank for less, so that of several ranks that fail alike one ends the others.
func giveWayToLowerRanks(than rank: Int) { usleep(50_000 * UInt32(min(rank, 20))) }

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
