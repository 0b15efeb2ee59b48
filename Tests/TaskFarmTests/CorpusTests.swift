import FoundationEssentials
import TestSupport
import Testing

/// Every text of the fuzzer's corpora is read, or refused in one line.
@Suite struct CorpusTests {
    private func texts(_ folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let path = "\(packageDirectory)/Tests/Fuzz/\(folder)"
        return try FileManager.default.contentsOfDirectory(atPath: path).sorted().map {
            ($0, Array(try Data(contentsOf: URL(filePath: "\(path)/\($0)"))))
        }
    }

    private func expectReading(_ outcome: Outcome, of name: String, isRefused: Bool) {
        #expect(outcome.status == (isRefused ? 64 : 0), "\(name): \(outcome)")
        #expect(outcome.ownErrorLines.count == (isRefused ? 1 : 0), "\(name): \(outcome)")
    }

    @Test func taskLists() async throws {
        let texts = try texts("TaskLists")
        #expect(texts.count >= 6)
        try await withTasks([]) { field in
            for (name, bytes) in texts {
                try field.write(bytes)
                let outcome = try await field.shell("farm tasks --dry-run")
                expectReading(outcome, of: name, isRefused: !["barriers", "separators"].contains(name))
            }
        }
    }

    /// The words of a template, then a table.
    @Test func parameterTables() async throws {
        let texts = try texts("ParameterTables")
        #expect(texts.count >= 7)
        try await withTasks([]) { field in
            for (name, bytes) in texts {
                var parts = bytes.split(separator: 0x1e, omittingEmptySubsequences: false).map { Array($0) }
                try field.write(parts.removeLast(), to: "table")
                let words = parts.isEmpty ? ["echo", "{a}"] : parts.map { String(decoding: $0, as: UTF8.self) }
                let outcome = try await run(
                    builtProgram("taskfarm"), ["--table", "table", "--dry-run", "--"] + words,
                    environment: launcherEnvironment, directory: field.directory)
                expectReading(outcome, of: name, isRefused: !["words", "piece"].contains(name))
            }
        }
    }

    /// What follows the header of a journal, or, behind a byte 0, a whole file. What is refused is left alone.
    @Test func journals() async throws {
        let texts = try texts("Journals")
        #expect(texts.count >= 6)
        try await withTasks(["true", "#TASKFARM BARRIER", "false", "echo\t\\ '"]) { field in
            #expect(try await field.farm(1).status == 1)
            let header = try field.text("tasks.journal").split(separator: "\n").prefix(3).map { $0 + "\n" }.joined()
            for (name, bytes) in texts {
                let journal: [UInt8] = bytes.first == 0 ? Array(bytes.dropFirst()) : Array(header.utf8) + bytes
                try field.write(journal, to: "tasks.journal")
                let outcome = try await field.farm(1, "--quiet")
                if name == "records" {
                    #expect(outcome.status == 1 && complaint(outcome).contains("failed; see"), "\(outcome)")
                } else {
                    expectReading(outcome, of: name, isRefused: true)
                    #expect(try field.bytes("tasks.journal") == journal, "\(name)")
                }
            }
        }
    }
}
