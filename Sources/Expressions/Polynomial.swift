/// A polynomial in x.
public struct Polynomial: Sendable {
    /// The coefficients, that of xᵏ at index k.
    package let coefficients: [DoubleDouble]
    /// The coefficients as doubles, the highest first, for Horner's method.
    package let descending: [Double]

    public var degree: Int { coefficients.count - 1 }

    static var largestDegree: Int { 64 }

    /// Returns the exact integral between two finite numbers, rounded to a double.
    public func integral(from a: Double, to b: Double) -> Double {
        func antiderivative(_ x: Double) -> DoubleDouble {
            var value = DoubleDouble(0)
            for (power, coefficient) in coefficients.enumerated().reversed() {
                value = value * DoubleDouble(x) + coefficient / DoubleDouble(Double(power + 1))
            }
            return value * DoubleDouble(x)
        }
        return (antiderivative(b) - antiderivative(a)).value
    }

    /// Returns the values at eight points, by Horner's method with fused multiply-adds.
    @inlinable @inline(__always)
    package static func value(_ descending: UnsafeBufferPointer<Double>, _ x: Vector) -> Vector {
        var value = Vector(repeating: descending[0])
        for index in 1..<max(1, descending.count) {
            value = Vector(repeating: descending[index]).addingProduct(value, x)
        }
        return value
    }
}

extension Polynomial {
    /// Creates a polynomial from an expression that is written as one: as a sum of multiples of powers of x, or in
    /// Horner's form.
    ///
    /// Products of sums are not expanded: near 1, `(x-1)**20` is 20 digits more accurate as it is than as a sum of
    /// powers.
    init?(_ graph: ExpressionGraph, root: Int) {
        var polynomials: [[DoubleDouble]?] = []
        for node in graph.nodes[...root] {
            switch node {
            case .variable: polynomials.append([DoubleDouble(0), DoubleDouble(1)])
            case .constant(let high, let low):
                polynomials.append([DoubleDouble(Double(bitPattern: high), Double(bitPattern: low))])
            case .apply(let operation, let operands):
                let known = operands.compactMap { polynomials[$0] }
                polynomials.append(known.count == operands.count ? Self.apply(operation, known) : nil)
            }
        }
        guard let coefficients = polynomials[root] else { return nil }
        self.coefficients = coefficients
        descending = coefficients.map(\.value).reversed()
    }

    /// - Returns: `nil` if the result is not a polynomial or cannot safely be treated as one.
    private static func apply(_ operation: Operation, _ operands: [[DoubleDouble]]) -> [DoubleDouble]? {
        let a = operands[0]
        let b = operands.count > 1 ? operands[1] : []
        let result: [DoubleDouble]
        switch operation {
        case .negate: result = a.map { -$0 }
        case .add, .subtract:
            result = (0..<max(a.count, b.count)).map { power in
                let (left, right) = (power < a.count ? a[power] : nil, power < b.count ? b[power] : nil)
                let signed = operation == .add ? right : right.map { -$0 }
                return left.map { left in signed.map { left + $0 } ?? left } ?? signed!
            }
        case .multiply:
            guard let (single, other) = isMonomial(a) ? (a, b) : isMonomial(b) ? (b, a) : nil else { return nil }
            result = single.dropLast() + other.map { $0 * single[single.count - 1] }
        case .divide:
            guard b.count == 1, !b[0].isZero else { return nil }
            result = a.map { $0 / b[0] }
        default: return nil
        }
        // The highest coefficient is not 0, unless it is the only coefficient.
        let count = (result.lastIndex { !$0.isZero } ?? 0) + 1
        let trimmed = Array(result[..<count])
        guard count <= largestDegree + 1, trimmed.allSatisfy({ $0.value.isFinite }) else { return nil }
        return trimmed
    }

    private static func isMonomial(_ coefficients: [DoubleDouble]) -> Bool {
        coefficients.dropLast().allSatisfy(\.isZero)
    }
}
