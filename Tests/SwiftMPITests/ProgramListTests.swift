import FoundationEssentials
import TestSupport
import Testing

/// Package.swift has the list of programs; what is said of them elsewhere agrees with it.
@Suite struct ProgramListTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(packageDirectory)/\(path)"), encoding: .utf8)
    }

    /// `make install` installs all of them.
    @Test func theMakefileHasAllPrograms() async throws {
        let programs = try await Manifest.read().programs
        #expect(programs.count > 5)
        let outcome = try await run(
            "make",
            ["-s", "--no-print-directory", "-C", packageDirectory, "--eval", "list:; @echo $(PROGRAMS)", "list"])
        #expect(
            outcome.standardOutput.split(whereSeparator: \.isWhitespace).map(String.init).sorted() == programs.sorted())
    }

    /// The table in CONTRIBUTING has a row for each folder of Sources, and no other.
    @Test func everyFolderIsInContributing() async throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: packageDirectory + "/Sources")
        let rows = try text("CONTRIBUTING.md").split(separator: "\n").filter { $0.hasPrefix("| `Sources/") }
        let named = rows.flatMap { row in
            row.split(separator: "|")[0].matches(of: /`Sources\/([A-Za-z0-9]+)`/).map { String($0.output.1) }
        }
        #expect(named.sorted() == folders.sorted())
        for target in try await Manifest.read().targets where target.type != "test" {
            let path = target.path ?? "Sources/\(target.name)"
            if path.hasPrefix("Sources/") {
                #expect(folders.contains(String(path.dropFirst("Sources/".count))), "\(path)")
            }
        }
    }

    @Test func everyProgramIsInTheReadme() async throws {
        let text = try text("README.md")
        for program in try await Manifest.read().programs {
            #expect(text.contains("[\(program)](Documentation/\(program).md)"), "\(program)")
            #expect(try !self.text("Documentation/\(program).md").isEmpty)
        }
    }

    /// The examples that ExampleTests runs are all there are.
    @Test func everyExampleIsRun() async throws {
        #expect(try await Manifest.read().examples.sorted() == ExampleTests.lines.keys.sorted())
    }
}
