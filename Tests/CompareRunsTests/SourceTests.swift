import TestSupport
import Testing

/// Two files made alike by h5py, `a.h5` and `b.h5`, and what `compare-runs results` says of them.
private func compare(_ source: String, environment: [String: String] = [:]) async throws -> Outcome {
    try await withTemporaryDirectory { directory in
        let made = try await run(python, ["-c", vocabulary, source, source], directory: directory)
        try #require(made.status == 0, "\(made)")
        return try await run(
            builtProgram("compare-runs"), ["results", "a.h5", "b.h5"], environment: environment, directory: directory)
    }
}

/// Makes a file with the dataset `s`.
private func file(_ name: String) -> String {
    "import os; os.makedirs('sub', exist_ok=True); o = h5py.File('\(name)', 'w'); o['s'] = [1.0, 2.0]; o.close();"
}

/// Virtual datasets are compared only where all their sources are there: HDF5 would read fill values.
@Suite struct SourceTests {
    @Test(arguments: [
        ("virtual('none.h5')", "its source file none.h5 is missing or cannot be read"),
        ("virtual('/none/none.h5')", "its source file /none/none.h5 is missing or cannot be read"),
        ("virtual('n%%b.h5')", "its source file n%b.h5 is missing or cannot be read"),
        ("open('text', 'w').write('x'); virtual('text')", "its source file text is missing or cannot be read"),
        (file("s.h5") + "virtual('s.h5', 'none')", "its source file s.h5 has no dataset none"),
        ("virtual('.', '/none')", "its source file a.h5 has no dataset /none"),
        ("virtual('none.h5', name='s'); virtual('.')", "its source file none.h5 is missing or cannot be read"),
        ("numbered(b'n%b.h5')", "its source file n0.h5 is missing or cannot be read"),
    ])
    func missing(source: String, cause: String) async throws {
        let outcome = try await compare(source)
        #expect(outcome.status == 2 && outcome.standardOutput == "", "\(outcome)")
        #expect(outcome.standardError == "compare-runs: cannot read a.h5:/d: \(cause)\n", "\(outcome)")
    }

    @Test(arguments: [
        file("s.h5") + "virtual('s.h5')",
        file("s.h5") + "virtual('/none/s.h5')",
        file("n%b.h5") + "virtual('n%%b.h5')",
        "data([1.0, 2.0], name='s'); virtual('.')",
        "data([1.0, 2.0], name='s'); virtual('.', name='v'); virtual('.', 'v')",
        file("n0.h5") + file("n1.h5") + "numbered(b'n%b.h5')",
        // A file that is compared, too.
        "data([1.0, 2.0], name='s'); virtual('b.h5')",
        "data([1.0, 2.0], name='s'); virtual('a.h5')",
    ])
    func present(source: String) async throws {
        let outcome = try await compare(source)
        #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        let count = source.contains("n1") ? 4 : 2
        #expect(outcome.standardOutput.contains("/d       64-bit float  \(count)      identical"), "\(outcome)")
    }

    /// Sources are found in the folders of a variable, and where the virtual dataset's file lies.
    @Test func folders() async throws {
        let source = file("sub/s.h5") + "virtual('s.h5')"
        #expect(try await compare(source).status == 2)
        for prefix in ["none:sub", "${ORIGIN}/sub"] {
            let outcome = try await compare(source, environment: ["HDF5_VDS_PREFIX": prefix])
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        }
        try await withTemporaryDirectory { directory in
            let source = file("s.h5") + file("sub/x.h5") + "virtual('s.h5')"
            let made = try await run(python, ["-c", vocabulary, source, source], directory: directory)
            try #require(made.status == 0, "\(made)")
            let links = try await run("sh", ["-c", "ln -s ../b.h5 sub/b.h5"], directory: directory)
            try #require(links.status == 0)
            // Beside the file, and beside the file that a link leads to.
            let outcome = try await run(
                builtProgram("compare-runs"), ["results", "../a.h5", "b.h5"], directory: directory + "/sub")
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        }
    }
}
