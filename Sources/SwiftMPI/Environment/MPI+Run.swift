internal import CMPI
internal import Glibc

extension MPI {
    /// Starts MPI, runs `body` with the communicator of all ranks, and shuts MPI down.
    ///
    /// Call it once in a program, on the main thread. However `body` ends, the whole job ends with it:
    ///
    /// - It returns: MPI is finalized and its value returned.
    /// - It throws a ``JobFailure``, which all ranks do together: rank 0 prints the message; the job ends with its
    ///   status.
    /// - It throws a ``PeerFailure``: unless the rank that it is of ends the job within two seconds, the message is
    ///   printed, and all ranks are aborted with its status.
    /// - It throws anything else, on one rank or several: the rank prints `rank R: …`, and all ranks are aborted. The
    ///   status is the error's ``ExitStatusProviding/exitStatus``, or 1.
    /// - A Swift precondition fails: the rank says which it is, dies, and the launcher ends the others.
    ///
    /// What the rank has printed before is written out. Lines that other ranks still hold in memory when a job is
    /// aborted may be lost.
    ///
    /// Where a C library of the program has initialized MPI before, MPI stays as it is when `body` returns: that
    /// library finalizes it, and `run` may be called again. The other endings are the same, so that a
    /// ``JobFailure`` finalizes MPI before the process exits. Messages that are longer than their buffers are then kept
    /// inside only if the variable named in <doc:SafetyModel> is set for the job.
    ///
    /// A program that `mpiexec` or `srun` has started several times over, each time as a job of one rank, is refused
    /// with status 78. Set `SWIFTMPI_ALLOW_SINGLETONS=1` in its environment where that is meant.
    ///
    /// - Parameters:
    ///   - threads: What the program's threads will do with MPI.
    ///   - body: The program, given `MPI_COMM_WORLD`.
    /// - Throws: ``MPIError`` when MPI cannot be started, was finalized before, or lacks the thread level; and inside
    ///   another `run`.
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
            // As a rule the other rank ends the job with its own line before, else the first that misses its object.
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

/// A stretch of the program in which MPI runs.
private struct Run {
    let world: Communicator
    /// The error handlers of the library that initialized MPI before; `nil` if this run did.
    private let foreignHandlers: ErrorHandlers?

    /// MPI: `MPI_Init_thread` or, where MPI runs already, `MPI_Query_thread`, MPI-3.1 §12.4.3.
    init(threads: ThreadLevel) throws(MPIError) {
        if MPI.isInsideRun { throw Self.refused("MPI.run is under way in this process already") }
        if MPI.isFinalized { throw Self.refused("MPI was finalized in this process and cannot be started again") }
        let isForeign = MPI.isInitialized
        let signalHandlers = SignalHandlers()
        keepLargeAllocations()
        var provided: CInt = 0
        if isForeign {
            try check("MPI_Query_thread", MPI_Query_thread(&provided))
        } else {
            keepTruncatedMessagesInside()
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

    /// Lets calls find out by themselves from now on whether MPI runs.
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

/// What becomes of errors on the predefined communicators.
///
/// MPI: `MPI_Comm_get_errhandler`, `MPI_Comm_set_errhandler`, MPI-3.1 §8.3.1.
private struct ErrorHandlers {
    private var world = CMPI_ERRORS_RETURN()
    private var own = CMPI_ERRORS_RETURN()

    /// Those in use.
    init() throws(MPIError) {
        try check("MPI_Comm_get_errhandler", MPI_Comm_get_errhandler(CMPI_COMM_WORLD(), &world))
        try check("MPI_Comm_get_errhandler", MPI_Comm_get_errhandler(CMPI_COMM_SELF(), &own))
    }

    /// Sets them again.
    func restore() throws(MPIError) {
        var (world, own) = (world, own)
        try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(CMPI_COMM_WORLD(), world))
        try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(CMPI_COMM_SELF(), own))
        try check("MPI_Errhandler_free", MPI_Errhandler_free(&world))
        try check("MPI_Errhandler_free", MPI_Errhandler_free(&own))
    }

    /// Lets every call return its error.
    static func returnErrors() throws(MPIError) {
        for communicator in [CMPI_COMM_WORLD(), CMPI_COMM_SELF()] {
            try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(communicator, CMPI_ERRORS_RETURN()))
        }
    }
}
