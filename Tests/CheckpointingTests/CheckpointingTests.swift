import Checkpointing
import TestSupport
import Testing

@Suite(.serialized) struct CheckpointingTests {
    /// The cases themselves are in Tests/SPMDCases/CheckpointCases.swift.
    @Test(arguments: [1, 2, 3, 5]) func cases(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(
                ranks, "spmd-cases", ["checkpoints"], environment: ["SPMD_DIRECTORY": directory])
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    /// The examples of RFC 3720, B.4.
    @Test func knownAnswersOfCRC32C() {
        #expect(Checksum.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Checksum.of([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(Checksum.of(Array(0..<32)) == 0x46DD_794E)
        #expect(Checksum.of(Array((0..<32).reversed())) == 0x113F_DB5C)
        #expect(Checksum.of([]) == 0)
    }
}
