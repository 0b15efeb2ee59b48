import TestSupport
import Testing

/// A line of progress for whoever watches, and for nobody else.
@Suite struct ProgressTests {
    static let problem = ["--no-output", "--runtime", "3"]

    @Test(arguments: [1, 2])
    func silentInAPipe(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(ranks, Self.problem, in: directory)
            #expect(outcome.standardError == "")
            #expect(!outcome.standardOutput.contains("step 1 of"))
        }
    }

    @Test(arguments: [nil, 1, 2])
    func presentOnATerminal(ranks: Int?) async throws {
        let outcome = try await onATerminal(ranks, Self.problem)
        #expect(outcome.status == 0, "\(outcome)")
        let shown = outcome.standardOutput.split(separator: "\r\u{1B}[K")
        let progress = shown.filter(isProgress)
        #expect(!progress.isEmpty, "\(outcome)")
        for line in progress {
            #expect(line.contains(" of 2682, ") && line.contains(" %, ") && line.contains("updates/s, "), "\(line)")
            #expect(line.hasSuffix(" left"), "\(line)")
        }
        #expect(outcome.standardOutput.contains("time  "), "\(outcome)")
        // The line is gone before the summary comes. A launcher forwards the two on ways of their own.
        if ranks == nil { #expect(shown.last?.hasPrefix("time  ") == true, "\(outcome)") }
    }

    @Test(arguments: [1, 2])
    func narrowTerminal(ranks: Int) async throws {
        let outcome = try await onATerminal(ranks, Self.problem, columns: 30)
        let lines = outcome.standardOutput.split(separator: "\r\u{1B}[K").filter(isProgress)
        #expect(!lines.isEmpty && lines.allSatisfy { $0.count == 29 }, "\(outcome)")
    }

    @Test(arguments: [nil, 1, 2])
    func dumbTerminal(ranks: Int?) async throws {
        let outcome = try await onATerminal(ranks, Self.problem, environment: ["TERM": "dumb"])
        #expect(!outcome.standardOutput.contains("\u{1B}"), "\(outcome)")
        let parts = outcome.standardOutput.split(separator: "\r")
        #expect(parts.contains { $0.hasPrefix("step ") && $0.hasSuffix(" left") }, "\(outcome)")
        // Blanks clear the line before the summary comes.
        #expect(parts.contains { $0.count > 20 && $0.allSatisfy { $0 == " " } }, "\(outcome)")
        if ranks == nil { #expect(outcome.standardOutput.contains("\rtime  "), "\(outcome)") }
    }

    @Test func quietOnATerminal() async throws {
        let outcome = try await onATerminal(2, Self.problem + ["--quiet"])
        #expect(outcome.status == 0 && outcome.standardOutput == "", "\(outcome)")
    }

    /// The heading, which goes another way through the launcher, may come behind the first line of progress.
    private func isProgress(_ text: Substring) -> Bool { text.hasPrefix("step ") && !text.contains(where: \.isNewline) }

    /// Runs diff2d on a terminal. For its clock it takes long, so that there are many lines of progress.
    ///
    /// - Parameter ranks: `nil` for a run without a launcher.
    private func onATerminal(
        _ ranks: Int?, _ arguments: [String], columns: Int = 200, environment: [String: String] = ["TERM": "xterm"]
    ) async throws -> Outcome {
        try await withTemporaryDirectory { directory in
            let words =
                (ranks.map { [launcher, "-n", "\($0)"] } ?? []) + (try await interposed("tick", [], in: directory))
                + [builtProgram("diff2d")] + arguments
            return try await run(
                "script", ["-qec", "stty cols \(columns); " + words.joined(separator: " "), "/dev/null"],
                environment: launcherEnvironment.merging(environment) { $1 })
        }
    }
}
