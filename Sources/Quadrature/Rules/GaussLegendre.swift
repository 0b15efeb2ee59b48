private import Expressions
internal import Glibc

/// The Gauss–Legendre rule with n nodes on [−1, 1], which is exact for polynomials of degree 2n − 1.
package struct GaussLegendre {
    /// The nodes in ascending order.
    package let nodes: [Double]
    package let weights: [Double]

    /// Creates the rule with `n` nodes.
    ///
    /// Method: the zeros of the Legendre polynomial by Newton's iteration from Tricomi's approximation, in
    /// double-double arithmetic; Davis and Rabinowitz, "Methods of Numerical Integration" (1984), §2.7.
    package init(_ n: Int) {
        var nodes: [Double] = []
        var weights: [Double] = []
        for index in (0..<n).reversed() {
            var x = DoubleDouble(cos(.pi * (Double(index) + 0.75) / (Double(n) + 0.5)))
            if 2 * index + 1 == n { x = DoubleDouble(0) }
            for _ in 0..<8 {
                let (value, derivative) = Self.legendre(n, x)
                x = x - value / derivative
            }
            let derivative = Self.legendre(n, x).derivative
            let one = DoubleDouble(1)
            nodes.append(x.value)
            weights.append((DoubleDouble(2) / ((one - x * x) * derivative * derivative)).value)
        }
        self.nodes = nodes
        self.weights = weights
    }

    /// Returns Pₙ(x) and its derivative, by the three-term recurrence.
    private static func legendre(_ n: Int, _ x: DoubleDouble) -> (value: DoubleDouble, derivative: DoubleDouble) {
        var (previous, current) = (DoubleDouble(1), x)
        for k in stride(from: 2, through: n, by: 1) {
            let k = Double(k)
            let next = (DoubleDouble(2 * k - 1) * x * current - DoubleDouble(k - 1) * previous) / DoubleDouble(k)
            (previous, current) = (current, next)
        }
        let derivative = DoubleDouble(Double(n)) * (x * current - previous) / (x * x - DoubleDouble(1))
        return (current, derivative)
    }
}
