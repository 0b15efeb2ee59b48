// Exponential and logarithm of a vector. The result of a lane depends only on the argument of that lane.
//
// Method: reduction to a small interval with a constant in two parts (Cody and Waite, "Software Manual for the
// Elementary Functions", 1980), then a polynomial. The errors are less than one unit in the last place, which the tests
// measure.

/// 1.5·2⁵². Adding it to a smaller number leaves the nearest integer in the low bits of the sum.
let roundingShift = 6_755_399_441_055_744.0

/// Returns eˣ.
@inline(__always)
func exp(_ argument: Vector) -> Vector {
    // Outside these limits the result is infinite or zero; NaN stays NaN. Products that underflow take a processor a
    // hundred times as long as others.
    let isZero = argument .< -746
    let x = argument.replacing(with: 710, where: argument .> 710).replacing(with: 0, where: isZero)

    // x = n·ln 2 + r, |r| ≤ ln 2 / 2. The first difference is exact.
    let shifted = Vector(repeating: roundingShift).adding(x, times: 1.442_695_040_888_963_4)
    let n = shifted - roundingShift
    let r = x.adding(n, times: -0.693_147_180_559_945_3).adding(n, times: -2.319_046_813_846_299_6e-17)

    // eʳ = 1 + r + r²·q(r), the Taylor series up to r¹³/13!, whose remainder is less than 2⁻⁵⁷.
    var q = Vector(repeating: 1 / 6_227_020_800.0)
    q = Vector(repeating: 1 / 479_001_600.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 39_916_800.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 3_628_800.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 362_880.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 40_320.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 5_040.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 720.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 120.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 24.0).addingProduct(q, r)
    q = Vector(repeating: 1 / 6.0).addingProduct(q, r)
    q = Vector(repeating: 0.5).addingProduct(q, r)
    let power = 1 + r.addingProduct(r * r, q)

    // Multiplies by 2ⁿ in two steps, because 2ⁿ itself may be out of range. Only the last product is rounded.
    let exponent = SIMD8<Int64>(truncatingIfNeeded: shifted.bits &- Vector(repeating: roundingShift).bits)
    let half = exponent &>> 1
    return (power * powerOfTwo(half) * powerOfTwo(exponent &- half)).replacing(with: 0, where: isZero)
}

/// Returns 2ⁿ, which must be a normal number.
@inline(__always)
private func powerOfTwo(_ n: SIMD8<Int64>) -> Vector {
    Vector(bits: SIMD8<UInt64>(truncatingIfNeeded: n &+ 1023) &<< 52)
}

/// Returns the natural logarithm.
///
/// Method: FDLIBM's `e_log.c` (Sun Microsystems, 1993): x = 2ᵏ·(1 + f) with √½ ≤ 1 + f < √2, and
/// log(1 + f) = f − f²/2 + s·(f²/2 + R(s²)), s = f/(2 + f).
@inline(__always)
func log(_ x: Vector) -> Vector {
    let isTiny = x .< 0x1p-1022
    let normal = x.replacing(with: x * 0x1p54, where: isTiny)

    let lowest: UInt64 = 0x3FE6_A09E_0000_0000  // √½
    let shifted = normal.bits &+ SIMD8(repeating: 0x3FF0_0000_0000_0000 - lowest)
    let significand = Vector(bits: (shifted & SIMD8(repeating: 0xF_FFFF_FFFF_FFFF)) &+ SIMD8(repeating: lowest))
    // The exponent as a double: its bits are combined with those of 2⁵².
    var k = Vector(bits: (shifted &>> 52) | Vector(repeating: 0x1p52).bits) - (0x1p52 + 1023)
    k = k.replacing(with: k - 54, where: isTiny)

    let f = significand - 1
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    var odd = Vector(repeating: 1.479819860511658591e-01)
    odd = Vector(repeating: 1.818357216161805012e-01).addingProduct(odd, w)
    odd = Vector(repeating: 2.857142874366239149e-01).addingProduct(odd, w)
    odd = Vector(repeating: 6.666666666666735130e-01).addingProduct(odd, w)
    var even = Vector(repeating: 1.531383769920937332e-01)
    even = Vector(repeating: 2.222219843214978396e-01).addingProduct(even, w)
    even = Vector(repeating: 3.999999999940941908e-01).addingProduct(even, w)
    let rest = (z * odd).addingProduct(w, even)
    let halfSquare = 0.5 * f * f
    let small = (s * (halfSquare + rest)).adding(k, times: 1.90821492927058770002e-10)
    var result = ((small - halfSquare) + f).adding(k, times: 6.93147180369123816490e-01)

    result = result.replacing(with: -.infinity, where: x .== 0)
    result = result.replacing(with: .nan, where: x .< 0)
    // The logarithm of infinity or NaN is the argument itself.
    return result.replacing(with: x, where: .!(x .<= .greatestFiniteMagnitude))
}
