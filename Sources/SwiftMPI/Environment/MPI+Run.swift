internal import CMPI

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

extension MPI {
    /// Starts MPI, runs `body` with the communicator of all ranks, and shuts MPI down.
    ///
    /// Call it once in a program, on the main thread. However `body` ends, the whole job ends with it:
    ///
    /// - It returns: MPI is finalized and its value returned.
    /// - It throws a ``JobFailure``, which all ranks do together: rank 0 prints the message; all exit with its status.
    /// - It throws anything else, on one rank or several: the rank prints `rank R: …`, and all ranks are aborted. The
    ///   status is the error's ``ExitStatusProviding/exitStatus``, or 1.
    /// - A Swift precondition fails: the rank says which it is, dies, and the launcher ends the others.
    ///
    /// - Parameters:
    ///   - threads: What the program's threads will do with MPI.
    ///   - body: The program, given `MPI_COMM_WORLD`.
    /// - Throws: ``MPIError`` when MPI cannot be started: it was before, or lacks the thread level.
    ///
    /// MPI: `MPI_Init_thread`, `MPI_Finalize`, `MPI_Abort`, MPI-3.1 §8.7, §12.4.3.
    public static func run<R>(
        threads: ThreadLevel = .funneled, _ body: (Communicator) throws -> R
    ) throws(MPIError) -> R {
        let world = try start(threads: threads)
        let result: R
        do {
            result = try body(world)
        } catch let failure as JobFailure {
            if world.rank == 0 { writeToStandardError(failure.message + "\n") }
            MPI_Finalize()
            exit(failure.exitStatus)
        } catch {
            abortJob("rank \(world.rank): \(error)", status: (error as? any ExitStatusProviding)?.exitStatus ?? 1)
            exit(1)  // not reached
        }
        try check("MPI_Finalize", MPI_Finalize())
        return result
    }

    private static func start(threads: ThreadLevel) throws(MPIError) -> Communicator {
        if MPI.isInitialized {
            throw MPIError(refused: "MPI_Init_thread", MPIError.other, "MPI has already been started in this process")
        }
        keepTruncatedMessagesInside()
        keepLargeAllocations()
        var provided: CInt = 0
        try check("MPI_Init_thread", MPI_Init_thread(nil, nil, threads.rawValue, &provided))
        for communicator in [CMPI_COMM_WORLD(), CMPI_COMM_SELF()] {
            try check("MPI_Comm_set_errhandler", MPI_Comm_set_errhandler(communicator, CMPI_ERRORS_RETURN()))
        }
        let world = try Communicator(unwrapped(CMPI_COMM_WORLD()), from: nil)
        if world.size == 1, let launcher = ForeignLauncher.detected() { launcher.endJob() }
        guard ThreadLevel(rawValue: provided) >= threads else {
            throw MPIError(
                refused: "MPI_Init_thread", MPIError.other,
                "this MPI offers thread level \(ThreadLevel(rawValue: provided)), \(threads) was asked for")
        }
        announceRuntimeFailures(of: world.rank)
        LastError.startNoting()
        return world
    }
}

/// A launcher that started several ranks of which each believes to be alone.
///
/// It happens when `mpiexec` belongs to another MPI than the library: the job would run N times over, each time on one
/// rank, and every copy would write the same files.
struct ForeignLauncher {
    var name: String
    var ranks: Int
    var rank: Int

    /// What the launchers' own environment variables say of this process, where they speak of more than one rank.
    static func detected() -> ForeignLauncher? {
        let known = [
            ("Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
            ("MPICH or Intel MPI (PMI)", "PMI_SIZE", "PMI_RANK"),
        ]
        for (name, sizeVariable, rankVariable) in known {
            if let ranks = integer(sizeVariable), ranks > 1 {
                return ForeignLauncher(name: name, ranks: ranks, rank: integer(rankVariable) ?? 0)
            }
        }
        return nil
    }

    /// Says what is wrong, once for the whole job, and ends it with `EX_CONFIG`.
    func endJob() -> Never {
        if rank == 0 {
            writeToStandardError(
                "rank 0: wrong mpiexec: \(name) started \(ranks) ranks, but this program is built with "
                    + "\(MPI.libraryVersion), which sees only one; use the mpiexec that belongs to it\n")
        } else {
            // The launcher may end the job with the first copy that fails: the line above goes first.
            sleep(1)
        }
        MPI_Finalize()
        exit(78)
    }

    private static func integer(_ variable: String) -> Int? { getenv(variable).flatMap { Int(String(cString: $0)) } }
}
