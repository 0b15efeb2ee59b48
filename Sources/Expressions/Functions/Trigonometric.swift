internal import Glibc

// Sine, cosine and tangent of a vector. A lane depends on nothing but its own argument.
//
// Method: x = n·π/2 + r, |r| ≤ π/4, with π/2 in three parts; r in two parts, of which the second corrects the
// polynomials (FDLIBM's `k_sin.c` and `k_cos.c`, Sun Microsystems, 1993). Sine and cosine stay below one unit in the
// last place, the tangent, their quotient, below two; the tests measure them.

/// Up to here the three parts suffice; the C library reduces what is larger.
private let largestReduced = 0x1p30

/// The sine.
@inline(__always)
func sin(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let value = angle.sine.replacing(with: angle.cosine, where: angle.isOdd(0))
    return others(x, angle.signed(value, 0)) { sin($0) }
}

/// The cosine: the sine a quadrant further.
@inline(__always)
func cos(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let value = angle.sine.replacing(with: angle.cosine, where: angle.isOdd(1))
    return others(x, angle.signed(value, 1)) { cos($0) }
}

/// The tangent.
@inline(__always)
func tan(_ x: Vector) -> Vector {
    let angle = ReducedAngle(x)
    let isOdd = angle.isOdd(0)
    let numerator = angle.sine.replacing(with: -angle.cosine, where: isOdd)
    let denominator = angle.cosine.replacing(with: angle.sine, where: isOdd)
    return others(x, numerator / denominator) { tan($0) }
}

/// Puts what the C library knows of large arguments where they are.
@inline(__always)
private func others(_ x: Vector, _ result: Vector, _ function: (Double) -> Double) -> Vector {
    let isLarge = x.magnitude .> largestReduced
    if !any(isLarge) { return result }
    var result = result
    for lane in 0..<Vector.width where isLarge[lane] { result[lane] = function(x[lane]) }
    return result
}

/// An angle as a number of quadrants and the sine and cosine of the rest.
private struct ReducedAngle {
    let quadrant: SIMD8<UInt64>
    let sine: Vector
    let cosine: Vector

    @inline(__always)
    init(_ x: Vector) {
        let shifted = Vector(repeating: roundingShift).adding(x, times: 0.636_619_772_367_581_4)
        let n = shifted - roundingShift
        quadrant = shifted.bits
        // The first difference is exact; `rest` is what the second one loses.
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

    /// Whether the angle, so many quadrants further, is in an odd quadrant.
    @inline(__always)
    func isOdd(_ further: UInt64) -> SIMDMask<SIMD8<Int64>> {
        SIMD8<Int64>(truncatingIfNeeded: (quadrant &+ further) & 1) .!= 0
    }

    /// With the sign of the quadrant.
    @inline(__always)
    func signed(_ value: Vector, _ further: UInt64) -> Vector {
        Vector(bits: value.bits ^ (((quadrant &+ further) & 2) &<< 62))
    }
}
