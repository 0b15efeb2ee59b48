import ParallelHDF5
import TestSupport
import Testing

@Suite struct AUCTests {
    /// The left rule of n points on [0, 3] differs from the exact 8.175 by −(f(3) − f(0))/2 · dx + O(dx²).
    @Test(arguments: [1, 2, 100, 65_536, 65_537, 1_000_003])
    func theAreaIsThatOfTheLeftRule(points: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(2, "auc", ["\(points)"], directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            let file = try HDF5File.open(directory + "/auc.h5")
            let area = try file.openDataset("integral").read(Double.self)[0]
            // Σ f(i·dx)·dx in closed form, from the sums of i, i² and i³.
            let n = Double(points)
            let dx = 3 / n
            let squares = (n - 1) * n * (2 * n - 1) / 6
            let cubes = ((n - 1) * n / 2) * ((n - 1) * n / 2)
            let expected = (0.7 * dx * dx * dx * cubes - 2 * dx * dx * squares + 4 * n) * dx
            #expect(abs(area - expected) <= 1e-12, "\(area), \(expected)")
            #expect(try abs(file.openDataset("error").read(Double.self)[0] - (area - 8.175)) <= 1e-14)
        }
    }

    @Test func theAreaHasTheSameBitsOnAnyNumberOfRanks() async throws {
        try await withTemporaryDirectory { directory in
            for ranks in 1...5 {
                let outcome = try await mpiexec(
                    ranks, "auc", ["1000003", "--output", "\(ranks).h5"], directory: directory)
                #expect(outcome.status == 0, "\(outcome)")
                let same = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "\(ranks).h5"], directory: directory)
                #expect(same.status == 0, "\(same)")
            }
        }
    }

    @Test(arguments: ["0", "-1", "9007199254740993", "many"], [1, 3])
    func badCountsAreRefused(points: String, ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(ranks, "auc", ["--", points], directory: directory)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.ownErrorLines.count == 1 && outcome.standardError.contains(points), "\(outcome)")
        }
    }

    @Test(arguments: [1, 3]) func aMissingDirectoryIsRefused(ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "auc", ["1000", "--output", "/no/such/directory/auc.h5"])
        #expect(outcome.status == 73, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
    }
}
