// The area under f(x) = 0.7x³ − 2x² + 4 by the left rule: Σ f(a + i·dx)·dx. Knows neither MPI nor HDF5.

/// The integrand on a uniform grid of points.
struct Integrand {
    /// The lower end of the interval and the distance of two points.
    let start: Double
    let dx: Double

    /// How many points are summed in one go. A block is the unit of work: its sum depends on nothing but its number.
    static var pointsPerBlock: Int { 1 << 16 }

    /// The exact integral from 0 to `x`.
    static func exactArea(to x: Double) -> Double { ((0.175 * x - 2.0 / 3) * x * x + 4) * x }

    /// Σ f(start + i·dx) over some points, always in the same order.
    ///
    /// Lane `l` of the vectors sums every eighth point; the lanes are added at the end. A point is computed from its
    /// number, so that no error accumulates along the interval.
    func sum(_ points: Range<Int>) -> Double {
        var vectors = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        let lanes = SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
        var first = points.lowerBound
        while first + 16 <= points.upperBound {
            vectors.0 += value(lanes + Double(first))
            vectors.1 += value(lanes + Double(first + 8))
            first += 16
        }
        var sum = (vectors.0 + vectors.1).sum()
        while first < points.upperBound {
            sum += value(SIMD8(repeating: Double(first)))[0]
            first += 1
        }
        return sum
    }

    @inline(__always)
    private func value(_ index: SIMD8<Double>) -> SIMD8<Double> {
        let x = SIMD8(repeating: start).addingProduct(index, SIMD8(repeating: dx))
        let slope = SIMD8(repeating: -2).addingProduct(x, SIMD8(repeating: 0.7))
        return SIMD8(repeating: 4).addingProduct(x * x, slope)
    }
}
