import FoundationEssentials
import TestSupport
import Testing

/// The cases that fail on purpose: a job with one of them must not look well.
@Suite struct HarnessTests {
    private static let failing: [(name: String, text: String, isOfTheLastRank: Bool)] = [
        ("a condition does not hold", "not so: no", false),
        ("a condition does not hold on the last rank", "not so: the last", true),
        ("two values are not equal", "1, expected 2", false), ("no error is thrown", "no error was thrown", false),
        ("an unexpected error is thrown", "Unforeseen()", false),
        ("an unexpected error is thrown on the last rank", "Unforeseen()", true),
    ]

    @Test(arguments: 1...5)
    func eachFailureIsReportedAndFailsTheJob(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["failing"])
        #expect(outcome.status == 1, "\(outcome)")
        let lines = outcome.standardOutput.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("FAILED") } == Self.failing.map { "FAILED \($0.name)" }, "\(outcome)")
        #expect(lines.last == "1 of 7 cases passed on \(ranks) ranks", "\(outcome)")
        // The lines of the ranks on which a case failed follow its name.
        for (name, text, isOfTheLastRank) in Self.failing {
            let start = try #require(lines.firstIndex { $0 == "FAILED \(name)" })
            let found = lines[(start + 1)...].prefix { $0.hasPrefix("  rank ") }
            #expect(found.count == (isOfTheLastRank ? 1 : ranks), "\(name): \(outcome)")
            #expect(found.allSatisfy { $0.hasSuffix(text) }, "\(name): \(outcome)")
            #expect(found.last?.hasPrefix("  rank \(ranks - 1): ") == true, "\(name): \(outcome)")
        }
    }

    /// One failure is enough, on one rank as well.
    @Test(arguments: [
        "a condition does not hold on the last rank", "an unexpected error is thrown on the last rank",
    ])
    func aSingleFailureFailsTheJob(name: String) async throws {
        let outcome = try await mpiexec(3, "spmd-cases", ["failing", name])
        #expect(outcome.status == 1 && outcome.standardOutput.hasPrefix("FAILED \(name)\n"), "\(outcome)")
    }

    @Test func theCaseThatPassesDoesNotFailTheJob() async throws {
        let outcome = try await mpiexec(2, "spmd-cases", ["failing", "passes"])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput == "1 of 1 cases passed on 2 ranks\n")
    }

    @Test func aFilterThatSelectsNoCaseIsAFailure() async throws {
        let outcome = try await mpiexec(2, "spmd-cases", ["collectives", "no such case"])
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.standardOutput == "FAILED: no case is selected\n0 of 0 cases passed on 2 ranks\n")
    }

    @Test(arguments: [["no-such-chapter"], ["--ending", "no-such-ending"], []])
    func whatIsNotThereIsAFailure(arguments: [String]) async throws {
        let outcome = try await mpiexec(2, "spmd-cases", arguments)
        #expect(outcome.status == 64 && outcome.standardError.contains("usage: spmd-cases"), "\(outcome)")
    }
}
