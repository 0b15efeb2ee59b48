import SwiftMPI
import TestSupport
import Testing

/// Calls where MPI is not running are refused, and what cannot throw has an answer: MPI would end the process.
@Suite struct OutsideRunTests {
    /// Here, in a process that never starts MPI.
    @Test func mpiIsNotRunning() {
        #expect(!MPI.isInitialized && !MPI.isFinalized)
        let error = #expect(throws: MPIError.self) { try MPI.ownCommunicator() }
        #expect(error?.message == "MPI is not running: call it inside MPI.run")
        #expect(error?.class == .other)
    }

    /// Before a run and after it, on everything that can be kept of one.
    @Test(arguments: 1...5)
    func everyCallIsRefused(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--outside"])
        #expect(outcome.status == 0, "\(outcome)")
        // MPICH tells of the layout that is kept.
        #expect(outcome.ownErrorLines.allSatisfy { $0.contains("leaked handle pool") }, "\(outcome)")
        // A line for each rank before the run and one after it; any other names a call that was not refused. The
        // launcher of MPICH mixes the lines of ranks.
        let counts = outcome.standardOutput.matches(of: /[0-9]+ calls/).count
        let others = outcome.standardOutput.replacing(/[0-9]+ calls/, with: "")
        #expect(counts == 2 * ranks && others.allSatisfy { $0 == "\n" }, "\(outcome)")
    }
}
