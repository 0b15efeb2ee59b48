import FoundationEssentials
import ParallelHDF5
import TestSupport
import Testing

/// Areas under samples, against scipy.
@Suite struct SampleTests {
    /// More samples than a block has, an odd and an even number of intervals, other types than Double.
    @Test func theAreaIsScipys() async throws {
        try await withTemporaryDirectory { directory in
            let expected = try await python(
                """
                import h5py, numpy as np
                from scipy.integrate import simpson, trapezoid
                rng = np.random.default_rng(1)
                for n in (2, 3, 4, 300001, 300002):
                    x = np.cumsum(rng.uniform(0.5, 1.5, n)) * 2e-5
                    y = np.sin(x) + 2
                    with h5py.File(f'{n}.h5', 'w') as f:
                        f['g/t'] = x; f['v'] = y
                        f.create_dataset('chunked', data=y, chunks=True, compression='gzip')
                        f['single'] = y.astype('f4'); f['count'] = np.arange(n, dtype='i4')
                    print(n, trapezoid(y, x), simpson(y, x=x))
                np.savetxt('300002.csv', np.c_[x, y], delimiter=',', header='t,v', comments='', fmt='%.17g')
                np.savetxt('300002.txt', np.c_[x, y], header='blanks', fmt='%.17g', newline='\\r\\n')
                print('single', trapezoid(y.astype('f4').astype('f8'), np.arange(n)))
                """, in: directory)
            for line in expected.prefix(5) {
                let words = line.split(separator: " ")
                for (rule, area) in zip(["trapezoid", "simpson"], words.dropFirst()) {
                    var arguments = [["--data", "\(words[0]).h5", "--x", "g/t", "--y", "v"]]
                    if words[0] == "300002" {
                        arguments += [["--data", "300002.csv"], ["--data", "300002.txt"]]
                        arguments.append(["--data", "300002.h5", "--x", "g/t", "--y", "chunked"])
                    }
                    for arguments in arguments {
                        try await auc(2, arguments + ["--rule", rule, "--quiet"], in: directory)
                        let integral = try number("integral", in: directory + "/auc.h5")
                        let wanted = Double(area)!
                        #expect(
                            abs(integral - wanted) <= 1e-13 * wanted, "\(arguments) \(rule): \(integral), \(wanted)")
                    }
                }
            }
            try await auc(1, ["--data", "300002.h5", "--x", "count", "--y", "single", "--quiet"], in: directory)
            let integral = try number("integral", in: directory + "/auc.h5")
            #expect(abs(integral / Double(expected[5].split(separator: " ")[1])! - 1) <= 1e-13)
        }
    }

    /// On any number of ranks, more than there are blocks included.
    @Test func sameBits() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                x = np.cumsum(np.random.default_rng(2).uniform(0.5, 1.5, 600000)); y = np.cos(x / 1e4)
                with h5py.File('s.h5', 'w') as f: f['x'] = x; f['y'] = y
                np.savetxt('s.csv', np.c_[x, y], delimiter=';', fmt='%.17g')
                """, in: directory)
            for (name, source) in [("h", ["s.h5", "--x", "x", "--y", "y"]), ("c", ["s.csv"])] {
                for ranks in [1, 3, 5] {
                    try await auc(
                        ranks,
                        ["--data"] + source + [
                            "--rule", "simpson", "--quiet", "--partials", "--output", "\(name)\(ranks).h5",
                        ],
                        in: directory)
                    let same = try await run(
                        builtProgram("compare-runs"), ["results", "\(name)1.h5", "\(name)\(ranks).h5"],
                        directory: directory)
                    #expect(same.status == 0, "\(same)")
                }
            }
            // The same numbers, cut into other blocks.
            #expect(
                try abs(number("integral", in: directory + "/h1.h5") - number("integral", in: directory + "/c1.h5"))
                    <= 1e-9)
        }
    }

    @Test func tables() async throws {
        try await withTemporaryDirectory { directory in
            for (text, area) in [
                ("0,0\n1,1\n2,4\n", 3.0), ("x, y\n0, 0\n\n# a comment\n1, 1\n 2,4", 3), ("0\t0\r\n1\t1\r\n2\t4\r\n", 3),
                ("# t v\n-1e0 2\n  3.5   2  \n", 9), ("0;1\n1e-3;1\n", 0.001),
            ] {
                try Data(text.utf8).write(to: URL(filePath: "\(directory)/t.csv"))
                try await auc(2, ["--data", "t.csv", "--quiet"], in: directory)
                #expect(try number("integral", in: directory + "/auc.h5") == area, "\(text)")
            }
        }
    }

    @Test(
        arguments: [
            ("0,0\n1,1\n1,2\n", ["line 3", "1.0, not above 1.0", "sorted"]),
            ("0,0\n2,1\n1,2\n", ["line 3", "not above 2.0"]),
            ("x,y\n0,0\n1,nan\n2,3\n", ["line 3", "nan", "finite"]), ("0,0\ninf,1\n", ["line 2", "inf", "finite"]),
            ("0,0\n1\n", ["line 2", "two numbers", "'1'"]), ("0,0\n1,2,3\n", ["line 2", "'1,2,3'"]),
            ("0,0\n1,\n2,3\n", ["line 2"]),
            ("a,b\n0,0\nc,d\n", ["line 3", "'c,d'"]), ("0,0\n", ["1 sample,", "2 are needed"]), ("", ["0 samples"]),
            ("x,y\n", ["0 samples"]),
        ] as [(String, [String])]) func badTables(_ example: (text: String, texts: [String])) async throws
    {
        try await withTemporaryDirectory { directory in
            try Data(example.text.utf8).write(to: URL(filePath: "\(directory)/t.csv"))
            _ = try await expectRefusal(
                2, ["--data", "t.csv"], in: directory, status: 65, saying: ["t.csv"] + example.texts)
        }
    }

    @Test func badDatasets() async throws {
        try await withTemporaryDirectory { directory in
            try await python(
                """
                import h5py, numpy as np
                n = 600000
                with h5py.File('s.h5', 'w') as f:
                    f['x'] = np.arange(n) * 1.0; f['y'] = np.ones(n); f['short'] = np.ones(n - 1)
                    f['two'] = np.ones((n, 2)); f['scalar'] = 1.0
                    f['text'] = ['a'] * n; f['one'] = [1.0]; f['long'] = np.arange(n)
                    x = np.arange(n) * 1.0; x[500000] = 3; f['unsorted'] = x
                    y = np.ones(n); y[[262144, 524288]] = np.nan; f['holes'] = y
                """, in: directory)
            for (x, y, status, texts) in [
                ("none", "y", 64, ["none"]), ("x", "none", 64, ["none"]), ("x", "short", 65, ["600000", "599999"]),
                ("two", "two", 65, ["[600000, 2]", "vector"]), ("one", "one", 65, ["1 sample,"]),
                ("scalar", "scalar", 65, ["[]", "vector"]),
                ("unsorted", "y", 65, ["row 500000", "3.0", "499999.0", "sorted"]),
                ("x", "holes", 65, ["row 262144", "y is missing", "nan", "--skip-missing"]),
                ("x", "text", 65, ["text"]),
            ] as [(String, String, Int32, [String])] {
                try await expectRefusal(
                    3, ["--data", "s.h5", "--x", x, "--y", y], in: directory, status: status, saying: texts)
            }
            try await expectRefusal(2, ["--data", "s.h5"], in: directory, status: 64, saying: ["--x and --y"])
        }
    }
}
