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
            (["--output", "file"], ["file of that name was not written by diff2d; --force replaces it"]),
            (["--output", "fifo"], ["cannot write fifo: it is not a regular file"]),
            (["--output", "null"], ["cannot write null: it is not a regular file"]),
            (["--output", "toNull"], ["cannot write toNull: it is not a regular file"]),
            (["--output", "protected"], ["protected", "write-protected"]),
            (["--report", "protected"], ["protected", "write-protected"]),
            (["--output", "-"], ["standard output takes no such file"]),
            (["--output", "run.h5", "--runtime", "1e9", "--outtime", "1"], ["run.h5", "free"]),
            (["--output", "run.h5", "--runtime", "1e15", "--outtime", "0.01"], ["run.h5", "free"]),
        ], [1, 3])
    func paths(_ example: (arguments: [String], texts: [String]), ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try write("in the way".utf8, to: "\(directory)/file")
            let made = try await run(
                "sh",
                [
                    "-c",
                    """
                    mkdir directory && mkfifo fifo && mknod null c 1 3 && ln -s null toNull &&
                    printf '\\211HDF\\r\\n\\032\\n' > protected && chmod 444 protected
                    """,
                ], directory: directory)
            try #require(made.status == 0, "nodes can be made: \(made)")
            try await expectRefusal(ranks, example.arguments, in: directory, status: 73, saying: example.texts)
            let nodes = try await run("stat", ["-c", "%F", "fifo", "null", "toNull"], directory: directory)
            #expect(nodes.standardOutput == "fifo\ncharacter special file\nsymbolic link\n")
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

    /// What another program has written is not replaced, not even where it is a result or a report of one.
    @Test(
        arguments: [
            ("pimc 1000 --output FILE --quiet", ["--output", "foreign.h5"]),
            ("auc 1000 --output FILE --quiet", ["--output", "foreign.h5"]),
            ("pimc 1000 --output FILE --quiet", ["--output", "foreign", "--openpmd"]),
            ("pimc 1000 --report FILE --no-output --quiet", ["--report", "foreign.json"]),
            ("echo '{\"program\" : 1}' > FILE", ["--report", "foreign.json"]),
            ("echo '<?xml version=\"1.0\" encoding=\"utf-8\"?><Xdmf/>' > FILE", ["--output", "foreign", "--xdmf"]),
        ], [1, 2])
    func foreignFiles(_ example: (command: String, options: [String]), ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let name =
                ["--openpmd": "foreign.openpmd.h5", "--xdmf": "foreign.xmf"][example.options.last!]
                ?? example.options.last!
            let programs = builtProgram("diff2d").dropLast("/diff2d".count)
            let made = try await run(
                "sh", ["-c", "PATH=\(programs):$PATH; " + example.command.replacing("FILE", with: name)],
                environment: launcherEnvironment, directory: directory)
            try #require(made.status == 0, "\(made)")
            let before = FileManager.default.contents(atPath: "\(directory)/\(name)")
            let problem = ["--dx", "1", "--quiet"] + example.options
            try await expectRefusal(
                ranks, problem, in: directory, status: 73,
                saying: ["cannot write \(name): the file of that name was not written by diff2d; --force replaces it"])
            #expect(FileManager.default.contents(atPath: "\(directory)/\(name)") == before)
            try await diff2d(ranks, problem + ["--force"], in: directory)
            #expect(FileManager.default.contents(atPath: "\(directory)/\(name)") != before)
            // Now it is diff2d's own.
            try await diff2d(ranks, problem, in: directory)
        }
    }

    /// Names as long as MPI-IO can take them, in folders as deep as the system allows, for whose paths Open MPI has no
    /// room.
    @Test(arguments: [1, 2, 3])
    func longNames(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let problem = ["--dx", "1", "--quiet", "--output"]
            let longest = String(repeating: "n", count: 214)
            try await diff2d(ranks, problem + [longest], in: directory)
            try await expectRefusal(
                ranks, problem + [longest + "n"], in: directory, status: 73,
                saying: ["the name is too long by 1 byte"])
            let deep = Array(repeating: String(repeating: "d", count: 200), count: 15).joined(separator: "/")
            _ = try await run("mkdir", ["-p", deep], directory: directory)
            try await diff2d(ranks, problem + ["run.h5"], in: "\(directory)/\(deep)")
            #expect(try listing("\(directory)/\(deep)") == ["run.h5"])
            if launcher.hasSuffix(".mpich") {
                try await diff2d(ranks, problem + [deep + "/run.h5"], in: directory)
            } else {
                try await expectRefusal(
                    ranks, problem + [deep + "/run.h5"], in: directory, status: 73,
                    saying: ["its path has more than 240 bytes", "the name alone will do"])
            }
            #expect(try listing("\(directory)/\(deep)") == ["run.h5"])
        }
    }

    /// A link stays one: what it points to is written, whether it is there or not.
    @Test(arguments: [1, 2])
    func linksAreFollowed(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            _ = try await run(
                "sh", ["-c", "mkdir real && ln -s real/result.h5 a && ln -s a b && ln -s real/report.json c"],
                directory: directory)
            for _ in 1...2 {
                try await diff2d(ranks, ["--dx", "1", "--quiet", "--output", "b", "--report", "c"], in: directory)
                let types = try await run(
                    "stat", ["-c", "%F", "a", "b", "c", "real/result.h5", "real/report.json"], directory: directory)
                #expect(
                    types.standardOutput.split(separator: "\n") == Array(repeating: "symbolic link", count: 3)
                        + Array(repeating: "regular file", count: 2))
                #expect(try listing(directory) == ["a", "b", "c", "real"])
                #expect(try listing("\(directory)/real") == ["report.json", "result.h5"])
            }
        }
    }

    /// A device or a pipe takes the report and stays what it is.
    @Test(arguments: [1, 2])
    func reportsToStreams(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let problem = ["--dx", "1", "--quiet", "--no-output", "--report"]
            let nodes = try await run("sh", ["-c", "mkfifo fifo && mknod null c 1 3"], directory: directory)
            try #require(nodes.status == 0, "nodes can be made: \(nodes)")
            #expect(try await diff2d(ranks, problem + ["null"], in: directory).standardOutput == "")
            let standard = try await diff2d(ranks, problem + ["-"], in: directory)
            #expect(standard.standardOutput.hasPrefix("{") && standard.standardOutput.contains("\"fieldHash\""))
            let piped = try await run(
                "sh",
                ["-c", "cat fifo & \"$@\" && wait", "sh", launcher, "-n", "\(ranks)", builtProgram("diff2d")]
                    + problem + ["fifo"], environment: launcherEnvironment, directory: directory)
            #expect(piped.status == 0 && piped.standardOutput.contains("\"fieldHash\""), "\(piped)")
            let types = try await run("stat", ["-c", "%F", "fifo", "null"], directory: directory)
            #expect(types.standardOutput == "fifo\ncharacter special file\n")
        }
    }

    /// No output destroys an input or another output, under any name.
    @Test(
        arguments: [
            ["--report", "p.py"], ["--report", "./p.py"], ["--report", "hard"], ["--report", "soft"],
            ["--output", "hard"], ["--output", "run.h5", "--report", "directory/../run.h5"],
            ["--output", "run.h5", "--xdmf", "--report", "run.xmf"], ["--output", "toNothing", "--report", "nothing"],
        ])
    func outputsThatAreSomethingElseToo(_ arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try write("dx = 1\n".utf8, to: "\(directory)/p.py")
            _ = try await run(
                "sh", ["-c", "ln p.py hard; ln -s p.py soft; ln -s nothing toNothing; mkdir directory"],
                directory: directory)
            try await expectRefusal(
                2, ["p.py"] + arguments, in: directory, status: 64, saying: ["cannot write", "too, "])
            #expect(try String(contentsOfFile: "\(directory)/p.py", encoding: .utf8) == "dx = 1\n")
        }
    }

    @Test(arguments: ["--xdmf", "--openpmd", "--compress"])
    func optionsOfAResultThatIsNotWritten(option: String) async throws {
        try await withTemporaryDirectory { directory in
            try await expectRefusal(
                2, ["--no-output", option], in: directory, status: 64,
                saying: ["\(option) is about the result file, which --no-output leaves out"])
        }
    }

    /// A rank's output goes to the launcher; without one the program itself has to notice.
    @Test(
        arguments: [["diff2d", "--dx", "1", "--no-output"], ["diff2d", "--help"], ["pimc", "1000", "--no-output"]],
        ["> /dev/full", ">&-"])
    func aStandardOutputThatTakesNothing(_ command: [String], redirection: String) async throws {
        let outcome = try await run(
            "sh", ["-c", "exec \"$@\" \(redirection)", "sh", builtProgram(command[0])] + command.dropFirst(),
            environment: launcherEnvironment)
        #expect(outcome.status == 74, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
        // The reason is known where the output was not written before, as it is with MPICH.
        #expect(outcome.standardError.hasPrefix("\(command[0]): cannot write standard output: "), "\(outcome)")
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
            "$@" --dx 1 --runtime 5 --outtime 5 && cp diff2d.h5 older && touch ready || exit
            HOLD_FILE=.diff2d.h5.incomplete "$@" & job=$!
            while kill -0 $job && ! test -e .diff2d.h5.incomplete; do sleep 0.01; done
            cat /dev/zero > other 2> /dev/null
            mv ready go
            wait $job; status=$?
            rm other go; ls -A; cmp older diff2d.h5; exit $status
            """
        try await withTemporaryDirectory { libraries in
            try await withTemporaryDirectory { directory in
                // The run waits with its file just made until the disk is full.
                let hold = try await interposed("hold", [], in: libraries)
                let outcome = try await runWithOwnMounts(
                    script,
                    [launcher, "-n", "\(ranks)"] + hold
                        + [builtProgram("diff2d"), "--quiet", "--runtime", "60", "--outtime", "2"],
                    directory: directory)
                #expect(outcome.status == 74, "\(outcome)")
                expectOneLine(outcome, saying: ["diff2d.h5", "No space left on device"])
                #expect(outcome.standardOutput == "diff2d.h5\nolder\n")
            }
        }
    }
}
