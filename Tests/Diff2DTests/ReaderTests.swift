import TestSupport
import Testing

/// Results open with the tools people have: nothing of ours is needed to read them.
@Suite struct ReaderTests {
    static let problem = Diff2DTests.problem(points: 33, steps: 40, every: 8)

    @Test(arguments: [1, 2, 3, 5])
    func ncdump(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, Self.problem, in: directory)
            let outcome = try await run("ncdump", ["-h", "diff2d.h5"], directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            for text in [
                "time = 6 ;", "y = 33 ;", "x = 33 ;", "double density(time, y, x) ;", "double time(time) ;",
                "double y(y) ;", "double x(x) ;", "double mass(time) ;", "double minimum(time) ;",
                "double maximum(time) ;", "double l2(time) ;", "density:units = ", "time:units = \"s\" ;",
                "y:units = \"m\" ;", "x:units = \"m\" ;", ":Conventions = \"CF-1.10\" ;", ":ranks = \"\(ranks)\" ;",
                ":field_hash = ", ":D = 1. ;", ":source = \"diff2d ",
            ] {
                #expect(outcome.standardOutput.contains(text), "\(text)\n\(outcome)")
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5])
    func pythonReaders(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, Self.problem, in: directory)
            #expect(try await oracle("readers.py", ["\(directory)/diff2d.h5"]) == "readable\n")
        }
    }

    @Test(arguments: [2, 3, 5])
    func h5diff(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(1, Self.problem + ["--output", "1.h5"], in: directory)
            try await diff2d(ranks, Self.problem + ["--output", "n.h5"], in: directory)
            for dataset in ["density", "time", "y", "x", "mass", "minimum", "maximum", "l2"] {
                let outcome = try await run("h5diff", ["1.h5", "n.h5", dataset], directory: directory)
                #expect(outcome.status == 0, "\(dataset): \(outcome)")
            }
        }
    }
}
