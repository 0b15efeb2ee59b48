import TestSupport
import Testing

@Suite struct AgreementTests {
    /// For each state that is written the ranks agree once on whether that went well.
    @Test(arguments: [1, 3])
    func oneForEachState(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let libraries = [try await interposer("agreements", in: directory), launcherEnvironment["LD_PRELOAD"]]
            var counts: [Int] = []
            for period in [40, 4] {
                let outcome = try await mpiexec(
                    ranks, "/usr/bin/env",
                    ["LD_PRELOAD=\(libraries.compactMap { $0 }.joined(separator: ":"))", builtProgram("diff2d")]
                        + problem(points: 20, steps: 40, every: period) + ["--quiet"], directory: directory)
                #expect(outcome.status == 0, "\(outcome)")
                counts.append(try #require(Int(outcome.standardError.prefix { $0 != " " }), "\(outcome)"))
            }
            // 2 states and 11.
            #expect(counts[1] - counts[0] == 9, "\(counts)")
        }
    }
}
