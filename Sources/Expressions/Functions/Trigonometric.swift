internal import Glibc

// Sine, cosine and tangent of a vector. The result of a lane depends only on the argument of that lane.
//
// Method: x = n·π/2 + r, |r| ≤ π/4, with π/2 in three parts, and r in two parts, of which the second corrects the
// polynomials (FDLIBM's `k_sin.c` and `k_cos.c`, Sun Microsystems, 1993). The errors of sine and cosine are less than
// one unit in the last place, and that of the tangent, which is their quotient, is less than two. The tests measure
// them.

/// The largest argument for which the three parts suffice. The C library evaluates larger arguments.
private let largestReduced = 0x1p30

/// Returns the sine.
@inline(__always)
func sin(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let value = angle.sine.replacing(with: angle.cosine, where: angle.isOdd(0))
    return others(x, angle.signed(value, 0)) { sin($0) }
}

/// Returns the cosine, which is the sine one quadrant further.
@inline(__always)
func cos(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let value = angle.sine.replacing(with: angle.cosine, where: angle.isOdd(1))
    return others(x, angle.signed(value, 1)) { cos($0) }
}

/// Returns the tangent.
@inline(__always)
func tan(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let isOdd = angle.isOdd(0)
    let numerator = angle.sine.replacing(with: -angle.cosine, where: isOdd)
    let denominator = angle.cosine.replacing(with: angle.sine, where: isOdd)
    return others(x, numerator / denominator) { tan($0) }
}

/// Replaces the results for large arguments by those of the C library.
@inline(__always)
private func others(_ x: Vector, _ result: Vector, _ function: (Double) -> Double) -> Vector {
    let isLarge = x.magnitude .> largestReduced
    if !any(isLarge) { return result }
    var result = result
    for lane in 0..<Vector.width where isLarge[lane] { result[lane] = function(x[lane]) }
    return result
}

/// An angle, split into a number of quadrants and a remainder of which the sine and cosine are known.
private struct ReducedAngle {
    let quadrant: SIMD8<UInt64>
    let sine: Vector
    let cosine: Vector

    @inline(__always)
    init(_ x: Vector) {
        let shifted = Vector(repeating: roundingShift).adding(x, times: 0.636_619_772_367_581_4)
        let n = shifted - roundingShift
        quadrant = shifted.bits
        // The first difference is exact; `rest` is the rounding error of the second.
        let near = x.adding(n, times: -1.570_796_326_794_896_6)
        let r = near.adding(n, times: -6.123_233_995_736_766e-17)
        let rest = (near - r).adding(n, times: -6.123_233_995_736_766e-17).adding(n, times: 1.497_384_904_859_17e-33)

        let z = r * r
        var p = Vector(repeating: 1.58969099521155010221e-10)
        p = Vector(repeating: -2.50507602534068634195e-08).addingProduct(p, z)
        p = Vector(repeating: 2.75573137070700676789e-06).addingProduct(p, z)
        p = Vector(repeating: -1.98412698298579493134e-04).addingProduct(p, z)
        p = Vector(repeating: 8.33333333332248946124e-03).addingProduct(p, z)
        let cube = z * r
        let correction = (0.5 * rest - cube * p) * z - rest
        sine = r - correction.adding(cube, times: 1.66666666666666324348e-01)

        var q = Vector(repeating: -1.13596475577881948265e-11)
        q = Vector(repeating: 2.08757232129817482790e-09).addingProduct(q, z)
        q = Vector(repeating: -2.75573143513906633035e-07).addingProduct(q, z)
        q = Vector(repeating: 2.48015872894767294178e-05).addingProduct(q, z)
        q = Vector(repeating: -1.38888888888741095749e-03).addingProduct(q, z)
        q = Vector(repeating: 4.16666666666666019037e-02).addingProduct(q, z)
        let halfSquare = 0.5 * z
        let leading = 1 - halfSquare
        cosine = leading + (((1 - leading) - halfSquare) + ((z * z) * q - r * rest))
    }

    /// Whether the angle plus `further` quadrants is in an odd quadrant.
    @inline(__always)
    func isOdd(_ further: UInt64) -> SIMDMask<SIMD8<Int64>> {
        SIMD8<Int64>(truncatingIfNeeded: (quadrant &+ further) & 1) .!= 0
    }

    /// Returns a value with the sign of the angle's quadrant plus `further` quadrants.
    @inline(__always)
    func signed(_ value: Vector, _ further: UInt64) -> Vector {
        Vector(bits: value.bits ^ (((quadrant &+ further) & 2) &<< 62))
    }
}
