import MonteCarlo
import TestSupport
import Testing

/// The hits against Random123's C code and arithmetic of 128 bits, and against probability.
@Suite struct QuarterCircleTests {
    /// Beginnings and ends within a counter, a vector and a block, and the last samples there are.
    @Test func theHitsAreThoseOfTheReferenceImplementation() async throws {
        try await withTemporaryDirectory { directory in
            let oracle = directory + "/philox"
            let built = try await run("gcc", ["-O2", "-o", oracle, packageDirectory + "/Tests/Oracles/philox.c"])
            try #require(built.status == 0, "\(built)")
            for (first, count, key) in [
                (0, 1, 2017), (0, 2, 2017), (1, 1, 2017), (0, 1_000_003, 2017), (7, 16, 1), (15, 81, .max),
                (79, 2, 0), (80, 80, 0), (81, 80, 0), (3, 237, 5), ((1 << 33) - 1001, 5000, 9),
                ((1 << 63) - 1003, 1003, 2017), ((1 << 63) - 1, 1, 12),
            ] as [(UInt64, UInt64, UInt64)] {
                let outcome = try await run(oracle, ["\(count)", "\(key)", "\(first)"])
                let hits = QuarterCircle(key: key).hits(in: first..<first + count)
                #expect("\(hits)\n" == outcome.standardOutput, "\(count) samples from \(first), key \(key)")
            }
        }
    }

    @Test func noSamplesHaveNoHits() {
        for first: UInt64 in [0, 1, 79, 1 << 63] { #expect(QuarterCircle(key: 1).hits(in: first..<first) == 0) }
    }

    /// However the samples are divided, their hits add up.
    @Test func theHitsOfPartsAddUp() {
        let circle = QuarterCircle(key: 77)
        let all = circle.hits(in: 0..<1000)
        for cut: UInt64 in 0...1000 { #expect(circle.hits(in: 0..<cut) + circle.hits(in: cut..<1000) == all) }
    }

    /// The estimates of 1000 keys differ from π as normal deviates do: Kolmogorov and Smirnov's test at the level
    /// of 1 %.
    @Test func theErrorsOfManyKeysAreNormal() {
        let samples: UInt64 = 500_000
        let errors = (0..<1000).map { key in
            Estimate(hits: QuarterCircle(key: key).hits(in: 0..<samples), samples: samples).z
        }
        let bound = 1.628 / (1000 as Double).squareRoot()
        #expect(distanceFromNormal(errors) < bound)
        // The test would notice a wrong standard error, and a shift by a fifth of it.
        #expect(distanceFromNormal(errors.map { $0 * 1.2 }) > bound)
        #expect(distanceFromNormal(errors.map { $0 * 0.8 }) > bound)
        #expect(distanceFromNormal(errors.map { $0 + 0.2 }) > bound)
    }
}
