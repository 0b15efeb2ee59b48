internal import Expressions

/// A change of variable that takes 0 < s ≤ 1 to a part of the range, with its difficult end, a limit or infinity, at
/// s = 0, where s is exact however small it is.
///
/// Squares take away what is most common there: of a square root, its reciprocal, or a tail like x^(−3/2), nothing is
/// left that a polynomial could not follow.
public struct Substitution: Sendable, Hashable {
    enum Kind: Sendable { case square, reciprocalSquare }

    let kind: Kind
    let origin: Double
    /// The length of the part, negative towards smaller x; for a part that ends at infinity, that of the parts before.
    let scale: Double

    /// The point for a value of the variable, and the derivative by it.
    @inline(__always)
    func x(_ s: Vector) -> (x: Vector, derivative: Vector) {
        let scale = Vector(repeating: scale)
        let origin = Vector(repeating: origin)
        switch kind {
        case .square:
            let x = origin.addingProduct(scale, s * s)
            // The limit itself is not in the range.
            let inside = scale[0] > 0 ? origin[0].nextUp : origin[0].nextDown
            return (x.replacing(with: inside, where: x .== origin), (2 * scale * s).magnitude)
        case .reciprocalSquare:
            let reciprocal = 1 / s
            let square = reciprocal * reciprocal
            return (origin.addingProduct(scale, square), (2 * scale * square * reciprocal).magnitude)
        }
    }

    /// How far rounding has moved a point, or half a unit in the last place the origin, as a share of their distance:
    /// where the function has a singularity at the origin, its values are about as wrong.
    ///
    /// - Parameter x: As of ``x(_:)``.
    @inline(__always)
    func displacement(_ s: Vector, _ x: Vector) -> Vector {
        let square = kind == .square ? s * s : 1 / (s * s)
        let scale = Vector(repeating: scale)
        let moved = (Vector(repeating: origin) - x).addingProduct(scale, square).magnitude
        return (moved + origin.ulp / 2) / (scale * square).magnitude
    }

    /// Splits a range into parts. Of a finite range each half begins at its limit; an infinite one is cut at a distance
    /// of 1 from the finite limit, or at −1, 0 and 1.
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
