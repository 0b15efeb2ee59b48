import FoundationEssentials
import TestSupport
import Testing

/// Output that cannot be made, status 73, and output that fails on the way, status 74.
@Suite struct OutputErrorTests {
    @Test(
        arguments: [
            (["--output", "missing/run.h5"], ["missing/run.h5", "No such file or directory"]),
            (["--output", "file/run.h5"], ["file/run.h5", "ot a directory"]),
            (["--output", "/proc/run.h5"], ["/proc/run.h5"]),
            (["--output", "."], ["directory"]),
            (["--output", "directory/"], ["directory/"]),
            (["--output", "directory"], ["directory"]),
            (["--output", ""], ["not the name of a file"]),
            (["--output", "file"], ["file", "which is no result"]),
            (["--output", "run.h5", "--runtime", "1e9", "--outtime", "1"], ["run.h5", "free"]),
            (["--output", "run.h5", "--runtime", "1e15", "--outtime", "0.01"], ["run.h5", "free"]),
        ], [1, 3])
    func paths(_ example: (arguments: [String], texts: [String]), ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try write("in the way".utf8, to: "\(directory)/file")
            _ = try await run("mkdir", ["directory"], directory: directory)
            try await expectRefusal(ranks, example.arguments, in: directory, status: 73, saying: example.texts)
            #expect(try listing("\(directory)/directory") == [])
            #expect(try String(contentsOfFile: "\(directory)/file", encoding: .utf8) == "in the way")
        }
    }

    /// Nothing is computed that could not be reported.
    @Test(arguments: ["missing/report.json", "directory", ""], [1, 3])
    func reports(path: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            _ = try await run("mkdir", ["directory"], directory: directory)
            try await expectRefusal(ranks, ["--report", path], in: directory, status: 73, saying: [path])
        }
    }

    @Test(.enabled("needs mount namespaces") { await canMount() }, arguments: ["--output", "--report"], [1, 3])
    func aReadOnlyDisk(option: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await runWithOwnMounts(
                "mkdir disk && mount -t tmpfs -o ro none disk && exec \"$@\"",
                [launcher, "-n", "\(ranks)", builtProgram("diff2d"), option, "disk/run"], directory: directory)
            #expect(outcome.status == 73, "\(outcome)")
            expectOneLine(outcome, saying: ["disk/run", "Read-only file system"])
            #expect(try listing(directory) == ["disk"])
        }
    }

    /// The result would be 22 MB.
    @Test(.enabled("needs mount namespaces") { await canMount() }, arguments: [1, 3])
    func aDiskThatIsTooSmall(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await runWithOwnMounts(
                "mount -t tmpfs -o size=1m none . && cd \"$PWD\" && \"$@\"; status=$?; ls -A; exit $status",
                [launcher, "-n", "\(ranks)", builtProgram("diff2d"), "--quiet"], directory: directory)
            #expect(outcome.status == 73, "\(outcome)")
            expectOneLine(outcome, saying: ["diff2d.h5", "22.2 MB", "1.05 MB are free"])
            #expect(outcome.standardOutput == "", "nothing is left")
        }
    }

    /// There is room at the beginning, until somebody else takes what has not been claimed. An older result keeps its
    /// name.
    @Test(.enabled("needs mount namespaces") { await canMount() }, arguments: [1, 3])
    func aDiskThatFillsUp(ranks: Int) async throws {
        let script = """
            mount -t tmpfs -o size=24m none . && cd "$PWD" || exit
            printf '\\211HDF\\r\\n\\032\\nolder\\n' > diff2d.h5
            "$@" & job=$!
            while kill -0 $job && ! test -e .diff2d.h5.incomplete; do sleep 0.01; done
            cat /dev/zero > other 2> /dev/null
            wait $job; status=$?
            rm other; ls -A; tail -n 1 diff2d.h5; exit $status
            """
        try await withTemporaryDirectory { directory in
            let outcome = try await runWithOwnMounts(
                script,
                [
                    launcher, "-n", "\(ranks)", builtProgram("diff2d"), "--quiet", "--runtime", "60", "--outtime", "2",
                ], directory: directory)
            #expect(outcome.status == 74, "\(outcome)")
            expectOneLine(outcome, saying: ["diff2d.h5", "No space left on device"])
            #expect(outcome.standardOutput == "diff2d.h5\nolder\n")
        }
    }
}
