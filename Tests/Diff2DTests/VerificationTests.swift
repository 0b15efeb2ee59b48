import TestSupport
import Testing

/// `--verify`: the solver's own account of what it solves.
@Suite struct VerificationTests {
    @Test(arguments: 1...5)
    func itPassesOnAnyNumberOfRanks(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(ranks, ["--verify"], in: directory)
            let lines = outcome.standardOutput.split(separator: "\n")
            #expect(lines.last == "PASSED", "\(outcome)")
            #expect(lines.count { $0.hasSuffix(" ok") } == 5, "\(outcome)")
            #expect(try listing(directory) == [])
        }
    }

    /// The numbers do not depend on how the problems are solved.
    @Test(arguments: ["shared", "persistent", "neighborhood", "nonblocking"])
    func everyStrategyIsVerified(halo: String) async throws {
        try await withTemporaryDirectory { directory in
            let alone = try await diff2d(1, ["--verify"], in: directory)
            let outcome = try await diff2d(
                4, ["--verify", "--halo", halo, "--halo-depth", "3", "--ranks-grid", "2x2"], in: directory)
            let lines = outcome.standardOutput.split(separator: "\n").dropFirst()
            #expect(Array(lines) == Array(alone.standardOutput.split(separator: "\n").dropFirst()))
            #expect(outcome.standardOutput.contains("halo \(halo)"))
        }
    }

    /// With a halo that is not quite what the neighbor sent, the table says what is wrong, and the job fails.
    @Test(arguments: 2...4)
    func itFails(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(
                ranks, "/usr/bin/env",
                [
                    "LD_PRELOAD=\(try await interposer("corrupt", in: directory))", builtProgram("diff2d"), "--verify",
                    "--halo", "neighborhood",
                ],
                directory: directory)
            let lines = outcome.standardOutput.split(separator: "\n")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(lines.last == "FAILED")
            #expect(lines.contains { $0.hasPrefix("eigenmode decay") && $0.hasSuffix("NOT MET") }, "\(outcome)")
            #expect(
                lines.contains { $0.contains(" with neighborhood, auto deep") && $0.hasSuffix("NOT MET") }, "\(outcome)"
            )
            #expect(outcome.standardError.contains("diff2d: the verification failed"))
        }
    }

    @Test func itCanBeQuiet() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await diff2d(2, ["--verify", "--quiet"], in: directory)
            #expect(outcome.standardOutput == "")
        }
    }
}
