import FoundationEssentials
import TestSupport
import Testing

/// Tables as programs and people write them: read as numpy reads them, or refused with the line and column.
@Suite struct TableTests {
    private static let cases: [(text: String, arguments: [String], area: Double)] = [
        // A byte order mark, with and without a heading.
        ("\u{FEFF}0,0\n1,1\n2,4\n", [], 3), ("\u{FEFF}x,y\r\n0,0\r\n1,1\r\n2,4\r\n", [], 3),
        // Comments at the end, and their signs.
        ("0 0 # start\n1 1\n2 4 # end\n", [], 3), ("0,0#a\n1,1# b\n2,4\n", [], 3),
        ("% made by hand\n0 0\n1 1 % one\n2 4\n", [], 3), ("! Fortran\n0 0 ! zero\n1 1\n2 4 !! end\n", [], 3),
        ("// C\n0 0\n1 1 // one\n2 4\n", [], 3), ("  # indented\n\n0 0\n1 1\n2 4", [], 3),
        // Fortran's exponents.
        ("0.0D+00  0.0d0\n1.D0 1.0D+00\n 0.2D+01 +4.0D0\n", [], 3),
        ("0e0;0E+0\n10e-1;1.\n2;.4e1\n", [], 3),
        // Columns.
        ("1 0 7 0\n1 1 7 1\n1 2 7 4\n", ["--columns", "2,4"], 3), ("0,0,a b\n1,1,\n4,2,c\n", ["--columns", "1,2"], 5),
        ("t,a,v\n0,9,0\n1,9,1\n2,9,4\n", ["--columns", "t,v"], 3),
        ("t,a,v\n0,9,0\n1,9,1\n2,9,4\n", ["--columns", "1,3"], 3),
        ("0 0\n1 1\n4 2\n", ["--columns", "2,1"], 3), ("\"a, b\",0,0\n\"c\",1,1\n,2,4\n", ["--columns", "2,3"], 3),
        ("\"x\",\"y\"\n\"0\",\"0\"\n\"1\",\"1\"\n\"2\",\"4\"\n", [], 3),
        // Lines before the table.
        ("Run 42 of 17\n2024-01-01 12:00\n0 0\n1 1\n2 4\n", ["--skip", "2"], 3),
        ("Run 42\nt v\n0 0\n1 1\n2 4\n", ["--skip", "1"], 3), ("1 2\n0 0\n1 1\n2 4\n", ["--skip", "1"], 3),
        ("\u{FEFF}7\n0 0\n1 1\n2 4\n", ["--skip", "1"], 3), ("0 0\n1 1\n2 4\n", ["--skip", "0"], 3),
        // The index of a data frame: as CSV, as printed, as R writes it.
        (",x,y\n0,0.0,0\n1,1.0,1\n2,2.0,4\n", [], 3), ("     x    y\n0  0.0  0.0\n1  1.0  1.0\n2  2.0  4.0\n", [], 3),
        ("\"x\" \"y\"\n\"a\" 0 0\n\"b\" 1 1\n\"c\" 2 4\n", [], 3),
        ("\"x\" \"y\"\n\"a b\" 0 0\n\"c\" 1 1\n\"d\" 2 4\n", ["--columns", "x,y"], 3),
        ("\"0\" \"0\"\n1 1\n2 4\n", [], 3), ("0,0\r\r\n1,1\r\r\n2,4\r\r\n", [], 3),
        ("x1 y2\n0 0\n1 1\n2 4\n", [], 3), ("\"Run \n0 0\n1 1\n2 4\n", ["--skip", "1"], 3),
        ("x, y\n0 0\n1 1\n2 4\n", [], 3), ("t (µs)\tv (Ω)\n0\t0\n1\t1\n2\t4\n", [], 3),
        (",t,a,v\n0,0,9,0\n1,1,9,1\n2,2,9,4\n", ["--columns", "t,v"], 3),
        ("t a v\n0 0 9 0\n1 1 9 1\n2 2 9 4\n", ["--columns", "t,v"], 3),
        // Missing values.
        ("0,0\n0.5,NA\n1,1\n1.5,\n1.7,nan\n,3\n2,4\n", ["--skip-missing"], 3),
        ("NA 1\n0 0\n1 1\n- 7\n2 4\n", ["--skip-missing"], 3),
    ]

    @Test(arguments: cases.indices) func areRead(index: Int) async throws {
        let (text, arguments, area) = Self.cases[index]
        try await withTemporaryDirectory { directory in
            try Data(text.utf8).write(to: URL(filePath: "\(directory)/t.csv"))
            try await auc(2, ["--data", "t.csv", "--quiet"] + arguments, in: directory)
            #expect(try number("integral", in: directory + "/auc.h5") == area, "\(text)")
        }
    }

    @Test(
        arguments: [
            // What is neither a heading nor a row.
            ("0 NA\n1 1\n2 2\n", [], 65, ["line 1, column 3", "'NA'"]),
            ("0,\n1,1\n2,2\n", [], 65, ["line 1, column 3"]),
            ("NA,NA\n0,0\n1,1\n", [], 65, ["line 1, column 1", "'NA'"]),
            ("0,x\n0,0\n1,1\n", [], 65, ["line 1, column 3", "'x'"]),
            ("x 1.5a\n0 0\n1 1\n", [], 65, ["line 1, column 1"]),
            ("1.O 2.O\n0 0\n1 1\n", [], 65, ["line 1, column 1", "'1.O'"]),
            ("2theta intensity\n0 0\n1 1\n", [], 65, ["line 1, column 1", "'2theta'"]),
            ("x,y\n(m),(s)\n0,0\n1,1\n", [], 65, ["line 2, column 1", "'(m)'"]),
            ("−1 −2\n0 0\n1 1\n", [], 65, ["line 1, column 1", "'−1'"]),
            ("\u{A0}0 \u{A0}0\n1 1\n2 2\n", [], 65, ["line 1, column 1"]),
            ("０,０\n1,1\n2,2\n", [], 65, ["line 1, column 1", "'０'"]),
            ("\u{FEFF}\u{FEFF}0,\u{FEFF}0\n1,1\n2,2\n", [], 65, ["line 1, column 1", "u{FEFF}"]),
            ("'0','0'\n1,1\n2,2\n", [], 65, ["line 1, column 1"]), ("$1 $2\n3 4\n5 6\n", [], 65, ["'$1'"]),
            ("(0) (0)\n1 1\n2 2\n", [], 65, ["'(0)'"]), ("**** ****\n1 1\n2 2\n", [], 65, ["'****'"]),
            ("x,y\n---,---\n0,0\n1,1\n", [], 65, ["line 2, column 1", "'---'"]),
            ("x\u{0}y z\n0 0\n1 1\n", [], 65, ["binary"]),
            // Numbers that are none in Python either, or mean something else there.
            ("0 0\n0x10 1\n", [], 65, ["line 2, column 1", "'0x10'"]),
            ("0 0\n1 1e\n", [], 65, ["line 2, column 3", "'1e'"]),
            ("0 0\n1 1.2.3\n", [], 65, ["line 2, column 3"]), ("0 0\n1 --1\n", [], 65, ["line 2, column 3"]),
            ("0 0\n1 −1\n", [], 65, ["line 2, column 3", "'−1'"]), ("0 0\n1 1f\n", [], 65, ["'1f'"]),
            ("0 0\n1 nan(1)\n", [], 65, ["'nan(1)'"]), ("0 0\n1 1D\n", [], 65, ["'1D'"]),
            // Decimal commas, percent signs, dates.
            ("0,5;1,5\n1,5;2,5\n", [], 65, ["line 1, column 1", "'0,5'"]), ("0,5 1,5\n1,5 2,5\n", [], 65, ["line 1"]),
            ("0,50%\n1,60%\n", [], 65, ["line 1, column 3", "'50%'"]),
            ("0;50 %\n1;60 %\n", [], 65, ["line 1, column 3"]),
            ("2024-01-01,1\n2024-01-02,2\n", [], 65, ["line 1, column 1", "'2024-01-01'"]),
            // Separators that change, so that a comma may be a decimal one.
            ("a;b\n0;5\n1;6\n1,5\n", [], 65, ["line 4, column 1", "commas", "line 2 by semicolons"]),
            ("a;b\n0,5\n1,5\n", [], 65, ["line 2", "commas", "heading by semicolons"]),
            ("0 0\n1,1\n2 2\n", [], 65, ["line 2, column 1", "commas", "line 1 by blanks"]),
            ("0;0\n1 1\n", [], 65, ["line 2, column 1", "blanks", "semicolons"]),
            // Quotes that go on in the next line.
            ("0,0,\"a\n1,1,b\"\n2,4,c\n", ["--columns", "1,2"], 65, ["line 1, column 5", "quote"]),
            ("0,0,a\n1,1,\"b\n7,7,c\"\n", ["--columns", "1,2"], 65, ["line 2, column 5", "quote"]),
            // Columns that are too many, too few or not there.
            ("0 0 1\n1 1 1\n", [], 65, ["line 1", "3 columns", "--columns"]),
            ("0\n1\n", [], 65, ["line 1", "1 column,"]),
            ("0 0\n1 1 1\n", [], 65, ["line 2", "3 columns", "line 1"]),
            ("0 0 0\n1 1\n", ["--columns", "1,2"], 65, ["line 2", "expected 3 columns", "2 columns"]),
            ("0,0,0,\n1,1\n", ["--columns", "1,2"], 65, ["line 2", "4 columns"]),
            ("0 0\n1 1\n", ["--columns", "1,3"], 64, ["no column 3", "2 columns"]),
            ("a b\n0 0\n1 1\n", ["--columns", "a,c"], 64, ["no column c", "a, b"]),
            ("a a\n0 0\n1 1\n", ["--columns", "a,a"], 64, ["no column a"]),
            ("0 0\n1 1\n", ["--columns", "a,b"], 64, ["no column a"]),
            ("a,b,c\n0,0,x\n1,y,0\n", ["--columns", "a,b"], 65, ["line 3, column 3", "'y'"]),
            // Everything skipped; line numbers are those of the file.
            ("0 0\n1 1\n", ["--skip", "5"], 65, ["0 samples"]),
            ("a\nb\n0 0\n1 x\n", ["--skip", "2"], 65, ["line 4, column 3"]),
            ("0 0\n1 NA\n2 inf\n", ["--skip-missing"], 65, ["line 3", "inf", "finite"]),
            ("0 NA\n1 NA\n2 1\n", ["--skip-missing"], 65, ["1 sample,"]),
            ("0 0\n1 x\n", ["--skip-missing"], 65, ["line 2, column 3", "'x'"]),
            // Line ends and bytes that cannot be seen.
            ("0 0\r1 1\r2 4\r", [], 65, ["line 1, column 4", "\\r"]),
            ("0 0\n1 1\r2\n", [], 65, ["line 2, column 4", "\\r"]),
            ("# x y\r0 0\r1 1\n2 2\n3 3\n", [], 65, ["line 1, column 6", "\\r"]),
            ("0 0\n1 1 # one\r2 2\n3 3\n", [], 65, ["line 2, column 10", "\\r"]),
            ("0 0\n# one\r1 1\n3 3\n", [], 65, ["line 2, column 6", "\\r"]),
            ("Run 5\r0 0\n1 1\n2 2\n", ["--skip", "1"], 65, ["line 1, column 6", "\\r"]),
            ("0 0\n1 \u{FEFF}1\n", [], 65, ["line 2, column 3", "u{FEFF}"]),
            ("0 0\n1 1\u{1B}[2J\n", [], 65, ["line 2", "\\x1b"]),
        ] as [(String, [String], Int32, [String])]) func areRefused(
            _ example: (text: String, arguments: [String], status: Int32, texts: [String])
        ) async throws
    {
        try await withTemporaryDirectory { directory in
            try Data(example.text.utf8).write(to: URL(filePath: "\(directory)/t.csv"))
            try await expectRefusal(
                2, ["--data", "t.csv"] + example.arguments, in: directory, status: example.status,
                saying: ["t.csv"] + example.texts)
        }
    }

    @Test func otherEncodingsAreNamed() async throws {
        try await withTemporaryDirectory { directory in
            let utf16 = "x,y\r\n0,0\r\n1,1\r\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            try Data([0xFF, 0xFE] + utf16).write(to: URL(filePath: "\(directory)/t.csv"))
            try await expectRefusal(2, ["--data", "t.csv"], in: directory, status: 65, saying: ["UTF-16"])
            try Data([0x1F, 0x8B, 8, 0, 0, 0] + (0..<100).map { $0 }).write(to: URL(filePath: "\(directory)/t.csv"))
            try await expectRefusal(2, ["--data", "t.csv"], in: directory, status: 65, saying: ["t.csv"])
        }
    }

    /// Missing samples, comments and columns across blocks of a large file, on any number of ranks.
    @Test func sameBits() async throws {
        try await withTemporaryDirectory { directory in
            let lines = try await python(
                """
                import numpy as np
                from scipy.integrate import simpson
                rng = np.random.default_rng(5); n = 300001
                x = np.cumsum(rng.uniform(0.5, 1.5, n)); y = np.cos(x / 1e4); gone = rng.random(n) < 0.3
                gone[100000:250000] = True
                with open('t.csv', 'w', encoding='utf-8-sig') as f:
                    f.write('Measured 3 times\\nindex;v;t\\n')
                    for i in range(n):
                        v = 'NA' if gone[i] else f'{y[i]:.17e}'.replace('e', 'D')
                        f.write(f'{i};{v};{float(x[i])!r}' + (' # last before a gap' if i == 99999 else '') + '\\n')
                print(repr(float(simpson(y[~gone], x=x[~gone]))))
                """, in: directory)
            for ranks in [1, 2, 5] {
                try await auc(
                    ranks,
                    [
                        "--data", "t.csv", "--skip", "1", "--columns", "t,v", "--skip-missing", "--rule", "simpson",
                        "--quiet", "--partials", "--output", "\(ranks).h5",
                    ], in: directory)
                let integral = try number("integral", in: directory + "/\(ranks).h5")
                #expect(abs(integral / Double(lines[0])! - 1) <= 1e-11, "\(integral), \(lines[0])")
                let same = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "\(ranks).h5"], directory: directory)
                #expect(same.status == 0, "\(same)")
            }
            try await expectRefusal(
                3, ["--data", "t.csv", "--skip", "1", "--columns", "t,v"], in: directory, status: 65,
                saying: ["column", "'NA'"])
        }
    }

    /// Every text of the fuzzer's corpus is a table or refused in one line.
    @Test func everyText() async throws {
        let folder = "\(packageDirectory)/Tests/Fuzz/Tables"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count >= 8)
        try await withTemporaryDirectory { directory in
            for name in names {
                let outcome = try await mpiexec(
                    1, "auc", ["--data", "\(folder)/\(name)", "--quiet"], directory: directory)
                #expect(
                    outcome.status == 0 || (outcome.status == 65 && outcome.ownErrorLines.count == 1), "\(outcome)")
            }
        }
    }

    /// Random tables, right and wrong: what is accepted has the area that Python makes of it.
    @Test(arguments: [1, 2]) func whatIsAcceptedIsPythons(seed: Int) async throws {
        try await withTemporaryDirectory { directory in
            let oracle = try await run(
                TestSupport.python, ["\(packageDirectory)/Tests/Oracles/tables.py", "\(seed)", "60"],
                directory: directory)
            try #require(oracle.status == 0, "\(oracle)")
            var (accepted, compared) = (0, 0)
            for (index, line) in oracle.standardOutput.split(separator: "\n").enumerated() {
                let fields = line.split(separator: "|", omittingEmptySubsequences: false)
                let arguments = fields[0].split(separator: " ").map(String.init)
                let outcome = try await mpiexec(
                    1, "auc", ["--data", "\(index).csv", "--quiet"] + arguments, directory: directory)
                if outcome.status != 0 {
                    #expect(outcome.status == 65 && outcome.ownErrorLines.count == 1, "\(outcome)")
                    continue
                }
                accepted += 1
                let integral = try number("integral", in: directory + "/auc.h5")
                let wanted = try #require(Double(fields[1]), "accepted \(index).csv of seed \(seed)")
                for area in [wanted] + fields[2].split(separator: " ").map({ Double($0)! }) {
                    compared += 1
                    #expect(abs(integral - area) <= 1e-12 * max(1, abs(area)), "\(index).csv of seed \(seed)")
                }
            }
            #expect(accepted >= 15 && compared >= accepted + 5, "\(accepted), \(compared)")
        }
    }
}
