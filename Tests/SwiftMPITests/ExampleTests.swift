import TestSupport
import Testing

/// The examples assert what they show; here they run.
@Suite struct ExampleTests {
    /// What each of them prints.
    static let lines = [
        "ring": "my left neighbor is", "send-codable": "answered", "reduce": "harmonic number", "split": " even, ",
        "cartesian-halo": "every halo point",
        "scatter-gather": "means of the rows", "task-farm": "the sum is 385", "swift-python": "took part",
        "user-defined-reduction": "variance", "nonblocking-ring": "sum of all ranks",
        "hdf5-snapshots": "5 snapshots", "pipeline": "8 items went through", "matrix-vector": "100 x 100 elements",
        "sample-sort": "10000 sorted", "jacobi": "steps on", "file-slabs": "30.8125 kg m-2 on average",
    ]

    @Test(arguments: lines.keys.sorted(), [1, 2, 3, 4, 5])
    func runs(example: String, ranks: Int) async throws {
        let outcome = try await withTemporaryDirectory { try await mpiexec(ranks, example, directory: $0) }
        #expect(outcome.status == 0, "\(outcome)")
        // Launchers may merge the lines of several ranks.
        let said = Self.lines[example]!
        let times = ["ring": ranks, "send-codable": ranks - 1][example] ?? 1
        #expect(outcome.standardOutput.ranges(of: said).count == times, "\(outcome)")
    }
}
