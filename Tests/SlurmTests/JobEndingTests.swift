import TestSupport
import Testing

/// Jobs that do not end well leave nothing that could be taken for a result.
@Suite struct JobEndingTests {
    /// What one rank finds wrong fails the job, with the program's exit status.
    @Test(arguments: ["mpiexec", "srun"])
    func aFailingProgramFailsTheJob(launcher: String) async throws {
        try await withJobDirectory { directory in
            try write("dx = 0\n", to: "\(directory)/wrong.py")
            let job = try await submit(
                "diff2d", ["--nodes=2", "--ntasks-per-node=2"],
                environment: ["LAUNCH": launcher, "PARAMETERS": "wrong.py"], in: directory)
            let end = try await ended(job)[0]
            let log = try contents("\(directory)/diff2d-\(job).log")
            #expect(end.state == "FAILED" && end.exitCode == "64:0", "\(end.exitCode) \(log)")
            #expect(log.contains("diff2d: dx is 0.0, it must be"), "\(log)")
            #expect(try listing(directory) == ["diff2d-\(job).log", "diff2dparams.py", "sweep.txt", "wrong.py"])
        }
    }

    @Test(arguments: ["mpiexec", "srun"])
    func aCancelledJobLeavesNoResult(launcher: String) async throws {
        try await withJobDirectory { directory in
            try write("runtime = 1e9\nouttime = 1e9\n", to: "\(directory)/long.py")
            let job = try await submit(
                "diff2d", ["--nodes=2", "--ntasks-per-node=1"],
                environment: [
                    "LAUNCH": launcher, "PARAMETERS": "long.py",
                    "OMPI_MCA_odls_base_sigkill_timeout": "1",  // the default, which other tests shorten
                ], in: directory)
            try await until("the result is being written") {
                try listing(directory).contains(".diff2d-\(job).h5.incomplete")
            }
            try await slurm("scancel", [job])
            let end = try await ended(job)[0]
            #expect(end.state == "CANCELLED")
            // Locks are empty and stay: to remove one is a race with the next run.
            let left = try listing(directory).filter { !$0.hasSuffix(".lock") }
            #expect(left == ["diff2d-\(job).log", "diff2dparams.py", "long.py", "sweep.txt"])
        }
    }

    /// No program on the path is said in one line.
    @Test(arguments: ["diff2d", "auc", "pimc", "serial", "array", "tasks", "compare", "scaling", "restart"])
    func aMissingProgramIsNamed(template: String) async throws {
        try await withJobDirectory { directory in
            let job = try await submit(
                template, ["--ntasks=1", "--output=log"] + (template == "array" ? ["--array=1"] : []),
                environment: ["PATH": "/usr/bin:/bin"], in: directory)
            let end = try await ended(job)[0]
            #expect(end.state == "FAILED" && end.exitCode == "127:0")
            let log = try contents("\(directory)/log")
            #expect(log.hasPrefix("\(template).sbatch: no ") && log.contains(" on PATH"), "\(log)")
            #expect(log.split(separator: "\n").count == 1, "\(log)")
        }
    }
}
