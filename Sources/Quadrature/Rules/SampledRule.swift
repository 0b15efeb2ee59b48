/// How an area is computed from samples at points that need not be equally spaced.
public enum SampledRule: String, CaseIterable, Sendable {
    /// Straight lines between neighbors.
    case trapezoid
    /// Parabolas through three samples each. Of an odd number of intervals the last one is under the parabola through
    /// the last three samples (Cartwright, "Simpson's rule cumulative integration with MS Excel and irregularly-spaced
    /// data", J. Math. Sci. Math. Educ. 12, 2017), as in SciPy.
    case simpson

    /// How many samples after the last one of a block its sum needs.
    public static var lookahead: Int { 2 }

    /// The terms of the area that begin at some samples, in their order.
    ///
    /// - Parameters:
    ///   - x: Some consecutive samples, and ``lookahead`` more where there are as many.
    ///   - y: As many values.
    ///   - first: The number of the first of them among all samples.
    ///   - count: How many samples' terms are wanted.
    ///   - total: The number of all samples.
    ///   - add: Gets the terms.
    @inlinable
    public func forEachTerm(
        x: Span<Double>, y: Span<Double>, first: Int, count: Int, total: Int, _ add: (Double) -> Void
    ) {
        if self == .trapezoid || total == 2 {
            for i in 0..<min(count, total - 1 - first) { add((x[i + 1] - x[i]) / 2 * (y[i] + y[i + 1])) }
            return
        }
        // The first of a pair of intervals has an even number.
        for i in stride(from: first & 1, to: min(count, total - 2 - first), by: 2) {
            let (h0, h1) = (x[i + 1] - x[i], x[i + 2] - x[i + 1])
            let sum = h0 + h1
            let middle = sum * (sum / h0) / h1
            add(sum / 6 * ((2 - h1 / h0) * y[i] + middle * y[i + 1] + (2 - h0 / h1) * y[i + 2]))
        }
        let i = total - 3 - first
        if total.isMultiple(of: 2), i >= 0, i < count {
            let (h0, h1) = (x[i + 1] - x[i], x[i + 2] - x[i + 1])
            add(
                h1 / 6
                    * ((2 * h1 + 3 * h0) / (h0 + h1) * y[i + 2] + (h1 + 3 * h0) / h0 * y[i + 1]
                        - h1 / h0 * h1 / (h0 + h1) * y[i]))
        }
    }
}
