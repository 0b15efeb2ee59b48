/// An estimate of π from the hits among random points.
public struct Estimate: Hashable, Sendable {
    /// The number of points in the quarter circle.
    public let hits: UInt64
    /// The number of points drawn; at least 1.
    public let samples: UInt64

    public init(hits: UInt64, samples: UInt64) {
        precondition(samples >= 1 && hits <= samples, "an estimate has samples, and no more hits than those")
        self.hits = hits
        self.samples = samples
    }

    /// The estimate of π: four times the share of the hits.
    public var pi: Double { 4 * share }

    /// The standard error of ``pi``: four times that of a binomial proportion.
    public var standardError: Double {
        4 * (share * (Double(samples - hits) / Double(samples)) / Double(samples)).squareRoot()
    }

    /// The 95 % confidence interval of π.
    ///
    /// Method: Wilson, Probable inference, the law of succession, and statistical inference (1927), which also works
    /// for few samples and if all or none of them are hits.
    public var interval: ClosedRange<Double> {
        let n = Double(samples)
        let quantile = 1.959963984540054
        let weight = quantile * quantile / n
        let middle = (share + weight / 2) / (1 + weight)
        let halfWidth = quantile / (1 + weight) * (standardError * standardError / 16 + weight / (4 * n)).squareRoot()
        return 4 * (middle - halfWidth)...4 * (middle + halfWidth)
    }

    /// The deviation of the estimate from π in standard errors, where the standard error is that of the true value.
    public var z: Double {
        let share = Double.pi / 4
        return (pi - .pi) / (4 * (share * (1 - share) / Double(samples)).squareRoot())
    }

    private var share: Double { Double(hits) / Double(samples) }
}

extension Estimate {
    /// Returns the approximate number of samples for a standard error.
    public static func samples(forStandardError error: Double) -> Double { .pi * (4 - .pi) / (error * error) }
}
