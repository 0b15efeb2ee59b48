import FoundationEssentials
import TestSupport
import Testing

/// Runs plotdens on a file.
private func plotdens(_ arguments: [String], in directory: String, path: String? = nil) async throws -> Outcome {
    try await run(
        builtProgram("plotdens"), arguments, environment: path.map { ["PATH": $0] } ?? [:], directory: directory)
}

/// Makes `result.h5` of four states, `rows` × `columns` points of 0 with a block of 1 around (x, y) = (3, -6); the
/// domain goes from -10 to 10 along x and from -10 to 10 · rows/columns along y.
private func makeResult(_ directory: String, rows: Int, columns: Int) async throws {
    let source = """
        import sys, h5py, numpy as np
        rows, columns = int(sys.argv[1]), int(sys.argv[2])
        with h5py.File("result.h5", "w") as file:
            file["x"] = (np.arange(columns) + 0.5) * 20 / columns - 10
            file["y"] = (np.arange(rows) + 0.5) * 20 / columns - 10
            file["time"] = np.arange(4) / 2
            near = lambda name, place: abs(file[name][:] - place) < 1
            frame = 1.0 * np.outer(near("y", -6), near("x", 3))
            file["density"] = np.array([frame, frame / 2, frame / 4, frame / 8])
            file["mass"], file["minimum"], file["maximum"] = 4 / 2.0**np.arange(4), np.zeros(4), 1 / 2.0**np.arange(4)
            for name, units in [("x", "m"), ("y", "m"), ("time", "s"), ("density", "1"), ("mass", "m2")]:
                file[name].attrs["units"] = units
            file.attrs["title"] = "it's a test"
        """
    let outcome = try await run(python, ["-c", source, "\(rows)", "\(columns)"], directory: directory)
    try #require(outcome.status == 0, "\(outcome)")
}

/// The pixels say where the block is and how high.
private func picturesShowTheBlock(_ directory: String, states: [Int], common: Bool) async throws {
    let outcome = try await run(
        python,
        [packageDirectory + "/Tests/Oracles/pictures.py", directory, "\(common)"] + states.map(String.init))
    #expect(outcome.standardOutput == "pictures agree\n", "\(outcome)")
}

@Suite struct PlotDensityTests {
    /// Square and not, as large as the pictures and much larger.
    @Test(arguments: [(40, 40), (30, 60), (900, 1500)])
    func everyPictureShowsTheField(rows: Int, columns: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: rows, columns: columns)
            let outcome = try await plotdens(["result.h5", "--width", "600"], in: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(
                outcome.standardOutput
                    == "pictures    result-plots: 4 states, animation.gif, animation.mp4, history.png, lines.png\n")
            #expect(
                try listing(directory + "/result-plots") == [
                    ".plotdens-manifest", "animation.gif", "animation.mp4", "frame-00000.png", "frame-00001.png",
                    "frame-00002.png",
                    "frame-00003.png", "history.png", "lines.png",
                ])
            try await picturesShowTheBlock(directory + "/result-plots", states: [0, 1, 2, 3], common: true)
        }
    }

    @Test func someStatesEachWithItsOwnColors() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 40, columns: 40)
            #expect(try await plotdens(["result.h5", "--output", "p", "--quiet"], in: directory).standardOutput == "")
            // Of what was there before only frames that plotdens had made go.
            try Data("mine".utf8).write(to: URL(filePath: directory + "/p/notes.txt"))
            try Data("mine".utf8).write(to: URL(filePath: directory + "/p/frame-00007.png"))
            let outcome = try await plotdens(
                [
                    "result.h5", "--output", "p", "--frames", "1..2,-1", "--scale", "each", "--no-animation", "--width",
                    "601",
                    "--line", "x=-3",
                ], in: directory)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                try listing(directory + "/p") == [
                    ".plotdens-manifest", "animation.gif", "animation.mp4", "frame-00001.png", "frame-00002.png",
                    "frame-00003.png", "frame-00007.png", "history.png", "lines.png", "notes.txt",
                ])
            try await picturesShowTheBlock(directory + "/p", states: [1, 2, 3], common: false)
        }
    }

    /// Up to where gnuplot's axes and colors overflow.
    @Test func largeValues() async throws {
        try await withTemporaryDirectory { directory in
            let source = """
                import h5py, numpy as np
                with h5py.File("large.h5", "w") as file:
                    file["density"] = np.linspace(-1e307, 1e307, 84).reshape(2, 6, 7)
                    file["x"], file["y"] = np.linspace(-1e307, 1e307, 7), np.linspace(-1e307, 1e307, 6)
                    file["time"], file["mass"] = [-1e307, 1e307], [-1e307, 1e307]
                """
            let made = try await run(python, ["-c", source], directory: directory)
            try #require(made.status == 0, "\(made)")
            let outcome = try await plotdens(["large.h5"], in: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        }
    }

    @Test func withoutFFmpegThereIsNoFilm() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            _ = try await run(
                "sh", ["-c", "mkdir bin && ln -s $(command -v gnuplot) $(command -v timeout) bin"], directory: directory
            )
            let outcome = try await plotdens(["result.h5", "--frames", "0"], in: directory, path: directory + "/bin")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                try listing(directory + "/result-plots")
                    == [".plotdens-manifest", "animation.gif", "frame-00000.png", "history.png", "lines.png"])
        }
    }
}

/// What somebody else has put into the folder of the pictures stays.
@Suite struct PlotDensityOwnershipTests {
    private func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    @Test(arguments: ["frame-00001.png", "lines.png", "history.png", "animation.gif", "animation.mp4"])
    func foreignFilesAreNotReplaced(name: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            try FileManager.default.createDirectory(atPath: directory + "/p", withIntermediateDirectories: false)
            let arguments = ["result.h5", "--output", "p"]
            // It is there before the first run, and it takes the place of a picture after one.
            for isFirst in [true, false] {
                try write("mine", "\(directory)/p/\(name)")
                let before = try listing(directory + "/p")
                let outcome = try await plotdens(arguments, in: directory)
                #expect(outcome.status == 73 && outcome.standardOutput == "", "\(outcome)")
                #expect(
                    outcome.standardError
                        == "plotdens: cannot write p/\(name): the file there is not as plotdens made it; move it, or "
                        + "choose another folder with --output\n")
                #expect(try listing(directory + "/p") == before && text("\(directory)/p/\(name)") == "mine")
                try FileManager.default.removeItem(atPath: "\(directory)/p/\(name)")
                if isFirst { #expect(try await plotdens(arguments, in: directory).status == 0) }
            }
            #expect(try await plotdens(arguments, in: directory).status == 0)
        }
    }

    /// What has the manifest's name and was not made by plotdens stays as it is, and so does what a link leads to.
    @Test(arguments: [
        "echo mine > p/.plotdens-manifest", ": > p/.plotdens-manifest", "mkdir p/.plotdens-manifest",
        "mkfifo p/.plotdens-manifest", "ln -s ../notes p/.plotdens-manifest", "ln -s nowhere p/.plotdens-manifest",
        "cp p/.plotdens-manifest copy; ln -sf ../copy p/.plotdens-manifest",
        "sed -i 1d p/.plotdens-manifest",
    ])
    func foreignManifestsAreNotReplaced(making: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            try write("mine", directory + "/notes")
            let arguments = ["result.h5", "--output", "p", "--no-animation"]
            try #require(await plotdens(arguments, in: directory).status == 0)
            let remove = making.contains("sed") || making.contains("cp ") ? "true" : "rm p/.plotdens-manifest"
            let made = try await run("sh", ["-c", "\(remove); \(making)"], directory: directory)
            try #require(made.status == 0, "\(made)")
            // Names and kinds, and what is in the files.
            let describe = "find . -printf '%p %y %l %i %s %T@\n' | sort; cat notes"
            let before = try await run("sh", ["-c", describe], directory: directory)
            let outcome = try await plotdens(arguments, in: directory)
            #expect(outcome.status == 73 && outcome.standardOutput == "", "\(outcome)")
            #expect(
                outcome.standardError
                    == "plotdens: cannot write p/.plotdens-manifest: the file there is not as plotdens made it; "
                    + "move it, or choose another folder with --output\n")
            let after = try await run("sh", ["-c", describe], directory: directory)
            #expect(withoutFolderTimes(after.standardOutput) == withoutFolderTimes(before.standardOutput))
        }
    }

    /// The hidden folder in which pictures are made comes and goes.
    private func withoutFolderTimes(_ listing: String) -> [String] {
        listing.split(separator: "\n").filter { !$0.hasPrefix("./p d ") }.map(String.init)
    }

    @Test func onlyOwnFramesAreRemoved() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            func draw(_ frames: String) async throws {
                let outcome = try await plotdens(
                    ["result.h5", "--output", "p", "--no-animation", "--frames", frames], in: directory)
                #expect(outcome.status == 0, "\(outcome)")
            }
            func frames() throws -> [String] { try listing(directory + "/p").filter { $0.hasPrefix("frame") } }
            try FileManager.default.createDirectory(atPath: directory + "/p", withIntermediateDirectories: false)
            try write("mine", directory + "/p/frame-holiday.png")
            try await draw("0..2")
            try write("mine, too", directory + "/p/frame-00001.png")
            try await draw("3")
            #expect(try frames() == ["frame-00001.png", "frame-00003.png", "frame-holiday.png"])
            // A copy of the folder is as good as the folder.
            let copied = try await run("cp", ["-r", "p", "q"], directory: directory)
            #expect(copied.status == 0)
            for folder in ["p", "q"] {
                let outcome = try await plotdens(
                    ["result.h5", "--output", folder, "--no-animation", "--frames", "2"], in: directory)
                #expect(outcome.status == 0, "\(outcome)")
                #expect(
                    try listing("\(directory)/\(folder)") == [
                        ".plotdens-manifest", "frame-00001.png", "frame-00002.png", "frame-holiday.png", "history.png",
                        "lines.png",
                    ])
            }
            #expect(try text(directory + "/p/frame-00001.png") == "mine, too")
        }
    }
}

/// Text of the file is text in the pictures, and nothing of the user's own gnuplot is.
@Suite struct PlotDensityIsolationTests {
    /// What would run as a command of gnuplot, of a shell, or end a string.
    private static let texts = [
        "x\nsystem('touch p1')\n!touch p1\n", "x\r!touch p1\r", "'' ; system('touch p1') #", "'; system('touch p1') #",
        "''; system('touch p1') #", "\"; system('touch p1') #", "`touch p1`", "\\\nsystem('touch p1')\n", "\\",
        "@GPVAL_TERM \\` `touch p1`", "{/=99 x}_y^z@w&{u}%s", "\u{85}!touch p1\u{2028}!touch p1\u{2029}\u{0B}\u{0C}",
        "'",
        "''", "\"", "m² – ☃", "",
    ]

    @Test(arguments: texts)
    func foreignText(text: String) async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            let source = """
                import sys, h5py
                with h5py.File("result.h5", "a") as file:
                    file.attrs["title"] = sys.argv[1]
                    for name in ["x", "y", "time", "density", "mass"]: file[name].attrs["units"] = sys.argv[1]
                """
            let made = try await run(python, ["-c", source, text], directory: directory)
            try #require(made.status == 0, "\(made)")
            let outcome = try await plotdens(
                ["result.h5", "--output", "p'\n!touch p2\n", "--frames", "1"], in: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(try listing(directory) == ["p'\n!touch p2\n", "result.h5"])
            #expect(
                try listing(directory + "/p'\n!touch p2\n") == [
                    ".plotdens-manifest", "animation.gif", "animation.mp4", "frame-00001.png", "history.png",
                    "lines.png",
                ])
        }
    }

    /// Start-up files in every place that gnuplot looks at, and its variables, change no bit of a picture.
    @Test func theUsersOwnGnuplotIsIgnored() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            try #require(await plotdens(["result.h5", "--output", "p"], in: directory).status == 0)
            let commands = """
                set terminal dumb
                set grid front linewidth 9
                set margins 20,20,20,20
                set title 'mine' font ',40'
                set object 1 rectangle from screen 0,0 to screen 1,1 fillcolor 'red' fillstyle solid
                system('touch started')
                """
            try FileManager.default.createDirectory(atPath: directory + "/gnuplot", withIntermediateDirectories: false)
            for file in [".gnuplot", "gnuplotrc", "gnuplot/gnuplotrc", "gnuplot.ini"] {
                try write(commands, "\(directory)/\(file)")
            }
            let before = try listing(directory)
            let outcome = try await run(
                builtProgram("plotdens"), ["result.h5", "--output", "q"],
                environment: [
                    "HOME": directory, "XDG_CONFIG_HOME": directory, "GNUPLOT_LIB": directory, "GNUTERM": "dumb",
                    "GDFONTPATH": "/none", "GNUPLOT_DEFAULT_GDFONT": "none", "GNUPLOT_FONTPATH": "/none", "LC_ALL": "C",
                ], directory: directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(try listing(directory) == (before + ["q"]).sorted())
            let compared = try await run("diff", ["-r", "p", "q"], directory: directory)
            #expect(compared.status == 0, "\(compared)")
        }
    }

    private func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }
}

/// One line, a status, and nothing left behind.
@Suite struct PlotDensityErrorTests {
    private func expectRefusal(
        _ arguments: [String], in directory: String, status: Int32, saying texts: [String], path: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await TestSupport.expectRefusal(
            of: "plotdens", in: directory, status: status, saying: texts, sourceLocation: sourceLocation
        ) {
            let outcome = try await plotdens(arguments, in: directory, path: path)
            #expect(outcome.standardOutput == "", "\(outcome)", sourceLocation: sourceLocation)
            return outcome
        }
    }

    @Test func arguments() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 20)
            for (arguments, texts) in [
                (["--frames", "4"], ["no state 4", "the file has 4, from 0 to 3"]),
                (["--frames", "0,-5"], ["no state -5"]), (["--frames", "2..1"], ["wrong order"]),
                (["--frames", "one"], ["'one'", "--help"]), (["--frames", ""], ["--help"]),
                (["--frames", "1..2..3"], ["--help"]), (["--line", "z=3"], ["z=3"]), (["--line", "x=nan"], ["x=nan"]),
                (["--line", "y=11"], ["y=11", "outside", "-9.5"]), (["--width", "10"], ["--width is 10", "300"]),
                (["--rate", "0"], ["--rate is 0"]), (["--scale", "log"], ["log"]), (["--colour"], ["--colour"]),
            ] {
                try await expectRefusal(["result.h5"] + arguments, in: directory, status: 64, saying: texts)
            }
            try await expectRefusal([], in: directory, status: 64, saying: ["file"])
            try await expectRefusal(
                ["result.h5", "--output", "no/such/folder"], in: directory, status: 73,
                saying: ["no/such/folder", "No such"])
            try await expectRefusal(
                ["result.h5", "--output", "result.h5"], in: directory, status: 73,
                saying: ["result.h5", "ot a directory"])
        }
    }

    @Test func files() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 20)
            let source = """
                import shutil, h5py, numpy as np
                open("words.h5", "w").write("not HDF5")
                open("void.h5", "w")
                data = open("result.h5", "rb").read()
                open("short.h5", "wb").write(data[:len(data) * 2 // 3])
                h5py.File("nothing.h5", "w").close()
                def changed(name, change):
                    shutil.copy("result.h5", name)
                    with h5py.File(name, "a") as file: change(file)
                def replace(file, dataset, value):
                    del file[dataset]
                    file[dataset] = value
                changed("none.h5", lambda file: replace(file, "density", np.zeros((0, 10, 20))))
                changed("deep.h5", lambda file: replace(file, "density", np.zeros((4, 3, 10, 20))))
                changed("line.h5", lambda file: replace(file, "density", np.zeros(20)))
                changed("text.h5", lambda file: replace(file, "density", np.full((4, 10, 20), b"no")))
                changed("times.h5", lambda file: replace(file, "time", np.zeros(3)))
                changed("zigzag.h5", lambda file: replace(file, "y", [0, 1, 2, 4, 3, 5, 6, 7, 8, 9]))
                changed("hole.h5", lambda file: replace(file, "x", np.r_[np.arange(19.0), np.nan]))
                large = np.linspace(-8e307, 8e307, 800).reshape(4, 10, 20)
                changed("large.h5", lambda file: replace(file, "density", large))
                changed("far.h5", lambda file: replace(file, "x", np.linspace(0, 1e308, 20)))
                changed("late.h5", lambda file: replace(file, "time", np.linspace(0, 1e308, 4)))
                changed("heavy.h5", lambda file: replace(file, "mass", np.full(4, 1e308)))
                changed("bright.h5", lambda file: replace(file, "maximum", np.full(4, 1e308)))
                changed("endless.h5", lambda file: replace(file, "density", np.full((4, 10, 20), np.inf)))
                changed("empty.h5", lambda file: replace(file, "density", np.full((4, 10, 20), np.nan)))
                def scales(file):
                    for axis, name in enumerate(["y", "x", "time"]): file["density"].dims[axis].attach_scale(file[name])
                def turned(file):
                    replace(file, "density", np.zeros((10, 20, 4)))
                    scales(file)
                changed("turned.h5", turned)
                changed("scale.h5", lambda file: file["density"].attrs.__setitem__("scale_factor", "two"))
                """
            let made = try await run(python, ["-c", source], directory: directory)
            try #require(made.status == 0, "\(made)")
            for (file, texts) in [
                ("missing.h5", ["cannot open missing.h5: No such file"]), ("words.h5", ["words.h5: not an HDF5 file"]),
                ("void.h5", ["void.h5"]), ("short.h5", ["short.h5: the file is truncated"]),
                ("nothing.h5", ["dataset /density of nothing.h5"]), ("deep.h5", ["[4, 3, 10, 20]", "(time, y, x)"]),
                ("line.h5", ["[20]", "(time, y, x)"]), ("none.h5", ["[0, 10, 20]"]),
                ("text.h5", ["density", "string of 2 bytes, not numbers"]),
                ("times.h5", ["time has the shape [3], not [4]"]), (".", [""]),
                ("zigzag.h5", ["the values of y neither rise nor fall"]), ("hole.h5", ["values of x are missing"]),
                ("large.h5", ["large.h5: -8e+307 is a value of its density, gnuplot draws none beyond 1e+307"]),
                ("far.h5", ["is a value of its x, gnuplot draws none"]),
                ("late.h5", ["is a value of its time, gnuplot draws none"]),
                ("heavy.h5", ["1e+308 is a value of its mass, gnuplot draws none"]),
                ("bright.h5", ["1e+308 is a value of its maximum, gnuplot draws none"]),
                ("endless.h5", ["all values of its density are missing or infinite"]),
                ("empty.h5", ["all values of its density are missing"]),
                ("turned.h5", ["axis 3 of its density is time", "(time, y, x)"]),
                ("scale.h5", ["scale_factor is two, expected a number"]),
            ] {
                try await expectRefusal([file], in: directory, status: 64, saying: texts)
            }
        }
    }

    @Test func withoutGnuplot() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            _ = try await run("sh", ["-c", "mkdir bin && ln -s $(command -v timeout) bin"], directory: directory)
            try await expectRefusal(
                ["result.h5"], in: directory, status: 69, saying: ["gnuplot", "not on PATH", "gnuplot-nox"],
                path: directory + "/bin")
        }
    }

    /// A gnuplot that fails is quoted, one that draws nothing of use is found out.
    @Test func aGnuplotThatFails() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 10, columns: 10)
            for (script, text) in [
                ("echo 'line 7: cannot do that' >&2; exit 1", "gnuplot failed: line 7: cannot do that"),
                ("kill -9 $$", "gnuplot failed"),
                ("cat > /dev/null; echo > frame-00000.png", "frame-00000.png to its end"),
            ] {
                let source = """
                    rm -rf bin; mkdir bin; ln -s $(command -v timeout) bin
                    cat > bin/gnuplot <<'END'
                    #!/bin/sh
                    PATH=/usr/bin:/bin
                    if [ "$1" = -e ]; then echo png >&2; echo png; exit; fi
                    \(script)
                    END
                    chmod +x bin/gnuplot
                    """
                _ = try await run("sh", ["-c", source], directory: directory)
                try await expectRefusal(
                    ["result.h5", "--frames", "0", "--no-animation"], in: directory, status: 74, saying: [text],
                    path: directory + "/bin")
            }
        }
    }

    @Test(.enabled("needs mount namespaces") { await canMount() }) func aFullDisk() async throws {
        try await withTemporaryDirectory { directory in
            try await makeResult(directory, rows: 200, columns: 200)
            let outcome = try await runWithOwnMounts(
                "mkdir small && mount -t tmpfs -o size=16k none small && \"$@\"; status=$?; ls -A small; exit $status",
                [builtProgram("plotdens"), "result.h5", "--output", "small/plots"], directory: directory)
            #expect(outcome.status == 74, "\(outcome)")
            #expect(outcome.standardOutput == "" && outcome.standardError.contains("small/plots"), "\(outcome)")
        }
    }
}

/// `graphics` of diff2d: rank 0 becomes plotdens once MPI has ended.
@Suite struct GraphicsTests {
    private static let short = ["--dx", "2", "--runtime", "5", "--outtime", "2"]

    @Test(arguments: [1, 2, 3, 5])
    func drawnAtTheEnd(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try Data("graphics = True;".utf8).write(to: URL(filePath: directory + "/p.py"))
            let outcome = try await mpiexec(ranks, "diff2d", ["p.py"] + Self.short, directory: directory)
            #expect(outcome.status == 0 && outcome.ownErrorLines == [], "\(outcome)")
            #expect(outcome.standardOutput.ranges(of: "pictures    diff2d-plots: 3 states").count == 1, "\(outcome)")
            #expect(try listing(directory + "/diff2d-plots").count == 8)
            let without = try await mpiexec(
                ranks, "diff2d", ["p.py", "--no-graphics", "--output", "plain.h5"] + Self.short, directory: directory)
            #expect(without.status == 0, "\(without)")
            #expect(try listing(directory) == ["diff2d-plots", "diff2d.h5", "p.py", "plain.h5"])
        }
    }

    /// The name of a result is no option of plotdens, and no pattern.
    @Test(arguments: [1, 2], ["--rate", "a%d", "a%b%%"])
    func namesLikeOptions(ranks: Int, stem: String) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(
                ranks, "diff2d", ["--graphics", "--output=\(stem).h5"] + Self.short, directory: directory)
            #expect(outcome.status == 0 && outcome.ownErrorLines == [], "\(outcome)")
            #expect(try listing(directory) == ["\(stem)-plots", "\(stem).h5"])
            #expect(try listing("\(directory)/\(stem)-plots").count == 8)
        }
    }

    /// What is missing is found before anything is computed.
    @Test(arguments: [1, 3])
    func withoutGnuplot(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(
                ranks, "/usr/bin/env", ["PATH=/nowhere", builtProgram("diff2d"), "--graphics"], directory: directory)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(
                outcome.ownErrorLines.count == 1 && outcome.standardError.contains("graphics need gnuplot"),
                "\(outcome)")
            let fileless = try await mpiexec(ranks, "diff2d", ["--graphics", "--no-output"], directory: directory)
            #expect(fileless.status == 64 && fileless.standardError.contains("--no-output"), "\(fileless)")
            #expect(try listing(directory) == [])
        }
    }
}
