import TestSupport
import Testing

/// Every chapter of SPMD cases, on every rank count.
@Suite struct ChapterTests {
    @Test(
        arguments: [
            "environment", "groups", "communicators", "inter-communicators", "attributes", "topologies",
            "neighborhoods", "point-to-point", "send-modes", "probes", "requests", "collectives", "reductions",
            "scans", "variable-collectives", "nonblocking-collectives", "collective-errors", "objects",
            "object-failures", "object-requests", "large-objects", "datatypes", "layouts", "operations", "reproducible",
            "schedules",
        ], 1...5)
    func cases(of chapter: String, ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", [chapter], timeLimit: 120)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
    }

    /// Receives of objects need addresses: 8 GB of them for 5000 receives, 1.5 GB for a few.
    @Test(arguments: [("8000000", ""), ("1500000", "collective call")], [1, 2, 4])
    func objectRequestsWhereAddressesAreFew(_ limit: (kilobytes: String, cases: String), ranks: Int) async throws {
        let script = """
            ulimit -v \(limit.kilobytes) && exec '\(builtProgram("spmd-cases"))' object-requests '\(limit.cases)'
            """
        let outcome = try await mpiexec(ranks, "/bin/sh", ["-c", script], timeLimit: 120)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
    }

    @Test func aCaseThatFailsIsSeen() async throws {
        let outcome = try await mpiexec(2, "spmd-cases", ["no-such-chapter"])
        #expect(outcome.status != 0)
    }
}
