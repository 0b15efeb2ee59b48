import FoundationEssentials
import TestSupport
import Testing

/// Checkpoints that are damaged, missing, or cannot be written.
@Suite struct DamagedCheckpointTests {
    static let problem = Diff2DTests.problem(points: 33, steps: 60, every: 20)

    /// The newest of two generations is changed by a shell command; the cases of `CheckpointCases.swift` go further.
    @Test func theGenerationBeforeTakesItsPlace() async throws {
        try await withTemporaryDirectory { directory in
            let whole = summary(try await diff2d(1, Self.problem + ["--no-output"], in: directory))
            for run in 0..<2 {
                let stopped = try await mpiexec(
                    run + 1, "diff2d", Self.problem + ["--no-output", "--checkpoint", "saved"],
                    environment: ["SLURM_JOB_END_TIME": "1"], directory: directory)
                try #require(stopped.status == 75, "\(stopped)")
            }
            for (damage, text) in [
                (": > $newest", "it is empty"), ("truncate -s 5000 $newest", "it is cut short"),
                ("truncate -s +8 $newest", "it is too long"), ("rm $newest", nil),
                ("printf X | dd of=$newest bs=1 seek=7000 conv=notrunc 2> /dev/null", "its data are damaged"),
                ("printf X | dd of=$newest bs=1 seek=100 conv=notrunc 2> /dev/null", "its header is damaged"),
            ] as [(String, String?)] {
                let damaged = try await run(
                    "sh", ["-c", "rm -rf copy; cp -r saved copy; newest=copy/generation-2.checkpoint; \(damage)"],
                    directory: directory)
                try #require(damaged.status == 0, "\(damaged)")
                let outcome = try await mpiexec(
                    2, "diff2d", Self.problem + ["--no-output", "--restart", "copy"], directory: directory)
                #expect(outcome.status == 0 && summary(outcome) == whole, "\(damage): \(outcome)")
                #expect(outcome.ownErrorLines.count == (text == nil ? 0 : 1), "\(outcome)")
                if let text { expectOneLine(outcome, saying: ["generation-2", text, "going back"]) }
            }
            _ = try await run("sh", ["-c", "for file in saved/generation-*; do : > $file; done"], directory: directory)
            let outcome = try await mpiexec(
                2, "diff2d", Self.problem + ["--no-output", "--checkpoint", "saved"], directory: directory)
            #expect(outcome.status == 74, "\(outcome)")
            #expect(outcome.ownErrorLines.last?.contains("no intact checkpoint") == true, "\(outcome)")
        }
    }

    /// The run goes on without, and says so.
    @Test(.enabled("needs mount namespaces") { await canMount() })
    func aDiskTooSmallForCheckpoints() async throws {
        try await withTemporaryDirectory { directory in
            let problem = Diff2DTests.problem(points: 299, steps: 20, every: 20) + ["--no-output"]
            let whole = summary(try await diff2d(1, problem, in: directory))
            let outcome = try await runWithOwnMounts(
                "mkdir saved && mount -t tmpfs -o size=1m none saved && exec \"$@\"",
                [launcher, "-n", "2", builtProgram("diff2d")] + problem
                    // So short a time is over at every step.
                    + ["--checkpoint", "saved", "--checkpoint-every", "1e-9", "--halo-depth", "1"],
                directory: directory)
            #expect(outcome.status == 0 && summary(outcome) == whole, "\(outcome)")
            // Once, however often it is tried.
            expectOneLine(outcome, saying: ["no checkpoint this time: cannot write saved/", "No space left on device"])
        }
    }

    /// The disk of the result fills up; when there is room again the run goes on to the result it would have had.
    @Test(.enabled("needs mount namespaces") { await canMount() })
    func aDiskThatIsFullForAWhile() async throws {
        let script = """
            mkdir disk && mount -t tmpfs -o size=24m none disk || exit
            "$@" & job=$!
            while kill -0 $job && ! test -e saved/generation-1.checkpoint; do sleep 0.01; done
            cat /dev/zero > disk/other 2> /dev/null
            touch go
            wait $job; echo $?
            rm disk/other
            "$@"; echo $?
            cp disk/run.h5 .
            """
        try await withTemporaryDirectory { directory in
            let problem = Diff2DTests.problem(points: 299, steps: 30, every: 1) + ["--quiet"]
            try await diff2d(1, problem + ["--output", "whole.h5"], in: directory)
            // With its first checkpoint, at the first step, the run waits until the disk is full.
            let hold = try await interposed("hold", ["HOLD_FILE=saved/generation-1.checkpoint"], in: directory)
            let outcome = try await runWithOwnMounts(
                script,
                [launcher, "-n", "2"] + hold + [builtProgram("diff2d")] + problem
                    + ["--output", "disk/run.h5", "--checkpoint", "saved", "--checkpoint-every", "1e-9"],
                directory: directory)
            #expect(outcome.standardOutput == "74\n0\n", "\(outcome)")
            #expect(outcome.standardError.contains("No space left on device"), "\(outcome)")
            try await expectSameResult("whole.h5", "run.h5", in: directory)
        }
    }
}
