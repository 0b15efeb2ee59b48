import TestSupport
import Testing

/// How a job ends when a lowercase call is misused or what it calls fails: with a word that helps, never in silence.
@Suite struct ObjectEndingTests {
    @Test(
        arguments: [
            ("dropped-isend", "an isend was dropped before it was complete; wait for it or detach() it"),
            ("dropped-irecv", "an irecv was dropped before it was complete; wait for it"),
            ("dropped-object", "a matched object was dropped before it was complete; receive it"),
        ], 1...3)
    func whatIsDroppedBeforeItsEndIsNamed(_ ending: (name: String, text: String), ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", ending.name])
        #expect(outcome.status == 70, "\(outcome)")
        #expect(outcome.says { $0.hasPrefix("rank \(ranks - 1): \(ending.text)") }, "\(outcome)")
    }

    @Test(arguments: 2...5)
    func anOperationThatThrowsEndsTheJob(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "spmd-cases", ["--ending", "throwing-operation"])
        #expect(outcome.status == 1, "\(outcome)")
        // More than one rank may have combined the two.
        #expect(outcome.says { $0.hasSuffix("do not combine") }, "\(outcome)")
    }

    /// The last rank speaks mpi4py 3, the others 4, and the other way round.
    @Test(
        arguments: [
            "bcast", "bcast from the last", "gather", "scatter", "scatter from the last", "allgather", "alltoall",
            "reduce", "reduce on the last", "allreduce", "scan", "exscan",
        ], ["3", "4"])
    func ranksThatDisagreeAboutTheProtocolAreStopped(call: String, last: String) async throws {
        let outcome = try await mpiexec(2, "spmd-cases", ["--disagreement", last, call])
        #expect(outcome.status == 1, "\(outcome)")
        // MPICH has an error of its own for a broadcast that is too long.
        #expect(outcome.says { $0.contains("objectProtocol") || $0.contains("MPI_Bcast") }, "\(outcome)")
    }
}

extension Outcome {
    /// Whether a rank wrote such a line. MPICH's launcher now and then loses all that ranks wrote right before they
    /// aborted.
    fileprivate func says(_ matches: (String) -> Bool) -> Bool {
        ownErrorLines.contains(where: matches) || ownErrorLines.isEmpty && launcher.hasSuffix(".mpich")
    }
}
