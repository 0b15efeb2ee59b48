import TestSupport
import Testing

/// A run that was stopped and goes on is the run that was never stopped, bit for bit.
@Suite struct RestartTests {
    /// In each of several runs only a step or two are taken, on other ranks each time.
    @Test(arguments: [[], ["--compress"], ["--no-output"]])
    func stoppedAndGoneOnWithOnOtherRanks(options: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + options
            let output = options == ["--no-output"] ? [] : ["--output", "whole.h5"]
            let whole = summary(try await diff2d(1, problem + output, in: directory))
            for (run, (ranks, grid)) in [(1, "1x1"), (3, "3x1"), (4, "2x2"), (2, "1x2"), (5, "5x1")].enumerated() {
                let outcome = try await mpiexec(
                    ranks, "diff2d",
                    problem + ["--ranks-grid", grid, "--halo-depth", "\(run + 1)", "--quiet"]
                        + [run == 1 ? "--checkpoint" : run == 0 ? "--checkpoint" : "--restart", "saved"],
                    environment: ["SLURM_JOB_END_TIME": "1"], directory: directory)
                #expect(outcome.status == 75, "\(outcome)")
                expectOneLine(outcome, saying: ["stopped by the end of the Slurm job at step", "--restart saved"])
                #expect(outcome.standardError.contains("and needs .diff2d.h5.") == (options != ["--no-output"]))
            }
            let rest = try await diff2d(3, problem + ["--restart", "saved"], in: directory)
            #expect(summary(rest) == whole)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory, unless: options == ["--no-output"])
            // A finished run leaves nothing but its result.
            #expect(try listing("\(directory)/saved") == [])
            #expect(try listing(directory).allSatisfy { !$0.hasPrefix(".") })
        }
    }

    /// Killed 20 times at random moments, on other ranks each time: one of the ranks is killed, or in every fifth run
    /// the launcher. A moment is one before a look at the clock or a change of a file, which is how often a rank has
    /// made such a call. At every step there are two and more, so that the run never comes to its end.
    @Test func killedAtRandomMoments() async throws {
        let script =
            shellFunctions + """
                victim=$1; shift
                "$@" 2> messages & job=$!
                while kill -0 $job && ! test -e held; do sleep 0.01; done 2> /dev/null
                { if [ $victim = launcher ]; then kill -KILL $job; touch go; else kill -KILL $(cat held); fi
                wait $job; status=$?; } 2> /dev/null
                while [ -n "$(ranks)" ]; do sleep 0.01; done
                rm -f held held.new go
                grep '^diff2d: ' messages >&2
                exit $status
                """
        try await withTemporaryDirectory { directory in
            let (kills, mostMoments) = (20, 150)
            let problem = problem(points: 64, steps: kills * mostMoments, every: 20) + ["--quiet"]
            try await diff2d(1, problem + ["--output", "whole.h5"], in: directory)
            for run in 0..<kills {
                let ranks = [2, 1, 3][run % 3]
                let (rank, moment) = (Int.random(in: 0..<ranks), Int.random(in: 1...mostMoments))
                let hold = try await interposed("hold", ["HOLD_RANK=\(rank)", "HOLD_CALL=\(moment)"], in: directory)
                let outcome = try await TestSupport.run(
                    "sh",
                    ["-c", script, "sh", run % 5 == 4 ? "launcher" : "rank", launcher, "-n", "\(ranks)"] + hold
                        + [builtProgram("diff2d")] + problem
                        + ["--halo-depth", "1", "--checkpoint", "saved", "--checkpoint-every", "1e-9"],
                    environment: launcherEnvironment, directory: directory)
                #expect(outcome.standardError == "", "rank \(rank), moment \(moment): \(outcome)")
                #expect(outcome.status != 0, "rank \(rank), moment \(moment): \(outcome)")
            }
            #expect(try listing("\(directory)/saved").contains { $0.hasPrefix("generation-") })
            try await diff2d(2, problem + ["--checkpoint", "saved"], in: directory)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory)
        }
    }

    /// A signal to any rank stops all of them, with a checkpoint.
    @Test(arguments: [("USR1", 1), ("TERM", 2), ("INT", 3), ("HUP", 2)])
    func stoppedByASignal(_ signal: (name: String, ranks: Int)) async throws {
        let script =
            shellFunctions + """
                "$@" & job=$!
                while kill -0 $job && ! ls saved/generation-* > /dev/null 2>&1; do sleep 0.01; done
                ranks | tail -n 1 | xargs -r kill -\(signal.name)
                wait $job
                """
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                "sh",
                [
                    "-c", script, "sh", launcher, "-n", "\(signal.ranks)", builtProgram("diff2d"), "--checkpoint",
                    "saved",
                    "--checkpoint-every", "0.1",
                ] + endless, environment: launcherEnvironment, directory: directory)
            #expect(outcome.status == 75, "\(outcome)")
            let unfinished = try #require(listing(directory).first { $0.hasSuffix(".incomplete") })
            expectOneLine(
                outcome,
                saying: [
                    "stopped by SIG\(signal.name) at step",
                    "; --restart saved goes on from there and needs \(unfinished), the result so far",
                ])
            #expect(try listing(directory) == [unfinished, "saved"])
        }
    }

    /// A signal that comes before MPI has started stops the run as well, at its first chance.
    @Test(arguments: [(10, "USR1", 1), (15, "TERM", 2), (1, "HUP", 3)])
    func stoppedWhileMPIStarts(_ signal: (number: Int, name: String, ranks: Int)) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            let raise = try await interposed("raise", ["RAISED=\(signal.number)"], in: directory)
            let outcome = try await mpiexec(
                signal.ranks, raise[0],
                raise.dropFirst() + [builtProgram("diff2d"), "--checkpoint", "saved"] + problem,
                directory: directory)
            #expect(outcome.status == 75, "\(outcome)")
            expectOneLine(outcome, saying: ["stopped by SIG\(signal.name) at step", "--restart saved"])
            try await diff2d(2, problem + ["--restart", "saved"], in: directory)
            try await diff2d(1, problem + ["--output", "whole.h5"], in: directory)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory)
        }
    }

    /// What a run has begun to write is what it goes on to write.
    @Test(
        arguments: [
            ([], ["--no-output"], "begun without --no-output"), ([], ["--compress"], "begun without --compress"),
            (["--compress"], [], "begun with --compress"), (["--compress"], ["--no-output"], "without --no-output"),
            (["--no-output"], [], "begun with --no-output"), (["--no-output"], ["--compress"], "with --no-output"),
        ])
    func anotherKindOfResult(_ options: (begun: [String], continued: [String], text: String)) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            try await stop(problem + options.begun, ranks: 2, in: directory)
            let outcome = try await mpiexec(
                3, "diff2d", problem + options.continued + ["--restart", "saved"], directory: directory)
            #expect(outcome.status == 64, "\(outcome)")
            expectOneLine(outcome, saying: [options.text, "and goes on so only"])
            try await diff2d(1, problem + options.begun + ["--restart", "saved"], in: directory)
        }
    }

    @Test func oneRunAtATimeOnAnOutputAndACheckpoint() async throws {
        let script =
            shellFunctions + """
                program=$1; shift
                "$@" $program --output run.h5 --checkpoint saved \(endless.joined(separator: " ")) & job=$!
                while kill -0 $job && ! ls .run.h5.*.incomplete > /dev/null 2>&1; do sleep 0.01; done
                "$@" $program --output run.h5 --quiet; echo $?
                "$@" $program --output other.h5 --checkpoint saved --quiet; echo $?
                ls -A | grep -v saved | sed "s/h5[.][0-9a-f]\\{16\\}/h5.RUN/"
                ranks | head -n 1 | xargs -r kill -USR1
                wait $job; echo $?
                """
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                "sh", ["-c", script, "sh", builtProgram("diff2d"), launcher, "-n", "2"],
                environment: launcherEnvironment, directory: directory)
            #expect(outcome.standardOutput == "73\n73\n.run.h5.RUN.incomplete\n.run.h5.lock\n75\n", "\(outcome)")
            let lines = outcome.ownErrorLines
            #expect(lines.count == 3, "\(outcome)")
            #expect(lines.contains("diff2d: another run is writing run.h5"), "\(outcome)")
            #expect(lines.contains("diff2d: another run is writing checkpoints to saved"), "\(outcome)")
        }
    }

    /// States of two runs are never mixed, and no result that is complete gets lost.
    @Test(arguments: [["--x1", "0", "--x2", "20"], ["--diffusion", "1.0000001"]])
    func anotherRunWritesTheResultMeanwhile(_ difference: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            try await diff2d(1, problem + ["--output", "whole.h5"], in: directory)
            // What was there before may be replaced.
            try await diff2d(1, ["--dx", "1", "--quiet"], in: directory)
            try await stop(problem, ranks: 2, in: directory)
            try await diff2d(3, problem + difference, in: directory)
            try await diff2d(1, problem + difference + ["--output", "other.h5"], in: directory)
            let refused = try await mpiexec(2, "diff2d", problem + ["--restart", "saved"], directory: directory)
            #expect(refused.status == 73, "\(refused)")
            expectOneLine(refused, saying: ["diff2d.h5: another run has written it since; move it away to go on"])
            try await expectSameResult("other.h5", "diff2d.h5", in: directory)
            _ = try await run("rm", ["diff2d.h5"], directory: directory)
            try await diff2d(3, problem + ["--restart", "saved"], in: directory)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory)
        }
    }

    /// Runs are stopped, go on, and write over each other in random order: no state of another run gets in, and no
    /// result is lost.
    @Test(arguments: ["diff2d", "pimc"])
    func randomInterleavings(program: String) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                python,
                ["\(packageDirectory)/Tests/Oracles/interleavings.py", builtProgram(program), "12", "1", launcher],
                environment: launcherEnvironment, directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    /// Two runs that were stopped go on one after the other, each with its own states.
    @Test func twoRunsUnderOneName() async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            let other = problem + ["--diffusion", "0.5"]
            for (name, problem) in [("whole.h5", problem), ("other.h5", other)] {
                try await diff2d(1, problem + ["--output", name], in: directory)
            }
            try await stop(problem, ranks: 2, in: directory)
            try await stop(other, saving: "others", ranks: 1, in: directory)
            try await diff2d(2, other + ["--restart", "others"], in: directory)
            try await expectSameResult("other.h5", "diff2d.h5", in: directory)
            _ = try await run("mv", ["diff2d.h5", "finished.h5"], directory: directory)
            try await diff2d(1, problem + ["--restart", "saved"], in: directory)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory)
            #expect(try listing(directory).allSatisfy { !$0.hasPrefix(".") })
        }
    }

    /// Killed after the result had its name and before the checkpoints were removed.
    @Test func finishedButForTheCheckpoints() async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            try await stop(problem, ranks: 2, in: directory)
            _ = try await run("cp", ["-r", "saved", "copy"], directory: directory)
            try await diff2d(2, problem + ["--restart", "saved"], in: directory)
            _ = try await run("cp", ["diff2d.h5", "whole.h5"], directory: directory)
            try await diff2d(3, problem + ["--restart", "copy"], in: directory)
            try await expectSameResult("whole.h5", "diff2d.h5", in: directory)
        }
    }

    @Test(
        arguments: [
            (
                "rm .diff2d.h5.*.incomplete", 73,
                [
                    "cannot continue diff2d.h5", "is missing, .diff2d.h5.", ".incomplete: put it back,",
                    "give the --output that the run began with", "remove its checkpoints to start anew",
                ]
            ),
            ("rm saved/run", 64, ["saved has checkpoints, but no file 'run'"]),
            ("echo 1234 > saved/run", 74, ["saved/run is damaged"]),
            (": > saved/run", 74, ["saved/run is damaged"]),
            ("truncate -s 16 saved/run", 74, ["saved/run is damaged"]),
            ("echo >> saved/run", 74, ["saved/run is damaged"]),
            ("echo 0123456789abcdeg > saved/run", 74, ["saved/run is damaged"]),
            ("head -c 17 /dev/zero > saved/run", 74, ["saved/run is damaged"]),
            ("printf '\\377\\376garbage' > saved/run", 74, ["saved/run is damaged"]),
        ] as [(String, Int32, [String])])
    func whatBelongsToARunIsLost(_ example: (loss: String, status: Int32, texts: [String])) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 64, steps: 60, every: 3) + ["--quiet"]
            try await stop(problem, ranks: 2, in: directory)
            _ = try await run("sh", ["-c", example.loss], directory: directory)
            let outcome = try await mpiexec(3, "diff2d", problem + ["--restart", "saved"], directory: directory)
            #expect(outcome.status == example.status, "\(outcome)")
            expectOneLine(outcome, saying: example.texts)
            #expect(try listing("\(directory)/saved").contains { $0.hasPrefix("generation-") })
        }
    }

    /// Begins a run that is stopped at its first chance.
    private func stop(
        _ problem: [String], saving checkpoints: String = "saved", ranks: Int, in directory: String
    ) async throws {
        let stopped = try await mpiexec(
            ranks, "diff2d", problem + ["--checkpoint", checkpoints], environment: ["SLURM_JOB_END_TIME": "1"],
            directory: directory)
        try #require(stopped.status == 75, "\(stopped)")
    }

    @Test(
        arguments: [
            (["--checkpoint", "saved", "--dx", "0.2"], ["saved", "dx is ", " there and 0.2 here"]),
            (
                ["--restart", "saved", "--runtime", "99", "--diffusion", "2"],
                ["diffusion is 1.0 there and 2.0 here", "runtime is"]
            ),
            (["--restart", "missing"], ["missing", "No such file"]),
            (["--checkpoint", "/dev/null"], ["cannot write checkpoints to /dev/null: Not a directory"]),
            (["--restart", "saved", "--checkpoint", "other"], ["must be the same directory"]),
            (["--checkpoint-every", "5"], ["need --checkpoint"]), (["--mtbf", "0"], ["--mtbf is 0.0"]),
            (["--checkpoint", "saved", "--checkpoint-every", "0"], ["checkpoint-every"]),
            (["--restart", "saved", "--output", "other.h5"], ["cannot continue other.h5", "is missing, .other.h5."]),
        ])
    func whatIsRefused(_ example: (arguments: [String], texts: [String])) async throws {
        try await withTemporaryDirectory { directory in
            let problem = problem(points: 20, steps: 10, every: 5) + ["--quiet"]
            if example.arguments.contains("saved") {
                let stopped = try await mpiexec(
                    1, "diff2d", problem + ["--checkpoint", "saved"], environment: ["SLURM_JOB_END_TIME": "1"],
                    directory: directory)
                try #require(stopped.status == 75, "\(stopped)")
            }
            let outcome = try await mpiexec(2, "diff2d", problem + example.arguments, directory: directory)
            #expect([64, 73].contains(outcome.status), "\(outcome)")
            expectOneLine(outcome, saying: example.texts)
            // What the refused run did not own is still there.
            if example.arguments.contains("saved") {
                try await diff2d(1, problem + ["--restart", "saved"], in: directory)
            }
        }
    }
}

/// `ranks` lists the processes of diff2d in this directory, which nobody else uses.
let shellFunctions = """
    ranks() {
        for process in /proc/[0-9]*; do
            if [ "$(readlink $process/cwd)" = "$PWD" ] && [ "$(cat $process/comm)" = diff2d ]; then
                echo ${process#/proc/}
            fi
        done 2> /dev/null
    }

    """

/// The two results have the same bits, and so has the hash of the last state.
func expectSameResult(_ a: String, _ b: String, in directory: String, unless isSkipped: Bool = false) async throws {
    if isSkipped { return }
    let comparison = try await run(
        builtProgram("compare-runs"), ["results", a, b], environment: launcherEnvironment, directory: directory)
    #expect(comparison.status == 0 && comparison.standardOutput.contains("identical: 8 datasets"), "\(comparison)")
    #expect(!comparison.standardOutput.contains("field_hash"), "\(comparison)")
}
