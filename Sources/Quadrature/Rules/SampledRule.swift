/// The rules that compute an area from samples at points that need not be equally spaced.
public enum SampledRule: String, CaseIterable, Sendable {
    /// Straight lines between neighboring samples.
    case trapezoid
    /// Parabolas through three samples each. If the number of intervals is odd, the last interval uses the parabola
    /// through the last three samples (Cartwright, "Simpson's rule cumulative integration with MS Excel and
    /// irregularly-spaced data", J. Math. Sci. Math. Educ. 12, 2017), as in SciPy.
    case simpson

    /// The number of samples after the end of a block that its sum needs.
    public static var lookahead: Int { 2 }

    /// Calls a closure with the terms of the area that start at some samples, in order.
    ///
    /// - Parameters:
    ///   - x: The points of consecutive samples, and of ``lookahead`` more samples if there are that many.
    ///   - y: The values at these points.
    ///   - first: The index of the first of these samples among all samples.
    ///   - count: The number of samples whose terms are requested.
    ///   - total: The number of all samples.
    ///   - add: The closure, which is called with each term.
    @inlinable
    public func forEachTerm(
        x: Span<Double>, y: Span<Double>, first: Int, count: Int, total: Int, _ add: (Double) -> Void
    ) {
        if self == .trapezoid || total == 2 {
            for i in 0..<min(count, total - 1 - first) { add((x[i + 1] - x[i]) / 2 * (y[i] + y[i + 1])) }
            return
        }
        // The first interval of each pair has an even index.
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
