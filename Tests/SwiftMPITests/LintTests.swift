import FoundationEssentials
import TestSupport
import Testing

/// What `make lint` finds in a small repository, and how `.ci/run` ends.
@Suite struct LintTests {
    private static let swift = ProcessInfo.processInfo.environment["SWIFT"] ?? "swift"
    private static let long = String(repeating: "äx", count: 60)

    /// Runs `scripts/lint` on files, with what a build prints.
    private func lint(_ files: [String: String], building: String = "") async throws -> Outcome {
        try await withTemporaryDirectory { directory in
            var files = files.merging(["Package.swift": "let a = 1\n"]) { given, _ in given }
            for name in ["scripts/lint", ".swift-format"] {
                files[name] = try String(contentsOf: URL(filePath: "\(packageDirectory)/\(name)"), encoding: .utf8)
            }
            for folder in ["scripts", "Sources", "Tests", "Examples", "Benchmarks"] {
                try FileManager.default.createDirectory(
                    atPath: "\(directory)/\(folder)", withIntermediateDirectories: true)
            }
            for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)")) }
            let compiler = try writeScript(
                "if [ \"$1\" = build ]; then echo '\(building)'; else exec '\(Self.swift)' \"$@\"; fi",
                to: "\(directory)/compiler")
            return try await run(
                "bash", ["-c", "git init -q && git add . && bash scripts/lint"], environment: ["SWIFT": compiler],
                directory: directory)
        }
    }

    @Test func nothingIsFound() async throws {
        let outcome = try await lint(
            [
                "a.md": "| \(Self.long)x |\n\(Self.long)\n- <https://example.org/\(Self.long)>\n",
                "Sources/a.swift": "let a = \"\(Self.long.dropFirst(10))\"\n", "a.txt": "\(Self.long)x\n",
                "run": "#!/bin/sh\necho \"$1\"\n",
            ], building: "/x/a.swift:1:1: note: nothing")
        #expect(outcome.status == 0 && outcome.standardOutput.hasSuffix("lint: nothing found\n"), "\(outcome)")
    }

    @Test(arguments: [
        ("a.md", "\n\(long)x\n", "a.md:2: more than 120 characters"),
        ("a.md", "\(long)x https://example.org\n", "a.md:1: more than 120 characters"),
        ("a.py", "a = '\(long)'\n", "a.py:1: more than 120 characters"),
        ("Sources/a.swift", "// \(long)\n", "Sources/a.swift:1: more than 120 characters"),
        ("Makefile", "# \(long)\n", "Makefile:1: more than 120 characters"),
        ("run", "#!/usr/bin/env bash\n# \(long)\n", "run:2: more than 120 characters"),
        ("run", "#!/usr/bin/env bash\necho $1\n", "run:2:6: note: Double quote to prevent globbing"),
        ("Sources/a.swift", "let  a = 1\n", "Sources/a.swift:1:4: error: [Spacing]"),
        ("Sources/a.swift", "import B\nimport A\n", "Sources/a.swift:2:1: error: [OrderedImports]"),
    ])
    func isFound(file: String, text: String, finding: String) async throws {
        let outcome = try await lint([file: text])
        #expect(outcome.status == 1, "\(outcome)")
        #expect((outcome.standardOutput + outcome.standardError).contains(finding), "\(outcome)")
    }

    @Test func warningsAreFound() async throws {
        let warning = "/x/a.swift:3:9: warning: initialization of immutable value was never used"
        let outcome = try await lint([:], building: "[1/2] Compiling\n\(warning)\n1 | let b = 1\n\(warning)")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.standardOutput.contains("warnings of this build:\n\(warning)\nlint:"), "\(outcome)")
    }

    /// The last line is the count, whatever fails.
    @Test(arguments: [
        ("exit 2", "0 passed, 1 failed", false),
        ("[ $2 = lint ] || echo 5 passed, 0 failed", "5 passed, 0 failed", true),
        (
            "[ $2 = lint ] || { echo 4 passed, 1 failed; echo 'make: *** [Makefile:51: test] Error 1' >&2; exit 2; }",
            "4 passed, 1 failed", false
        ),
    ])
    func continuousIntegrationEndsWithACount(make: String, last: String, isWell: Bool) async throws {
        try await withTemporaryDirectory { directory in
            try writeScript(make, to: "\(directory)/make")
            let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
            let outcome = try await run(
                "bash", ["-c", "'\(packageDirectory)/.ci/run' 2>&1"], environment: ["PATH": "\(directory):\(path)"])
            #expect((outcome.status == 0) == isWell, "\(outcome)")
            #expect(outcome.standardOutput.split(separator: "\n").last.map(String.init) == last, "\(outcome)")
        }
    }
}
