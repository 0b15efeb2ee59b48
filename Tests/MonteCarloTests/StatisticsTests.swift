import Foundation
import MonteCarlo
import Testing

/// How far the distribution of some numbers is from the normal one: the Kolmogorov–Smirnov statistic.
func distanceFromNormal(_ numbers: [Double]) -> Double {
    let n = Double(numbers.count)
    return numbers.sorted().enumerated().reduce(0) { largest, entry in
        let expected = erfc(-entry.element / 2.0.squareRoot()) / 2
        return max(largest, abs(Double(entry.offset) / n - expected), abs(Double(entry.offset + 1) / n - expected))
    }
}

@Suite struct StatisticsTests {
    /// Against the closed forms for whole and half-integer a.
    @Test func theIncompleteGammaFunction() {
        for x in [1e-8, 1e-3, 0.1, 0.5, 1, 2, 5, 9.9, 10, 20, 50, 120] {
            // Q(a + 1, x) = Q(a, x) + xᵃ e⁻ˣ / Γ(a + 1).
            for (start, value) in [(1.0, exp(-x)), (0.5, erfc(x.squareRoot()))] {
                var (a, q) = (start, value)
                while a < 60 {
                    let result = upperIncompleteGamma(a, x)
                    #expect(abs(result - q) <= 1e-13 * max(1, a) * q + 1e-15, "Q(\(a), \(x)) is \(q), not \(result)")
                    q += exp(a * log(x) - x - lgamma(a + 1))
                    a += 1
                }
            }
        }
        #expect(upperIncompleteGamma(3, 0) == 1)
        // At the median of a large number of degrees of freedom.
        #expect(abs(upperIncompleteGamma(50_000, 50_000 - 1 / 3.0) - 0.5) < 1e-6)
    }

    /// χ² is compared with a sum by hand, the p-value with a table (Abramowitz and Stegun, 26.8).
    @Test func theTestOfStreams() {
        let test = ChiSquaredTest(hits: [780, 790, 785], samples: 1000)
        #expect(test.degreesOfFreedom == 2)
        #expect(abs(test.chiSquared - 50 / (785 * 0.215)) < 1e-13)
        #expect(abs(test.pValue - exp(-test.chiSquared / 2)) < 1e-14)
        #expect(ChiSquaredTest(hits: [5, 5], samples: 5).pValue == 1)
        #expect(ChiSquaredTest(hits: [0, 0, 0], samples: 5).pValue == 1)
        #expect(abs(upperIncompleteGamma(10 / 2, 18.3070 / 2) - 0.05) < 1e-6)
        #expect(abs(upperIncompleteGamma(100 / 2, 135.807 / 2) - 0.01) < 1e-5)
    }

    /// P-values of independent streams are spread evenly.
    @Test func thePValuesOfManyTestsAreUniform() {
        let samples: UInt64 = 20_000
        let pValues = (0..<500 as Range<UInt64>).map { group in
            ChiSquaredTest(
                hits: (0..<4).map { QuarterCircle(key: 4 * group + $0 + 1 << 40).hits(in: 0..<samples) },
                samples: samples
            ).pValue
        }
        let distance = pValues.sorted().enumerated().map { abs((Double($0) + 0.5) / 500 - $1) + 0.001 }.max()!
        #expect(distance < 1.628 / (500 as Double).squareRoot())
    }

    @Test func theIntervalHoldsPiInNineteenOfTwentyCases() {
        for samples: UInt64 in [20, 1000] {
            let covered = (0..<4000 as Range<UInt64>).count { key in
                Estimate(hits: QuarterCircle(key: key).hits(in: 0..<samples), samples: samples).interval.contains(.pi)
            }
            #expect((3720...3880).contains(covered), "\(covered) of 4000 for \(samples) samples")
        }
    }

    @Test func extremeEstimates() {
        for hits: UInt64 in [0, 1] {
            let estimate = Estimate(hits: hits, samples: 1)
            #expect(estimate.pi == Double(4 * hits) && estimate.z.isFinite && estimate.interval.contains(.pi))
        }
        let largest = Estimate(hits: 7_244_019_458_077_122_842, samples: 1 << 63)
        #expect(abs(largest.pi - .pi) < 1e-15 && abs(largest.standardError - 5.407e-10) < 1e-13)
        #expect(Estimate.samples(forStandardError: largest.standardError) / 0x1p63 - 1 < 1e-12)
    }
}
