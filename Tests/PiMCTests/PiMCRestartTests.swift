import TestSupport
import Testing

/// A run that was stopped and goes on has the result of one that was not.
@Suite struct PiMCRestartTests {
    @Test(arguments: [
        ["3000000000", "--convergence"], ["--target-error", "0.0005", "--streams", "3", "--convergence"],
    ])
    func stoppedAndGoneOnWithOnOtherRanks(arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try await pimc(1, arguments + ["--output", "whole.h5"], in: directory)
            for ranks in [2, 1, 3] {
                let outcome = try await mpiexec(
                    ranks, "pimc", arguments + ["--checkpoint", "saved"], environment: ["SLURM_JOB_END_TIME": "1"],
                    directory: directory)
                #expect(outcome.status == 75 && outcome.ownErrorLines.count == 1, "\(outcome)")
                #expect(outcome.standardError.contains("stopped by the end of the Slurm job at sample "), "\(outcome)")
            }
            try await pimc(5, arguments + ["--restart", "saved"], in: directory)
            let same = try await run(
                builtProgram("compare-runs"), ["results", "whole.h5", "pimc.h5"], directory: directory)
            #expect(same.status == 0, "\(same)")
        }
    }

    /// No result that is complete gets lost.
    @Test func anotherRunWritesTheResultMeanwhile() async throws {
        try await withTemporaryDirectory { directory in
            let arguments = ["3000000000"]
            try await pimc(1, arguments + ["--output", "whole.h5"], in: directory)
            let stopped = try await mpiexec(
                2, "pimc", arguments + ["--checkpoint", "saved"], environment: ["SLURM_JOB_END_TIME": "1"],
                directory: directory)
            try #require(stopped.status == 75, "\(stopped)")
            try await pimc(1, ["1000"], in: directory)
            let refused = try await mpiexec(2, "pimc", arguments + ["--restart", "saved"], directory: directory)
            #expect(refused.status == 73 && refused.ownErrorLines.count == 1, "\(refused)")
            #expect(refused.standardError.contains("pimc.h5: another run has written it since"), "\(refused)")
            _ = try await run("rm", ["pimc.h5"], directory: directory)
            try await pimc(3, arguments + ["--restart", "saved"], in: directory)
            let same = try await run(
                builtProgram("compare-runs"), ["results", "whole.h5", "pimc.h5"], directory: directory)
            #expect(same.status == 0, "\(same)")
        }
    }

    /// As many samples as there can be, for a moment, twice.
    @Test func theLargestRunIsStoppedByASignal() async throws {
        let script = """
            before=$(ls saved 2> /dev/null)
            "$@" & job=$!
            while kill -0 $job && [ "$(ls saved 2> /dev/null)" = "$before" ]; do sleep 0.01; done
            while kill -0 $job && ! ls saved/generation-* > /dev/null 2>&1; do sleep 0.01; done
            for process in /proc/[0-9]*; do
                if [ "$(readlink $process/cwd)" = "$PWD" ] && [ "$(cat $process/comm)" = pimc ]; then
                    kill -USR1 ${process#/proc/}
                    break
                fi
            done 2> /dev/null
            wait $job
            """
        try await withTemporaryDirectory { directory in
            for _ in 1...2 {
                let outcome = try await run(
                    "sh",
                    [
                        "-c", script, "sh", launcher, "-n", "2", builtProgram("pimc"), "9223372036854775808",
                        "--no-output", "--checkpoint", "saved", "--checkpoint-every", "0.1",
                    ],
                    environment: launcherEnvironment, directory: directory)
                #expect(outcome.status == 75 && outcome.ownErrorLines.count == 1, "\(outcome)")
                #expect(outcome.standardError.contains("stopped by SIGUSR1 at sample "), "\(outcome)")
                #expect(outcome.standardError.contains(", pi 3.14"), "\(outcome)")
            }
            let other = try await mpiexec(
                2, "pimc", ["1000", "--streams", "2", "--restart", "saved"], directory: directory)
            #expect(other.status == 64 && other.ownErrorLines.count == 1, "\(other)")
            #expect(
                other.standardError.contains(
                    "streams is 1 there and 2 here, samples is 9223372036854775808 there and 1000 here"))
        }
    }
}
