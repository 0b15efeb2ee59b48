import FoundationEssentials
import TestSupport
import Testing

/// `restart.sbatch`: runs that take longer than a job may.
@Suite struct RestartTests {
    /// 160 000 steps of little work, which one processor does in seconds.
    static let problem = ["--dx", "0.1", "--runtime", "400", "--outtime", "80"]

    /// Submits the problem so that its first job cannot complete it, however fast the machine: every step of it takes a
    /// millisecond more.
    private func submitTooLong(
        _ options: [String] = [], environment: [String: String] = [:], in directory: String
    ) async throws -> String {
        let slow = try await interposer("slow", in: directory)
        try writeScript(
            """
            [ "$LINK" -gt 1 ] || [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ] || export LD_PRELOAD=\(slow)
            exec \(builtProgram("diff2d")) "$@"
            """, to: "\(directory)/diff2d")
        return try await submit(
            "restart", ["--nodes=2", "--ntasks-per-node=1"] + options,
            arguments: Self.problem + ["--halo", "neighborhood", "--halo-depth", "1"],
            environment: ["PATH": "\(directory):\(searchPath)"].merging(environment) { $1 }, in: directory)
    }

    /// Slurm warns before the time is over; the run stops, is queued again and ends with the bits of one that was never
    /// stopped.
    @Test func aRunLongerThanAJob() async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(["--time=1", "--signal=B:USR1@10"], in: directory)
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            let end = try await ended(job, within: 400)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            #expect((Int(end["Restarts"]) ?? 0) >= 1, "\(log)")
            #expect(log.contains("job 1 of at most 20") && log.contains("job 2 of at most 20"), "\(log)")
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// A job that may not be queued again submits the next one itself.
    @Test(arguments: ["mpiexec", "srun"])
    func aChainOfJobs(launcher: String) async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(
                environment: [
                    "RESUBMIT": "1", "SCRIPT": "\(packageDirectory)/jobs/restart.sbatch", "LAUNCH": launcher,
                ], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED", "\(log)")
            let next = try #require(
                log.split(separator: "\n").last { $0.hasPrefix("Submitted batch job ") }?.split(separator: " ").last)
            let nextEnd = try await ended(String(next), within: 300)[0]
            let nextLog = try contents("\(directory)/restart-\(next).log")
            #expect(nextEnd.state == "COMPLETED" && nextLog.contains("job 2 of at most 20"), "\(nextLog)")
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// A run that is not complete after as many jobs as it may have ends.
    @Test func noMoreJobsThanAllowed() async throws {
        try await withJobDirectory { directory in
            let job = try await submitTooLong(environment: ["MOST": "1"], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "FAILED" && end.exitCode == "75:0" && end["Restarts"] == "0", "\(log)")
            #expect(log.contains("restart.sbatch: not complete after 1 jobs"), "\(log)")
        }
    }

    /// A launcher that ends with 0 where its ranks end with 75, as that of MPICH 4.0 does once it has passed on a signal,
    /// does not make an unfinished run a complete one.
    @Test func aLauncherThatForgetsTheStatus() async throws {
        try await withJobDirectory { directory in
            try writeScript(
                """
                trap 'kill -USR1 $child' USR1
                \(launcher) "$@" & child=$!
                while kill -0 $child; do wait $child; done 2> /dev/null
                exit 0
                """, to: "\(directory)/launcher")
            let job = try await submitTooLong(environment: ["LAUNCH": "\(directory)/launcher"], in: directory)
            try await warn(job, in: directory)
            let end = try await ended(job, within: 300)[0]
            let log = try contents("\(directory)/restart-\(job).log")
            #expect(end.state == "COMPLETED" && end["Restarts"] == "1", "\(log)")
            try await direct("diff2d", Self.problem + ["--output", "direct.h5"], in: directory)
            try await expectSame("direct.h5", "restart-\(job).h5", in: directory)
        }
    }

    /// Sends what Slurm sends before the time is over, once the run is under way.
    private func warn(_ job: String, in directory: String) async throws {
        try await until(60, "the result is being written") {
            try listing(directory).contains { $0.hasPrefix(".restart-") && $0.hasSuffix(".incomplete") }
        }
        try await slurm("scancel", ["--batch", "--signal=USR1", job])
    }
}
