import TestSupport
import Testing

/// A rank that dies takes the job with it, and what it leaves behind is not taken for a result.
@Suite struct KilledRankTests {
    @Test(arguments: [1, 2, 3])
    func theJobEnds(ranks: Int) async throws {
        // Of the programs that run in this directory, which nobody else uses, kill one.
        let script = """
            "$@" & job=$!
            while kill -0 $job && ! test -e .diff2d.h5.incomplete; do sleep 0.01; done
            for process in /proc/[0-9]*; do
                if [ "$(readlink $process/cwd)" = "$PWD" ] && [ "$(cat $process/comm)" = diff2d ]; then
                    kill -KILL ${process#/proc/}
                    break
                fi
            done 2> /dev/null
            wait $job
            """
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                "sh",
                [
                    "-c", script, "sh", launcher, "-n", "\(ranks)", builtProgram("diff2d"),
                ] + endless,
                environment: launcherEnvironment, directory: directory)
            #expect(outcome.status != 0 && outcome.status != 124, "\(outcome)")
            #expect(try !listing(directory).contains("diff2d.h5"))

            // What is left does not stand in the way of the next run.
            try await diff2d(ranks, ["--quiet", "--runtime", "0.1"], in: directory)
            #expect(try listing(directory) == ["diff2d.h5"])
        }
    }
}
