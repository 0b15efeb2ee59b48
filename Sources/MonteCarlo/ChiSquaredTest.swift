private import Glibc

/// Pearson's χ² test of one proportion: whether the hits of several streams differ no more than is expected by chance.
public struct ChiSquaredTest: Hashable, Sendable {
    /// The sum over the streams of (hits − mean)² in units of the variance.
    public let chiSquared: Double
    /// The number of streams minus one.
    public let degreesOfFreedom: Int

    /// - Parameters:
    ///   - hits: The hits of each stream; at least two streams.
    ///   - samples: The number of samples in each stream; at least 1.
    public init(hits: [UInt64], samples: UInt64) {
        precondition(hits.count >= 2 && samples >= 1, "a chi-squared test needs several streams, and samples")
        let mean = hits.reduce(0) { $0 + Double($1) } / Double(hits.count)
        let variance = mean * (1 - mean / Double(samples))
        let squares = hits.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        chiSquared = variance > 0 ? squares / variance : 0
        degreesOfFreedom = hits.count - 1
    }

    /// The probability of a χ² at least this large.
    public var pValue: Double { upperIncompleteGamma(Double(degreesOfFreedom) / 2, chiSquared / 2) }
}

/// Returns the regularized upper incomplete gamma function Q(a, x) for a > 0, x ≥ 0.
///
/// Method: the power series below a + 1, and above it the continued fraction by Lentz's algorithm, as in Press et al.,
/// Numerical Recipes (3rd edition, 2007), §6.2. The relative error is about `a` times that of `exp`.
public func upperIncompleteGamma(_ a: Double, _ x: Double) -> Double {
    precondition(a > 0 && x >= 0, "Q(a, x) is for a > 0 and x >= 0")
    if x == 0 { return 1 }
    let factor = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
        var term = 1 / a
        var sum = term
        var n = a
        while term > sum * 0x1p-54 {
            n += 1
            term *= x / n
            sum += term
        }
        return max(0, 1 - factor * sum)
    }
    let tiny = Double.leastNormalMagnitude * 0x1p60
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    var i = 1.0
    while true {
        let numerator = -i * (i - a)
        b += 2
        d = numerator * d + b
        if abs(d) < tiny { d = tiny }
        d = 1 / d
        c = b + numerator / c
        if abs(c) < tiny { c = tiny }
        let change = d * c
        fraction *= change
        if abs(change - 1) < 0x1p-51 { return factor * fraction }
        i += 1
    }
}
