import TestSupport
import Testing

/// What becomes of a run when a signal is sent to its launcher: Documentation/checkpoints.md has the table.
@Suite struct LauncherSignalTests {
    /// Waits until there is `$1`, sends a signal to the launcher as a terminal or a batch system does, waits for the
    /// end of every rank and prints the launcher's status.
    private static let script =
        shellFunctions + """
            set -m  # without it, children in the background do not get SIGINT
            file=$1 signal=$2; shift 2
            "$@" 2> messages & job=$!
            trap 'kill -KILL $job' TERM  # at the time limit, which another process group does not notice
            while kill -0 $job 2> /dev/null && ! ls -d $file > /dev/null 2>&1; do sleep 0.01; done
            kill -$signal $job
            wait $job 2> /dev/null; status=$?
            while [ -n "$(ranks)" ]; do sleep 0.01; done
            cat messages >&2
            exit $status
            """

    private func signal(
        _ signal: String, ranks: Int, once file: String, _ arguments: [String], in directory: String
    ) async throws -> Outcome {
        try await run(
            "bash",
            [
                "-c", Self.script, "bash", file, signal, launcher, "-n", "\(ranks)", builtProgram("diff2d"),
            ] + endless + arguments,
            // Time enough for a checkpoint, on any machine.
            environment: launcherEnvironment.merging(["OMPI_MCA_odls_base_sigkill_timeout": "5"]) { $1 },
            directory: directory)
    }

    private func isOpenMPI() async throws -> Bool {
        try await run(launcher, ["--version"]).standardOutput.contains("Open")
    }

    /// Ranks save their state; Open MPI's launcher gives a status of its own.
    @Test(arguments: [("TERM", 2), ("INT", 3), ("HUP", 1), ("USR1", 2)])
    func withCheckpoints(_ example: (signal: String, ranks: Int)) async throws {
        try await withTemporaryDirectory { directory in
            let checkpoints = ["--checkpoint", "saved", "--checkpoint-every", "0.1"]
            let outcome = try await signal(
                example.signal, ranks: example.ranks, once: "saved/generation-*", checkpoints, in: directory)
            if try await isOpenMPI() {
                #expect(outcome.status == (example.signal == "USR1" ? 75 : 1), "\(outcome)")
                let name = example.signal == "USR1" ? "SIGUSR1" : "SIGTERM"
                #expect(outcome.standardError.contains("diff2d: stopped by \(name) at step"), "\(outcome)")
            } else if example.signal == "HUP" {
                #expect(outcome.status == 129, "\(outcome)")
            } else {
                #expect([0, 75].contains(outcome.status), "\(outcome)")
                #expect(outcome.standardError.contains("diff2d: stopped by SIG\(example.signal) at"), "\(outcome)")
            }
            #expect(try !listing(directory).contains("diff2d.h5"))
            // The run goes on.
            let next = try await mpiexec(
                2, "diff2d", endless + ["--restart", "saved"],
                environment: ["SLURM_JOB_END_TIME": "1"], directory: directory)
            #expect(next.status == 75, "\(next)")
        }
    }

    /// Nothing is left that could be taken for a result, and the next run is not hindered.
    @Test(arguments: [("TERM", 2), ("INT", 1), ("HUP", 3)])
    func withoutCheckpoints(_ example: (signal: String, ranks: Int)) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await signal(
                example.signal, ranks: example.ranks, once: ".diff2d.h5.incomplete", [], in: directory)
            let isOpenMPI = try await isOpenMPI()
            let statuses: [Int32] = isOpenMPI ? [1] : example.signal == "HUP" ? [129] : [0, 2, 15]
            #expect(statuses.contains(outcome.status), "\(outcome)")
            let left = try listing(directory).filter { $0.hasPrefix("diff2d") || $0.hasSuffix(".incomplete") }
            // The launcher of MPICH kills ranks when it ends itself.
            #expect(left == [] || !isOpenMPI && example.signal == "HUP", "\(left)")
            try await diff2d(2, ["--dx", "1", "--runtime", "1", "--quiet"], in: directory)
            #expect(try listing(directory) == ["diff2d.h5", "messages"])
        }
    }
}
