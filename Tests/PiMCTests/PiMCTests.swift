import ParallelHDF5
import TestSupport
import Testing

@Suite struct PiMCTests {
    /// Against Philox4x32-10 written in numpy from the paper.
    @Test(arguments: [(1, 2017), (1000, 2017), (1_048_577, 1), (300_000, 18_446_744_073_709_551_615 as UInt64)])
    func theHitsAreThoseOfAnIndependentGenerator(_ run: (samples: Int, seed: UInt64)) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(
                2, "pimc", ["\(run.samples)", "--seed", "\(run.seed)"], directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            let oracle = try await TestSupport.run(
                python, [packageDirectory + "/Tests/Oracles/philox.py", "\(run.samples)", "\(run.seed)"])
            let file = try HDF5File.open(directory + "/pimc.h5")
            let hits = try file.openDataset("hits").read(Int.self)[0]
            #expect("\(hits)\n" == oracle.standardOutput, "\(oracle)")
        }
    }

    @Test func theEstimateHasTheSameBitsOnAnyNumberOfRanks() async throws {
        try await withTemporaryDirectory { directory in
            for ranks in 1...5 {
                let outcome = try await mpiexec(
                    ranks, "pimc", ["10000019", "--output", "\(ranks).h5"], directory: directory)
                #expect(outcome.status == 0, "\(outcome)")
                let same = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "\(ranks).h5"], directory: directory)
                #expect(same.status == 0, "\(same)")
            }
        }
    }

    @Test func theEstimateAndItsErrorFollowFromTheHits() async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await mpiexec(1, "pimc", ["1000000"], directory: directory)
            #expect(outcome.status == 0, "\(outcome)")
            let file = try HDF5File.open(directory + "/pimc.h5")
            let share = try Double(file.openDataset("hits").read(Int.self)[0]) / 1e6
            #expect(try file.openDataset("pi").read(Double.self)[0] == 4 * share)
            let error = try file.openDataset("standard_error").read(Double.self)[0]
            #expect(abs(error - 4 * (share * (1 - share) / 1e6).squareRoot()) < 1e-15)
            #expect(abs(4 * share - .pi) < 5 * error)
        }
    }

    @Test(arguments: [["--", "0"], ["--", "-5"], ["--seed", "-1"], ["1000", "--seed", "x"]], [1, 3])
    func badArgumentsAreRefused(arguments: [String], ranks: Int) async throws {
        let outcome = try await mpiexec(ranks, "pimc", arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
    }
}
