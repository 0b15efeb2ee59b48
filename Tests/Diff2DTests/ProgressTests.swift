import TestSupport
import Testing

/// A line of progress for whoever watches, and for nobody else.
@Suite struct ProgressTests {
    static let problem = ["--no-output", "--runtime", "30"]

    @Test(arguments: [1, 2])
    func silentInAPipe(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(ranks, Self.problem, in: directory)
            #expect(outcome.standardError == "")
            #expect(!outcome.standardOutput.contains("step 1 of"))
        }
    }

    @Test(arguments: [1, 2])
    func presentOnATerminal(ranks: Int) async throws {
        let outcome = try await onATerminal(ranks, Self.problem)
        #expect(outcome.status == 0, "\(outcome)")
        let shown = outcome.standardOutput.split(separator: "\r\u{1B}[K")
        let progress = shown.filter { $0.hasPrefix("step ") }
        #expect(!progress.isEmpty, "\(outcome)")
        for line in progress {
            #expect(line.contains(" of 26820, ") && line.contains(" %, ") && line.contains("updates/s, "), "\(line)")
            #expect(line.hasSuffix(" left"), "\(line)")
        }
        // The line is gone before the summary comes.
        #expect(shown.last?.hasPrefix("time  ") == true, "\(outcome)")
    }

    @Test func quietOnATerminal() async throws {
        let outcome = try await onATerminal(2, Self.problem + ["--quiet"])
        #expect(outcome.status == 0 && outcome.standardOutput == "", "\(outcome)")
    }

    private func onATerminal(_ ranks: Int, _ arguments: [String]) async throws -> Outcome {
        let words = [launcher, "-n", "\(ranks)", builtProgram("diff2d")] + arguments
        return try await run(
            "script", ["-qec", words.joined(separator: " "), "/dev/null"], environment: launcherEnvironment)
    }
}
