internal import CMPI
internal import Glibc

extension MPI {
    /// Starts MPI, runs `body` with the communicator of all ranks, and shuts MPI down.
    ///
    /// Call this method once in a program, on the main thread. The way `body` ends decides how the job ends:
    ///
    /// - `body` returns: MPI is finalized and the value of `body` is returned.
    /// - `body` throws a ``JobFailure``, which all ranks throw together: rank 0 prints the message, and the job ends
    ///   with the failure's status.
    /// - `body` throws a ``PeerFailure``: unless the rank that failed ends the job within two seconds, the message is
    ///   printed, and all ranks are aborted with the failure's status.
    /// - `body` throws any other error, on one rank or several: the rank prints `rank R: …`, and all ranks are aborted.
    ///   The status is the error's ``ExitStatusProviding/exitStatus``, or 1.
    /// - A Swift precondition fails: the rank prints its number and dies, and the launcher ends the other ranks.
    ///
    /// Output that the rank has already printed is flushed. When a job is aborted, lines that other ranks still buffer
    /// may be lost.
    ///
    /// If a C library in the program has already initialized MPI, MPI stays initialized when `body` returns: that
    /// library finalizes it, and `run` may be called again. The other endings are the same; in particular, a
    /// ``JobFailure`` finalizes MPI before the process exits. In such a program, a message longer than its buffer is
    /// kept from overrunning the buffer only if the variable named in <doc:SafetyModel> is set for the job.
    ///
    /// If `mpiexec` or `srun` starts several copies of a program, each as a job of one rank, the program exits with
    /// status 78. To allow such copies, set `SWIFTMPI_ALLOW_SINGLETONS=1` in the environment.
    ///
    /// - Parameters:
    ///   - threads: The thread support that the program needs from MPI.
    ///   - body: The program; takes `MPI_COMM_WORLD`.
    /// - Throws: ``MPIError`` if MPI cannot be started, was already finalized, or does not offer the thread level, and
    ///   inside another `run`.
    ///
    /// MPI: `MPI_Init_thread`, `MPI_Finalize`, `MPI_Abort`, MPI-3.1 §8.7, §12.4.3.
    @discardableResult
    public static func run<R>(
        threads: ThreadLevel = .funneled, _ body: (Communicator) throws -> R
    ) throws(MPIError) -> R {
        let run = try Run(threads: threads)
        let result: R
        do {
            result = try body(run.world)
        } catch let failure as JobFailure {
            flushStandardOutput()
            if run.world.rank == 0 { writeToStandardError(failure.message + "\n") }
            endJobOfAllRanks(status: failure.exitStatus)
            run.leave()
            MPI_Finalize()
            exit(failure.exitStatus)
        } catch let failure as PeerFailure {
            // Usually the failed rank ends the job with its own line in this time; otherwise, the first rank that
            // missed its object does.
            sleep(2)
            giveWayToLowerRanks(than: run.world.rank)
            abortJob(failure.message, status: failure.exitStatus)
        } catch {
            abortJob("rank \(run.world.rank): \(userText(of: error))", status: exitStatus(of: error))
        }
        try run.end()
        return result
    }
}

/// The part of the program during which MPI runs.
private struct Run {
    let world: Communicator
    /// The error handlers of the library that initialized MPI; `nil` if this run initialized it.
    private let foreignHandlers: ErrorHandlers?

    /// MPI: `MPI_Init_thread` or, if MPI is already running, `MPI_Query_thread`, MPI-3.1 §12.4.3.
    init(threads: ThreadLevel) throws(MPIError) {
        if MPI.isInsideRun { throw Self.refused("MPI.run is already running in this process") }
        if MPI.isFinalized { throw Self.refused("MPI was finalized in this process and cannot be started again") }
        let isForeign = MPI.isInitialized
        let signalHandlers = SignalHandlers()
        keepLargeAllocations()
        var provided: CInt = 0
        if isForeign {
            try check("MPI_Query_thread", MPI_Query_thread(&provided))
        } else {
            disableRemoteMemoryCopies()
            keepClosedStreamsClosed()
            let code = MPI_Init_thread(nil, nil, threads.rawValue, &provided)
            if code != MPI_SUCCESS { throw MPIError(code: code, from: "MPI_Init_thread") }
        }
        let level = ThreadLevel(rawValue: provided)
        guard level >= threads else {
            if !isForeign { MPI_Finalize() }
            throw Self.refused(
                "this MPI \(isForeign ? "was initialized with" : "offers") thread level \(level), "
                    + "\(threads) was asked for")
        }
        foreignHandlers = isForeign ? try ErrorHandlers() : nil
        try ErrorHandlers.returnErrors()
        world = try Communicator(unwrapped(CMPI_COMM_WORLD()), from: nil)
        if world.size == 1, !isForeign, let launcher = ForeignLauncher.detected() { launcher.endJob() }
        try OwnOperations.create()
        announceFatalSignals(of: world.rank, before: signalHandlers)
        LastError.startNoting()
        MPI.continueSystemClock()
        MPI.isInsideRun = true
    }

    /// Makes calls check for themselves from now on whether MPI is running.
    func leave() {
        MPI.continueMPIClock()
        MPI.isInsideRun = false
    }

    func end() throws(MPIError) {
        leave()
        if let foreignHandlers { return try foreignHandlers.restore() }
        let code = MPI_Finalize()
        if code != MPI_SUCCESS { throw MPIError(code: code, from: "MPI_Finalize") }
    }

    private static func refused(_ message: String) -> MPIError {
        MPIError(refused: "MPI_Init_thread", .other, message)
    }
}

/// The error handlers of the predefined communicators.
///
/// MPI: `MPI_Comm_get_errhandler`, `MPI_Comm_set_errhandler`, MPI-3.1 §8.3.1.
private struct ErrorHandlers {
    private var world = CMPI_ERRORS_RETURN()
    private var own = CMPI_ERRORS_RETURN()

    /// Reads the error handlers in use.
    init() throws(MPIError) {
        try check("MPI_Comm_get_errhandler", MPI_Comm_get_errhandler(CMPI_COMM_WORLD(), &world))
        try check("MPI_Comm_get_errhandler", MPI_Comm_get_errhandler(CMPI_COMM_SELF(), &own))
    }

    /// Restores the error handlers.
    func restore() throws(MPIError) {
        var (world, own) = (world, own)
        try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(CMPI_COMM_WORLD(), world))
        try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(CMPI_COMM_SELF(), own))
        try check("MPI_Errhandler_free", MPI_Errhandler_free(&world))
        try check("MPI_Errhandler_free", MPI_Errhandler_free(&own))
    }

    /// Makes every call return its error.
    static func returnErrors() throws(MPIError) {
        for communicator in [CMPI_COMM_WORLD(), CMPI_COMM_SELF()] {
            try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(communicator, CMPI_ERRORS_RETURN()))
        }
    }
}
