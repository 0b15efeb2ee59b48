import TestSupport
import Testing

/// How a job ends when something goes wrong on one rank: quickly, with a word from that rank, and not with 0.
@Suite struct EndingTests {
    @Test(arguments: 1...5)
    func aGoodEnd(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "well"])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardError == "")
    }

    @Test(
        arguments: [
            ("uncaught-error", "the sky fell", 1),
            ("error-after-the-others", "the sky fell", 1),
            ("uncaught-error-with-status", "stopped", 42),
            ("mpi-error", "MPI_Send: rank ", 1),
            ("localized-error", "the disk is full", 1),
            ("described-error", "for a terminal", 1),
        ], 1...5)
    func anUncaughtErrorEndsTheJob(_ ending: (name: String, text: String, status: Int32), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == ending.status, "\(outcome)")
        #expect(
            outcome.ownErrorLines.filter { $0.hasPrefix("rank \(ranks - 1): \(ending.text)") }.count == 1, "\(outcome)")
    }

    /// The rank that failed has caught its error; those that miss its object end the job.
    @Test(arguments: 2...5)
    func anErrorOfAPeerEndsTheJob(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "error-of-a-peer"])
        #expect(outcome.status == 42, "\(outcome)")
        #expect(outcome.ownErrorLines.contains { $0.hasPrefix("rank \(ranks - 1): stopped") }, "\(outcome)")
    }

    @Test(arguments: 1...5)
    func anAbortEndsTheJobWithItsStatus(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "abort"])
        #expect(outcome.status == 17, "\(outcome)")
    }

    @Test(
        arguments: [
            ("dropped-request", "a request of MPI_Irecv"), ("dropped-set", "a set of 2 requests"),
            ("dropped-scope", "a set of 1 requests"), ("dropped-persistent", "an active request of MPI_Recv_init"),
            ("dropped-message", "a matched message"), ("dropped-idup", "a request of MPI_Comm_idup"),
            ("dropped-collective", "a request of MPI_Iallreduce"),
            ("dropped-by-an-error", "a request of MPI_Iallgather"),
        ], 1...5)
    func whatIsDroppedUnderMPIEndsTheJob(_ ending: (name: String, what: String), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == 70, "\(outcome)")
        #expect(
            outcome.ownErrorLines.filter {
                $0.hasPrefix("rank \(ranks - 1): \(ending.what) was dropped before it was complete")
            }.count == 1, "\(outcome)")
    }

    /// The error that has dropped a request is named beside it.
    @Test(
        arguments: [("dropped-by-an-error", "MPI_Send: rank "), ("dropped-while-throwing", "the sky fell")], 1...5)
    func theErrorThatDropsARequestIsNamed(_ ending: (name: String, text: String), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == 70, "\(outcome)")
        let lines = outcome.ownErrorLines.filter {
            $0.hasPrefix("rank \(ranks - 1): the last error thrown before: \(ending.text)")
        }
        #expect(lines.count == 1, "\(outcome)")
        #expect(outcome.ownErrorLines.contains { $0.contains("was dropped before it was complete") }, "\(outcome)")
    }

    @Test(arguments: 1...5)
    func theEndWaitsForDetachedSends(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "detached"])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.split(separator: "\n") == ["500000", "500000", "500000"], "\(outcome)")
        #expect(outcome.standardError == "", "\(outcome)")
    }

    @Test(arguments: 1...3)
    func aDetachedSendThatNobodyReceivesEndsWithTheJob(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "detached-and-never-received"])
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// MPICH reports datatypes that nobody has freed when it ends.
    @Test(arguments: 1...5)
    func datatypesInGlobalsAreFreed(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "datatypes-in-globals"])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardError == "", "\(outcome)")
        #expect(outcome.standardOutput == "", "\(outcome)")
    }

    /// One line from the rank, without the backtrace of a transport or of the Swift runtime.
    @Test(
        arguments: [
            ("precondition", "a Swift runtime failure"), ("index", "a Swift runtime failure"),
            ("recursion", "SIGSEGV"), ("division", "SIGFPE"), ("c-abort", "SIGABRT"),
            (
                "operation",
                "a Swift runtime failure (failed precondition, overflow or index) in the operation made at "
                    + "spmd_cases/Endings.swift:"
            ),
        ], 1...5)
    func aFatalSignalIsOneLine(_ ending: (name: String, cause: String), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
        #expect(
            outcome.ownErrorLines.first?.hasPrefix("rank \(ranks - 1): stopped by \(ending.cause)") == true,
            "\(outcome)")
    }

    /// Whoever asks for the backtrace of the Swift runtime gets it after the line. It gives way to handlers that are
    /// there before it, such as UCX's.
    @Test func theBacktraceOfSwiftIsKept() async throws {
        let outcome = try await mpiexec(
            1, "spmd-cases", ["--ending", "precondition"],
            environment: ["SWIFT_BACKTRACE": "enable=yes,color=no", "UCX_HANDLE_ERRORS": "none"])
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        #expect(outcome.standardError.contains("rank 0: stopped by a Swift runtime failure"), "\(outcome)")
        #expect((outcome.standardOutput + outcome.standardError).contains("crashed:"), "\(outcome)")
    }

    @Test(
        arguments: [
            ("buffer-of-active-request", "the buffer of a persistent request was used"),
            ("start-of-active-request", "a persistent request was started while it was active"),
            ("fields-that-overlap", "the MPI fields"),
            ("array-of-another-size", "an NDArray of shape [2, 2] cannot have 3 elements"),
            ("no-element-of-an-array", "there is no element [0, "),
        ], 1...5)
    func aMistakeOfTheProgramIsNamed(_ ending: (name: String, text: String), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == 70, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
        #expect(outcome.ownErrorLines.first?.hasPrefix("rank \(ranks - 1): \(ending.text)") == true, "\(outcome)")
    }

    /// The output is a pipe here, in which lines wait in the memory of the rank.
    @Test(
        arguments: [
            "printed-then-thrown", "printed-then-aborted", "printed-then-dropped", "printed-then-trapped",
            "printed-then-failed",
        ], 1...5)
    func whatWasPrintedBeforeTheEndArrives(ending: String, ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending])
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        #expect(outcome.standardOutput.hasPrefix("line 1\nline 2\nline 3\n"), "\(outcome)")
    }

    @Test(
        arguments: [
            ("job-failure", "no disk", 74), ("every-rank", "wrong argument", 64),
            ("localized-error-of-all", "the disk is full", 1),
        ], 1...5)
    func aFailureOfAllRanksIsOneLine(_ ending: (name: String, text: String, status: Int32), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == ending.status, "\(outcome)")
        #expect(outcome.ownErrorLines == [ending.text], "\(outcome)")
        if launcher.hasSuffix(".mpich") { return }
        // Open MPI's launcher adds none of its own, but at times a warning that it closes its pipes too early.
        let lines = outcome.standardError.split(separator: "\n").filter { !$0.hasPrefix("[warn] Epoll") }
        #expect(lines == [ending.text[...]], "\(outcome)")
    }

    /// What a launcher of another MPI leaves in the environment of each of its N copies of the program.
    @Test(
        arguments: [
            ["PMI_SIZE": "3", "PMI_RANK": "0"], ["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"],
            ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "0"],
        ])
    func copiesThatDoNotKnowOfEachOtherAreNamed(environment: [String: String]) async throws {
        // Not under a launcher: MPI starts as a job of one.
        let clean = Dictionary(uniqueKeysWithValues: ["PMI_SIZE", "OMPI_COMM_WORLD_SIZE"].map { ($0, "") })
        let outcome = try await run(
            builtProgram("spmd-cases"), ["--ending", "well"],
            environment: launcherEnvironment.merging(clean) { $1 }.merging(environment) { $1 })
        #expect(outcome.status == 78, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1)
        for text in ["wrong launcher", "3 ranks", "SWIFTMPI_ALLOW_SINGLETONS=1"] {
            #expect(outcome.standardError.contains(text), "\(outcome)")
        }
    }

    /// Copies that are meant; a batch script and a step of one task; the ranks of a launcher whose daemons srun
    /// started.
    @Test(
        arguments: [
            ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "1", "SWIFTMPI_ALLOW_SINGLETONS": "1"],
            ["PMI_SIZE": "3", "PMI_RANK": "1", "SWIFTMPI_ALLOW_SINGLETONS": "1"],
            ["SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"],
            ["SLURM_NTASKS": "4", "SLURM_PROCID": "0"],
            ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "1", "PMI_SIZE": "1"],
            ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "1", "OMPI_COMM_WORLD_SIZE": "1"],
        ])
    func aCopyThatIsMeantRuns(environment: [String: String]) async throws {
        let outcome = try await run(
            builtProgram("spmd-cases"), ["--ending", "well"],
            environment: launcherEnvironment.merging(environment) { $1 })
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardError == "")
    }

    /// What srun leaves for its tasks does not matter to a job that has found together.
    @Test func aLauncherUnderSrunStartsItsJob() async throws {
        let outcome = try await mpiexec(
            2, "spmd-cases", ["--ending", "well"], environment: ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "1"])
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func copiesOtherThanTheFirstAreSilent() async throws {
        let outcome = try await run(
            builtProgram("spmd-cases"), ["--ending", "well"],
            environment: launcherEnvironment.merging(["PMI_SIZE": "3", "PMI_RANK": "2"]) { $1 })
        #expect(outcome.status == 78, "\(outcome)")
        #expect(outcome.standardError == "")
    }

    /// The real thing, where the launchers of both MPIs are installed.
    @Test(.enabled(if: foreignLauncher != nil, "needs the launcher of a second MPI"), arguments: 2...3)
    func theLauncherOfAnotherMPIIsNamed(ranks: Int) async throws {
        let outcome = try await run(
            foreignLauncher!, ["-n", String(ranks), builtProgram("spmd-cases"), "--ending", "well"],
            environment: launcherEnvironment)
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
        #expect(
            outcome.ownErrorLines.filter { $0.contains("wrong launcher") && $0.contains("\(ranks) ranks") }.count == 1,
            "\(outcome)")
    }

    /// C code that initializes MPI before `MPI.run`.
    @Test(arguments: ["run", "level", "finalized"], 1...5)
    func mpiThatIsSomebodyElsesIsUsed(program: String, ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--foreign", program])
        #expect(outcome.status == 0, "\(outcome)")
        // MPICH's launcher mixes the lines of the ranks.
        #expect(outcome.standardOutput.filter { $0 != "\n" } == String(repeating: "well", count: ranks), "\(outcome)")
        #expect(outcome.standardError == "")
    }

    @Test(arguments: [("job-failure", "no disk", 74), ("uncaught-error", "the sky fell", 1)], 1...5)
    func aFailureUnderSomebodyElsesMPIEndsTheJob(
        _ program: (name: String, text: String, status: Int32), ranks: Int
    ) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--foreign", program.name])
        #expect(outcome.status == program.status, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1 && outcome.ownErrorLines[0].hasSuffix(program.text), "\(outcome)")
    }

    @Test func withoutALauncherThereIsOneRank() async throws {
        let outcome = try await run(builtProgram("spmd-cases"), ["collectives"], environment: launcherEnvironment)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("on 1 ranks"))
    }
}
