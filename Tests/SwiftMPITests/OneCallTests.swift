import Foundation
import TestSupport
import Testing

/// An uppercase call is exactly one call of MPI, and allocates nothing itself.
///
/// A small library is loaded before the program and stands before every function of MPI (its profiling interface,
/// MPI-3.1 §14.2) and before the allocator; the cases ask it what it has seen.
@Suite struct OneCallTests {
    @Test(arguments: 1...3)
    func anUppercaseCallIsOneCallOfMPI(ranks: Int) async throws { try await cases(of: "one-call", ranks: ranks) }

    // Thousands of calls: an MPI that spins takes minutes for them where ranks share cores.
    @Test(arguments: 1...2)
    func anUppercaseCallAllocatesNothing(ranks: Int) async throws { try await cases(of: "allocation", ranks: ranks) }

    private func cases(of chapter: String, ranks: Int) async throws {
        let library = try await recorder.value
        let outcome = try await mpiexec(
            ranks, "/usr/bin/env", ["LD_PRELOAD=\(library)", builtProgram("spmd-cases"), chapter])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
    }

    /// No write outside of MPI's own buffers, which end with the last byte that a datatype describes.
    @Test(arguments: 1...5)
    func anOperationStaysInsideItsBuffers(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let library = try await interposer("guard", in: directory)
            let others = launcherEnvironment["LD_PRELOAD"].map { ":" + $0 } ?? ""
            let outcome = try await mpiexec(
                ranks, "/usr/bin/env",
                ["LD_PRELOAD=\(library)\(others)", builtProgram("spmd-cases"), "guarded-operations"])
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.standardOutput.contains("cases passed on \(ranks) ranks"), "\(outcome)")
        }
    }

    /// The guard finds a write of one byte behind a block.
    @Test func theGuardFinds() async throws {
        try await withTemporaryDirectory { directory in
            let library = try await interposer("guard", in: directory)
            let outcome = try await mpiexec(
                1, "/usr/bin/env", ["LD_PRELOAD=\(library)", builtProgram("spmd-cases"), "--ending", "overrun"])
            #expect(outcome.status != 0)
            #expect(outcome.standardError.contains("guard: a write behind a block of 24 bytes"), "\(outcome)")
        }
    }

    @Test func withoutTheLibraryTheCasesFail() async throws {
        let outcome = try await mpiexec(1, "spmd-cases", ["allocation"])
        #expect(outcome.status != 0)
        #expect(outcome.standardOutput.contains("the interposing library is not loaded"), "\(outcome)")
    }
}
