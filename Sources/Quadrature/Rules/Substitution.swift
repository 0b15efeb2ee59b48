internal import Expressions

/// A change of variable that maps 0 < s ≤ 1 to a part of the range. The difficult end of the part, which is a limit or
/// infinity, is at s = 0, where s is exact however small it is.
///
/// Squares remove the most common singularities there: after the substitution, a square root, its reciprocal, or a tail
/// like x^(−3/2) can be approximated by a polynomial.
public struct Substitution: Sendable, Hashable {
    enum Kind: Sendable { case square, reciprocalSquare }

    let kind: Kind
    let origin: Double
    /// The length of the part, negative towards smaller x. For a part that ends at infinity, the length of the finite
    /// part before it.
    let scale: Double

    /// Returns the point for a value of the variable, and the magnitude of the derivative with respect to it.
    @inline(__always)
    func x(_ s: Vector) -> (x: Vector, derivative: Vector) {
        let scale = Vector(repeating: scale)
        let origin = Vector(repeating: origin)
        switch kind {
        case .square:
            let x = origin.addingProduct(scale, s * s)
            // The limit itself is excluded from the range.
            let inside = scale[0] > 0 ? origin[0].nextUp : origin[0].nextDown
            return (x.replacing(with: inside, where: x .== origin), (2 * scale * s).magnitude)
        case .reciprocalSquare:
            let reciprocal = 1 / s
            let square = reciprocal * reciprocal
            return (origin.addingProduct(scale, square), (2 * scale * square * reciprocal).magnitude)
        }
    }

    /// Returns the rounding error of a point plus half a unit in the last place of the origin, relative to the distance
    /// between them. If the function has a singularity at the origin, its values have about the same relative error.
    ///
    /// - Parameter x: The point that ``x(_:)`` returns for `s`.
    @inline(__always)
    func displacement(_ s: Vector, _ x: Vector) -> Vector {
        let square = kind == .square ? s * s : 1 / (s * s)
        let scale = Vector(repeating: scale)
        let moved = (Vector(repeating: origin) - x).addingProduct(scale, square).magnitude
        return (moved + origin.ulp / 2) / (scale * square).magnitude
    }

    /// Splits a range into parts. In a finite range, each half starts at its limit. An infinite range is split at a
    /// distance of 1 from the finite limit, or at −1, 0 and 1.
    public static func parts(from a: Double, to b: Double) -> [Substitution] {
        switch (a.isFinite, b.isFinite) {
        case (true, true):
            let half = b / 2 - a / 2
            return [
                Substitution(kind: .square, origin: a, scale: half),
                Substitution(kind: .square, origin: b, scale: -half),
            ]
        case (true, false): return tail(from: a, direction: 1)
        case (false, true): return tail(from: b, direction: -1).reversed()
        case (false, false): return tail(from: 0, direction: -1).reversed() + tail(from: 0, direction: 1)
        }
    }

    private static func tail(from limit: Double, direction: Double) -> [Substitution] {
        [
            Substitution(kind: .square, origin: limit, scale: direction),
            Substitution(kind: .reciprocalSquare, origin: limit, scale: direction),
        ]
    }
}
