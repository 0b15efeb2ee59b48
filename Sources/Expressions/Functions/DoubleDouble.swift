/// An unevaluated sum of two doubles, with about 32 digits, for values that are computed once and must be exact to the
/// last bit of a double, such as the closed form of an area.
///
/// Method: Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971).
package struct DoubleDouble: Hashable, Sendable {
    var high: Double
    var low: Double

    package init(_ high: Double, _ low: Double = 0) {
        self.high = high
        self.low = low
    }

    /// Creates the exact sum of two doubles.
    init(sumOf a: Double, _ b: Double) {
        high = a + b
        let part = high - a
        low = (a - (high - part)) + (b - part)
    }

    /// The double that is nearest to the number.
    package var value: Double { high + low }

    /// The same number with the first part as close to it as possible.
    var normalized: DoubleDouble { DoubleDouble(sumOf: high, low) }

    var isZero: Bool { high == 0 && low == 0 }

    package static prefix func - (x: DoubleDouble) -> DoubleDouble { DoubleDouble(-x.high, -x.low) }

    package static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let high = DoubleDouble(sumOf: a.high, b.high)
        let low = DoubleDouble(sumOf: a.low, b.low)
        let sum = DoubleDouble(sumOf: high.high, high.low + low.high)
        return DoubleDouble(sumOf: sum.high, sum.low + low.low)
    }

    package static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

    package static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let product = a.high * b.high
        let rest = (-product).addingProduct(a.high, b.high) + (a.high * b.low + a.low * b.high)
        return DoubleDouble(sumOf: product, rest)
    }

    package static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        let remainder = a - b * DoubleDouble(first)
        let second = remainder.high / b.high
        let third = (remainder - b * DoubleDouble(second)).high / b.high
        return DoubleDouble(sumOf: first, second) + DoubleDouble(third)
    }
}

extension DoubleDouble {
    /// Creates a number from decimal text, such as `0.7`, which no double represents exactly.
    ///
    /// - Parameter decimal: Digits with at most one decimal point and an optional exponent.
    init?(decimal: String) {
        guard let nearest = Double(decimal) else { return nil }
        self.init(nearest)
        var mantissa = DoubleDouble(0)
        var exponent = 0
        var isFraction = false
        for (index, character) in zip(decimal.indices, decimal) {
            if character == "." {
                isFraction = true
            } else if let digit = character.wholeNumberValue {
                mantissa = mantissa * DoubleDouble(10) + DoubleDouble(Double(digit))
                if isFraction { exponent -= 1 }
            } else {
                guard let written = Int(decimal[decimal.index(after: index)...]) else { return }
                exponent += written
                break
            }
        }
        // For extreme exponents the power of ten can be out of range although the number is not; then the nearest
        // double is used.
        guard nearest != 0, abs(exponent) <= 280, mantissa.high < 1e280 else { return }
        var scale = DoubleDouble(1)
        for _ in 0..<abs(exponent) { scale = scale * DoubleDouble(10) }
        let value = exponent < 0 ? mantissa / scale : mantissa * scale
        let rest = (value - DoubleDouble(nearest)).value
        if rest.isFinite { low = rest }
    }
}
