/// What the hits among random points say of π.
public struct Estimate: Hashable, Sendable {
    /// Points in the quarter circle.
    public let hits: UInt64
    /// Points drawn, at least 1.
    public let samples: UInt64

    public init(hits: UInt64, samples: UInt64) {
        precondition(samples >= 1 && hits <= samples, "an estimate has samples, and no more hits than those")
        self.hits = hits
        self.samples = samples
    }

    /// The estimate of π: four times the share of the hits.
    public var pi: Double { 4 * share }

    /// The standard error of ``pi``: that of a binomial proportion, times four.
    public var standardError: Double {
        4 * (share * (Double(samples - hits) / Double(samples)) / Double(samples)).squareRoot()
    }

    /// Where π is with 95 % confidence.
    ///
    /// Method: Wilson, Probable inference, the law of succession, and statistical inference (1927): good for few
    /// samples too, also when all or none of them are hits.
    public var interval: ClosedRange<Double> {
        let n = Double(samples)
        let quantile = 1.959963984540054
        let weight = quantile * quantile / n
        let middle = (share + weight / 2) / (1 + weight)
        let halfWidth = quantile / (1 + weight) * (standardError * standardError / 16 + weight / (4 * n)).squareRoot()
        return 4 * (middle - halfWidth)...4 * (middle + halfWidth)
    }

    /// How many standard errors the estimate is off, with the standard error it would have if it were π.
    public var z: Double {
        let share = Double.pi / 4
        return (pi - .pi) / (4 * (share * (1 - share) / Double(samples)).squareRoot())
    }

    private var share: Double { Double(hits) / Double(samples) }
}

extension Estimate {
    /// How many samples a standard error takes, about.
    public static func samples(forStandardError error: Double) -> Double { .pi * (4 - .pi) / (error * error) }
}
