import ParallelHDF5
import TestSupport
import Testing

@Suite struct PiMCTests {
    /// The whole of the course's call, against Random123's C code.
    @Test func theHitsAreThoseOfTheReferenceImplementation() async throws {
        try await withTemporaryDirectory { directory in
            let oracle = directory + "/philox"
            let built = try await run("gcc", ["-O3", "-o", oracle, packageDirectory + "/Tests/Oracles/philox.c"])
            try #require(built.status == 0, "\(built)")
            let expected = try await run(oracle, ["1000000000", "2017"])
            for ranks in [1, 2, 3, 5] {
                try await pimc(ranks, ["1000000000", "--seed", "2017", "--output", "\(ranks).h5"], in: directory)
                let file = try HDF5File.open(directory + "/\(ranks).h5")
                let hits = try file.openDataset("hits").read(UInt64.self)[0]
                #expect("\(hits)\n" == expected.standardOutput, "\(ranks) ranks")
            }
        }
    }

    /// Every dataset and every figure but the speed, whatever is asked for.
    @Test(arguments: [
        ["10000019"], ["3", "--streams", "5", "--convergence"], ["--target-error", "0.0005", "--convergence"],
        ["--target-error", "0.0007", "--streams", "3"],
    ])
    func theResultHasTheSameBitsOnAnyNumberOfRanks(arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            var alone = ""
            for ranks in 1...5 {
                let outcome = try await pimc(ranks, arguments + ["--output", "\(ranks).h5"], in: directory)
                let figures = outcome.standardOutput.split(separator: "\n").filter { !$0.hasPrefix("speed ") }
                if ranks == 1 { alone = figures.joined(separator: "\n") }
                #expect(figures.joined(separator: "\n") == alone)
                let same = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "\(ranks).h5"], directory: directory)
                #expect(same.status == 0, "\(same)")
            }
        }
    }

    @Test func theEstimateAndItsErrorFollowFromTheHits() async throws {
        try await withTemporaryDirectory { directory in
            try await pimc(1, ["1000000"], in: directory)
            let file = try HDF5File.open(directory + "/pimc.h5")
            let share = try Double(file.openDataset("hits").read(UInt64.self)[0]) / 1e6
            #expect(try file.openDataset("pi").read(Double.self)[0] == 4 * share)
            let error = try file.openDataset("standard_error").read(Double.self)[0]
            #expect(abs(error - 4 * (share * (1 - share) / 1e6).squareRoot()) < 1e-15)
            #expect(abs(4 * share - .pi) < 5 * error)
        }
    }

    /// No more samples than it takes: the error is reached, and would not be with a sixtieth less.
    @Test func samplesStopAtTheTargetError() async throws {
        try await withTemporaryDirectory { directory in
            try await pimc(2, ["--target-error", "2e-4"], in: directory)
            let file = try HDF5File.open(directory + "/pimc.h5")
            let error = try file.openDataset("standard_error").read(Double.self)[0]
            #expect(error <= 2e-4 && error > 2e-4 * (59.0 / 60).squareRoot())

            for ranks in 1...3 {
                let outcome = try await mpiexec(
                    ranks, "pimc", ["1000", "--target-error", "2e-4", "--output", "few.h5"], directory: directory)
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.standardOutput.contains(" of 1000\n"))
                #expect(
                    outcome.ownErrorLines == ["pimc: the standard error is not yet 0.0002: it takes more samples"])
                let few = try HDF5File.open(directory + "/few.h5")
                #expect(try few.openDataset("samples").read(UInt64.self) == [1000])
            }
        }
    }

    /// A stream is what a run with its key gives.
    @Test func streamsAreRunsWithTheKeysThatFollow() async throws {
        try await withTemporaryDirectory { directory in
            try await pimc(
                3, ["100003", "--streams", "3", "--seed", "18446744073709551614", "--report", "report.json"],
                in: directory)
            let file = try HDF5File.open(directory + "/pimc.h5")
            let keys = try file.openDataset("stream_key").read(UInt64.self)
            #expect(keys == [.max - 1, .max, 0])
            let hits = try file.openDataset("stream_hits").read(UInt64.self)
            for (key, hits) in zip(keys, hits) {
                try await pimc(1, ["100003", "--seed", "\(key)", "--output", "alone.h5"], in: directory)
                let alone = try HDF5File.open(directory + "/alone.h5")
                #expect(try alone.openDataset("hits").read(UInt64.self) == [hits])
            }
            #expect(try file.openDataset("samples").read(UInt64.self) == [300_009])
            #expect(try file.openDataset("hits").read(UInt64.self) == [hits.reduce(0, +)])
            let mean = hits.reduce(0) { $0 + Double($1) } / 3
            let squares = hits.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
            let chiSquared = try file.openDataset("chi_squared").read(Double.self)[0]
            #expect(abs(chiSquared - squares / (mean * (1 - mean / 100_003))) < 1e-12 * chiSquared)
            let report = try await run(
                python, ["-c", "import json; print(json.load(open('report.json'))['result'])"], directory: directory)
            #expect(report.standardOutput.contains("'pValue': "), "\(report)")
        }
    }

    /// The estimates on the way are those of shorter runs.
    @Test func convergenceIsThatOfShorterRuns() async throws {
        try await withTemporaryDirectory { directory in
            try await pimc(2, ["1000000", "--convergence"], in: directory)
            let file = try HDF5File.open(directory + "/pimc.h5")
            let samples = try file.openDataset("convergence_samples").read(UInt64.self)
            #expect(samples == (0..<20).map { 1 << $0 })
            for index in [0, 1, 5, 13, 19] {
                try await pimc(3, ["\(samples[index])", "--output", "short.h5"], in: directory)
                let short = try HDF5File.open(directory + "/short.h5")
                for name in ["pi", "standard_error"] {
                    let expected = try short.openDataset(name).read(Double.self)[0]
                    #expect(try file.openDataset("convergence_" + name).read(Double.self)[index] == expected)
                }
            }
            let reader = try await run(
                python,
                [
                    "-c",
                    """
                    import xarray
                    for engine in "netcdf4", "h5netcdf":
                        data = xarray.open_dataset("pimc.h5", engine=engine)
                        assert data.convergence_pi.dims == ("convergence_samples",)
                        assert float(data.convergence_pi.sel(convergence_samples=1 << 19)) == data.convergence_pi[19]
                    """,
                ], directory: directory)
            #expect(reader.status == 0, "\(reader)")
        }
    }

    @Test(
        arguments: [
            (["--", "0"], "at least 1"), (["--", "-5"], "-5"), (["--seed", "-1"], "seed"),
            (["1000", "--seed", "x"], "seed"), (["9223372036854775809"], "2^63"),
            (["99999999999999999999"], "99999999999999999999"), (["4611686018427387905", "--streams", "2"], "2^63"),
            (["1000", "--streams", "0"], "--streams is 0"), (["--target-error", "0"], "--target-error is 0.0"),
            (["--target-error", "nan"], "--target-error is nan"), (["--target-error", "1e-10"], "2^63"),
        ])
    func badArgumentsAreRefused(_ example: (arguments: [String], text: String)) async throws {
        let outcome = try await mpiexec(example.text.utf8.count % 3 + 1, "pimc", example.arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1 && outcome.standardError.contains(example.text), "\(outcome)")
    }

    /// Nothing is drawn that could not be written.
    @Test(arguments: ["--output", "--report"])
    func outputThatCannotBeMade(option: String) async throws {
        let outcome = try await mpiexec(2, "pimc", ["9223372036854775808", option, "/proc/missing/pimc"])
        #expect(outcome.status == 73, "\(outcome)")
        #expect(outcome.ownErrorLines.count == 1, "\(outcome)")
    }

    @Test func whoWatchesSeesTheEstimate() async throws {
        let words = [launcher, "-n", "2", builtProgram("pimc"), "3000000000", "--no-output"]
        let outcome = try await run(
            "script", ["-qec", words.joined(separator: " "), "/dev/null"], environment: launcherEnvironment)
        let progress = outcome.standardOutput.split(separator: "\r\u{1B}[K").filter { $0.hasPrefix("step ") }
        #expect(!progress.isEmpty, "\(outcome)")
        for line in progress {
            #expect(line.contains(" of 3000000000, ") && line.contains(" left, pi 3.14"), "\(line)")
        }
    }
}

/// Runs pimc, which must succeed and have nothing to complain about.
@discardableResult
func pimc(
    _ ranks: Int, _ arguments: [String], in directory: String, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Outcome {
    let outcome = try await mpiexec(ranks, "pimc", arguments, directory: directory)
    try #require(outcome.status == 0, "\(ranks) ranks, \(arguments): \(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.standardError == "", sourceLocation: sourceLocation)
    return outcome
}
