import TestSupport
import Testing

/// Runs diff2d, which must refuse in one line from one rank and leave the directory as it is.
func expectRefusal(
    _ ranks: Int, _ arguments: [String], in directory: String, status: Int32, saying texts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    try await expectRefusal(
        of: "diff2d", in: directory, status: status, saying: texts, sourceLocation: sourceLocation
    ) {
        try await mpiexec(ranks, "diff2d", arguments, directory: directory)
    }
}

func expectOneLine(_ outcome: Outcome, saying texts: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    expectOneLine(outcome, of: "diff2d", saying: texts, sourceLocation: sourceLocation)
}

/// Wrong arguments and parameters: status 64, before anything is computed.
@Suite struct UsageErrorTests {
    /// What cannot be seen is shown as an escape, wherever it comes from.
    @Test(
        arguments: [
            // One byte order mark is none of the text.
            ("\u{FEFF}\u{FEFF}dx = 1\n", "'\\uFEFFdx' is not a parameter"),
            ("dx = 1\u{FEFF}\n", "dx is '1\\uFEFF'"), ("dx = 1\u{200B}\n", "dx is '1\\u200B'"),
            ("dx = 1\u{07}\n", "dx is '1\\x07'"), ("dx = 1\rdx = 2\n", "'dx = 1\\x0Ddx = 2' has a carriage return"),
        ])
    func invisibleCharacters(_ example: (text: String, message: String)) async throws {
        try await withTemporaryDirectory { directory in
            try write(example.text.utf8, to: "\(directory)/p.py")
            try await expectRefusal(
                2, ["p.py"], in: directory, status: 64, saying: ["p.py: line 1: ", example.message])
            let name = "no\u{07}where\u{200B}.py"
            try await expectRefusal(
                2, [name], in: directory, status: 64, saying: ["cannot read no\\x07where\\u200B.py: No such file"])
        }
    }

    /// More memory than a limit of the shell leaves.
    @Test(arguments: [1, 2])
    func limitedMemory(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await run(
                "sh",
                [
                    "-c", "ulimit -v 2000000 && exec \"$@\"", "sh", launcher, "-n", "\(ranks)", builtProgram("diff2d"),
                    "--dx", ranks == 1 ? "0.0017" : "0.0012", "--no-output",
                ], environment: launcherEnvironment, directory: directory)
            #expect(outcome.status == 64, "\(outcome)")
            expectOneLine(outcome, saying: ["points need ", "of memory"])
        }
    }

    @Test(
        arguments: [
            (["--no-such-option"], ["--no-such-option"]),
            (["a.py", "b.py"], ["b.py"]),
            (["--dx", "fine"], ["fine", "--dx"]),
            (["--runtime"], ["--runtime"]),
            (["--dx", "0"], ["dx is 0", "positive"]),
            (["--dx", "-0.5"], ["dx is -0.5", "positive"]),
            (["--diffusion", "-1"], ["D is -1", "positive"]),
            (["--runtime", "inf"], ["runtime is inf", "positive"]),
            (["--outtime", "nan"], ["outtime is nan", "positive"]),
            (["--x1", "3", "--x2", "3"], ["x1 is 3", "x2 is 3", "larger"]),
            (["--x2", "-11"], ["x1 is -10", "x2 is -11", "larger"]),
            (["--dx", "20.5"], ["dx is 20.5", "too large"]),
            (["--dx", "1e-300"], ["dx is 1e-300", "too small"]),
            (["--dx", "1e-7"], ["dx is 1e-07", "200000000 x 200000000", "memory"]),
            (["--outtime", "0.001"], ["outtime is 0.001", "0.00111855572"]),
            (["--runtime", "1e300"], ["runtime", "counted"]),
            (["--ranks-grid", "2x4"], ["2x4", "number of ranks"]),
            (["--ranks-grid", "4294967296x4294967297"], ["4294967296x4294967297"]),
            (["--ranks-grid", "3"], ["--ranks-grid", "'3'"]),
            (["--ranks-grid", "1x-3"], ["--ranks-grid", "'1x-3'"]),
            (["--ranks-grid", "0x0"], ["--ranks-grid", "'0x0'"]),
            (["--ranks-grid", "1x3x1"], ["--ranks-grid", "'1x3x1'"]),
            (["--ranks-grid", "axb"], ["--ranks-grid", "'axb'"]),
            (["--halo-depth", "0"], ["--halo-depth", "'0'"]),
            (["--halo-depth", "-2"], ["--halo-depth", "'-2'"]),
            (["--halo-depth", "deep"], ["--halo-depth", "'deep'"]),
            (["--halo", "pigeon"], ["--halo", "'pigeon'"]),
        ], [1, 3])
    func arguments(_ example: (arguments: [String], texts: [String]), ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await expectRefusal(ranks, example.arguments, in: directory, status: 64, saying: example.texts)
        }
    }

    @Test(
        arguments: [
            ("D = 1.0;\nspeed = 3;\n", ["line 2", "'speed'", "outtime"]),
            ("dx = wide;", ["line 1", "dx", "'wide'", "number"]),
            ("dx = ;", ["line 1", "dx", "number"]),
            ("graphics = yes;", ["line 1", "graphics", "'yes'", "True or False"]),
            ("# comment\n\nruntime 15;", ["line 3", "'runtime 15'", "name = value"]),
            ("dx = 0;", ["dx is 0", "positive"]),
            ("D = -1;", ["D is -1", "positive"]),
            ("runtime = nan;", ["line 1", "runtime is 'nan'", "number"]),
            ("outtime = inf;", ["line 1", "outtime is 'inf'", "number"]),
            ("x1 = 1;\nx2 = -1;", ["x1 is 1", "x2 is -1", "larger"]),
            ("dx = 21;", ["dx is 21", "too large"]),
            ("dx = 1; # metres\r\nruntme = 3;\r\n", ["line 2", "'runtme'"]),
            // What Python refuses.
            ("D = 2;\ndx = 1;;\n", ["line 2", "dx is '1;'", "number"]),
            ("D = 2\n; # nothing\n", ["line 2", "'' is not of the form"]),
            ("D = 2\n  dx = 1\n", ["line 2", "'dx = 1' is indented"]),
            ("\tdx = 1\n", ["line 1", "'dx = 1' is indented"]),
            ("dx = 010\n", ["line 1", "dx is '010'", "decimal number"]),
            ("dx = 0x1p3\n", ["line 1", "dx is '0x1p3'", "decimal number"]),
            ("x1 = -infinity\n", ["line 1", "x1 is '-infinity'", "finite"]),
            ("dx = \u{ff11}\n", ["line 1", "dx is '\u{ff11}'", "number"]),
            ("dx =\u{a0}1\n", ["line 1", "dx is", "number"]),
            ("dx = 1\u{3000}# wide\n", ["line 1", "dx is", "number"]),
            ("dx = 1\u{b}\n", ["line 1", "dx is", "number"]),
            ("dx = 1 \u{301}\n", ["line 1", "dx is", "number"]),
            // To Swift this is the same character as a semicolon.
            ("dx = 1\u{37e}\n", ["line 1", "dx is '1\u{37e}'", "number"]),
            ("\n\u{b}\n", ["line 2", "is not of the form"]),
            ("# about\n# \0\n", ["line 2", "has a zero byte"]),
            // What Python reads differently: a carriage return ends a line, and a comment.
            ("# step\rdx = 2\n", ["line 1", "has a carriage return"]),
            ("D = 2\r\ndx = 1\r\r\n", ["line 2", "has a carriage return"]),
            ("D = 2\ndx = 1\r", ["line 2", "has a carriage return"]),
            ("x1 = -1e999\n", ["line 1", "x1 is '-1e999'", "finite"]),
        ], [1, 3])
    func parameterFiles(_ example: (text: String, texts: [String]), ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try write(example.text.utf8, to: "\(directory)/p.py")
            try await expectRefusal(ranks, ["p.py"], in: directory, status: 64, saying: example.texts)
        }
    }

    /// Every text of the fuzzer's corpus is read, or refused in one line.
    @Test func everyText() async throws {
        let folder = "\(packageDirectory)/Tests/Fuzz/ParameterFiles"
        let names = try listing(folder)
        #expect(names.count >= 7)
        let problem = ["--dx", "1", "--runtime", "4", "--outtime", "4", "--no-output", "--quiet"]
        try await withTemporaryDirectory { directory in
            for name in names {
                let outcome = try await mpiexec(
                    1, "diff2d", ["\(folder)/\(name)"] + problem, directory: directory)
                let isRead = ["every", "windows", "numbers"].contains(name)
                #expect(outcome.status == (isRead ? 0 : 64), "\(name): \(outcome)")
                #expect(outcome.ownErrorLines.count == (isRead ? 0 : 1), "\(name): \(outcome)")
            }
        }
    }

    @Test(arguments: [1, 3])
    func filesThatCannotBeRead(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try write([0x7F, 0x45, 0x4C, 0x46, 0xFF, 0x00, 0xFE, 0x0A, 0x80], to: "\(directory)/garbage")
            for (name, text) in [
                ("missing.py", "No such file"), (".", "directory"), ("garbage", "not a text file"),
                ("garbage/p.py", "Not a directory"),
            ] {
                try await expectRefusal(ranks, [name], in: directory, status: 64, saying: [name, text])
            }
        }
    }
}
