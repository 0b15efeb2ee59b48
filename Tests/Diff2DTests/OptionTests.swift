import TestSupport
import Testing

@Suite struct OptionTests {
    static let short = ["--dx", "1", "--runtime", "2.6"]

    @Test(arguments: [1, 3])
    func quietPrintsNothing(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(ranks, Self.short + ["--quiet"], in: directory)
            #expect(outcome.standardOutput == "")
            #expect(try listing(directory) == ["diff2d.h5"])
        }
    }

    @Test(arguments: [1, 3])
    func noOutputWritesNoFile(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(ranks, Self.short + ["--no-output"], in: directory)
            #expect(outcome.standardOutput.contains("field hash"))
            #expect(!outcome.standardOutput.contains("diff2d.h5"))
            #expect(try listing(directory) == [])
        }
    }

    @Test(arguments: [1, 3])
    func outputNamesTheFile(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            // An older result makes way, and so does an empty file.
            try write([], to: "\(directory)/my run.h5")
            try await diff2d(
                ranks, ["--dx", "2", "--runtime", "3", "--outtime", "3", "--output", "my run.h5"], in: directory)
            try await diff2d(ranks, Self.short + ["--output", "my run.h5"], in: directory)
            #expect(try listing(directory) == ["my run.h5"])
            #expect(try await values(["density.shape"], of: "\(directory)/my run.h5") == ["(6, 20, 20)"])
        }
    }

    /// What users find with `ls -A` beside a result and in a checkpoint directory.
    @Test(arguments: ["diff2d", "pimc", "auc"])
    func hiddenFilesAreExplained(program: String) async throws {
        let outcome = try await run(builtProgram(program), ["--help"])
        let words = outcome.standardOutput.split { $0.isWhitespace || $0 == "," || $0 == ";" }
        let canGoOn = program != "auc"
        for word in [".NAME.incomplete", ".NAME.lock"] { #expect(words.contains { $0 == word }, "\(outcome)") }
        for word in [".NAME.RUN.incomplete", "DIR/.lock", "DIR/run"] {
            #expect(words.contains { $0 == word } == canGoOn, "\(word): \(outcome)")
        }
    }

    @Test(arguments: [1, 3])
    func answersComeOnce(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let version = try await diff2d(ranks, ["--version"], in: directory).standardOutput
            #expect(version.split(separator: ".").count == 3 && version.split(separator: "\n").count == 1, "\(version)")
            for option in ["--help", "-h"] {
                let help = try await diff2d(ranks, [option], in: directory).standardOutput
                #expect(help.split(separator: "USAGE: diff2d", omittingEmptySubsequences: false).count == 2, "\(help)")
                #expect(help.contains("--ranks-grid <PxQ>"))
                #expect(help.contains("Example: mpiexec -n 4 diff2d") && help.contains("Exit status: 0 if"), "\(help)")
            }
            #expect(try listing(directory) == [])
        }
    }

    /// One thing is not several, and times that are no whole number of steps are said to be rounded.
    @Test func headings() async throws {
        try await withTemporaryDirectory { directory in
            let one = try await diff2d(
                1, ["--dx", "20", "--runtime", "100", "--outtime", "100", "--no-output"], in: directory)
            let heading = "diff2d 0.1.0: 1 x 1 point, 1 step of 100 s, 1 rank\n"
            #expect(one.standardOutput.hasPrefix(heading + "time "), "\(one)")
            let rounded = try await diff2d(
                3, ["--dx", "1", "--runtime", "1.4", "--outtime", "0.6", "--no-output"], in: directory)
            #expect(
                rounded.standardOutput.contains(
                    """
                    3 ranks as 3x1
                    runtime is 1.4 s, rounded down to 5 steps, 1.25 s
                    outtime is 0.6 s, rounded down to 2 steps, 0.5 s

                    """), "\(rounded)")
            let verified = try await diff2d(1, ["--verify"], in: directory)
            #expect(verified.standardOutput.hasPrefix("diff2d 0.1.0 on 1 rank as 1x1"), "\(verified)")
        }
    }

    /// Where shared memory has no room for the halo, messages bring it.
    @Test(.enabled("needs mount namespaces") { await canMount() }, arguments: [2, 3])
    func littleSharedMemory(ranks: Int) async throws {
        let problem = problem(points: 3000, steps: 2, every: 2) + ["--halo-depth", "200"]
        let script = "mount -t tmpfs -o size=24m none /dev/shm && exec \"$@\""
        let job = [launcher, "-n", "\(ranks)", builtProgram("diff2d")] + problem
        try await withTemporaryDirectory { directory in
            let outcome = try await runWithOwnMounts(
                script, job + ["--output", "little.h5"], directory: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(outcome.standardOutput.contains("\nhalo     persistent, "), "\(outcome)")
            try await diff2d(ranks, problem, in: directory)
            try await expectSameResult("little.h5", "diff2d.h5", in: directory)
            let refused = try await runWithOwnMounts(script, job + ["--halo", "shared"], directory: directory)
            #expect(refused.status == 64, "\(refused)")
            expectOneLine(refused, saying: ["--halo shared needs ", "of /dev/shm a rank, which are not free"])
        }
    }

    @Test(arguments: [1, 3])
    func optionsOverrideTheParameterFile(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try write(
                "D = 3;\nx1 = -1;\nx2 = 1;\nruntime = 0.25;\ndx = 0.125;\nouttime = 0.0625;\n".utf8,
                to: "\(directory)/p.py")
            let names = ["D", "x1", "x2", "runtime", "dx", "outtime"]
            let expressions = names.map { "float(attrs['\($0)'])" }
            let given = ["3.0", "-1.0", "1.0", "0.25", "0.125", "0.0625"]
            try await diff2d(ranks, ["p.py"], in: directory)
            #expect(try await values(expressions, of: "\(directory)/diff2d.h5") == given)

            let options = ["--diffusion", "--x1", "--x2", "--runtime", "--dx", "--outtime"]
            let others = ["2.0", "-3.0", "5.0", "0.5", "0.25", "0.03125"]
            for index in options.indices {
                try await diff2d(ranks, ["p.py", options[index], others[index]], in: directory)
                var expected = given
                expected[index] = others[index]
                #expect(try await values(expressions, of: "\(directory)/diff2d.h5") == expected, "\(options[index])")
            }
        }
    }
}

/// Parameter files as people write them; Python reads the same values from them.
@Suite struct ParameterFileTests {
    @Test(arguments: [
        "", "\n\n# nothing but a comment", "dx=1", "dx = 1.;", "dx\t=\t1e0 ;  # wide\n", "dx = 2\ndx = 1",
        "D = 2.0; # comment; x1 = 3\n\nx1 = -.5e+1;\nx2 = 5;\nruntime = 3\n\n\n"
            + "dx = 0.5;\nouttime = 1;\ngraphics = True;\n",
        "   # indented \u{a0}\u{2028}\u{b}\n \t\nx1 = -005.0 ;\nx2 = +05E0;\ndx = 1\n",
        "x1 = 00\nx2 = 20 # \u{37e} \u{1f600}",
        "# from Windows\r\ndx = 1.0; # metres\r\n\r\nD = 2.0;\r\n", "\u{FEFF}dx = 1\r\nD = 2.0\r\n", "\u{FEFF}",
    ])
    func pythonReadsTheSame(text: String) async throws {
        try await withTemporaryDirectory { directory in
            try write(text.utf8, to: "\(directory)/p.py")
            try await diff2d(1, ["p.py", "--runtime", "1"], in: directory)
            let names = ["D", "x1", "x2", "dx"]
            let read = try await values(names.map { "float(attrs['\($0)'])" }, of: "\(directory)/diff2d.h5")
            let source = """
                import sys
                names = dict(D=1.0, x1=-10.0, x2=10.0, dx=20/299)
                exec(open(sys.argv[1], "rb").read(), names)
                for name in sys.argv[2:]: print(float(names[name]))
                """
            let outcome = try await run(python, ["-c", source, "p.py"] + names, directory: directory)
            #expect(outcome.standardOutput.split(separator: "\n").map(String.init) == read, "\(outcome)")
        }
    }

    @Test func theShippedFileIsPython() async throws {
        let source = """
            import sys
            names = {}
            exec(open(sys.argv[1]).read(), names)
            for name in "D x1 x2 runtime dx outtime graphics".split(): print(names[name])
            """
        let outcome = try await run(python, ["-c", source, "\(packageDirectory)/params/diff2dparams.py"])
        #expect(outcome.standardOutput == "1.0\n-10.0\n10.0\n15.0\n0.0667\n0.5\nFalse\n", "\(outcome)")
    }
}
