internal import Glibc

/// An operation on a block of values. Each node of an expression is compiled to an instruction.
package struct Instruction: Sendable {
    /// The location of an operand in the workspace.
    struct Operand: Sendable {
        /// The offset from the start of the workspace in doubles.
        var offset: Int
        /// The distance from one vector to the next in doubles; 0 for a constant, which is stored once.
        var step: Int
    }

    package var operation: Operation
    /// The offset of the result, which may be that of an operand.
    var result: Int
    var a: Operand
    var b: Operand
    var c: Operand
}

extension Instruction {
    /// Executes the operation on the first `count` values of a block. `count` is a multiple of the width of a vector.
    func execute(_ workspace: UnsafeMutablePointer<Double>, _ count: Int) {
        switch operation {
        case .negate: unary(workspace, count) { Vector(bits: $0.bits ^ SIMD8(repeating: 1 << 63)) }
        case .abs: unary(workspace, count) { $0.magnitude }
        case .sqrt: unary(workspace, count) { $0.squareRoot() }
        case .floor: unary(workspace, count) { $0.rounded(.down) }
        case .ceil: unary(workspace, count) { $0.rounded(.up) }
        case .trunc: unary(workspace, count) { $0.rounded(.towardZero) }
        // Ties are rounded to even, as in Python and numpy.
        case .round: unary(workspace, count) { $0.rounded(.toNearestOrEven) }
        // The sign of a zero or NaN is the argument itself.
        case .sign:
            unary(workspace, count) { $0.replacing(with: 1, where: $0 .> 0).replacing(with: -1, where: $0 .< 0) }
        case .exp: unary(workspace, count) { exp($0) }
        case .log: unary(workspace, count) { log($0) }
        case .sin: unary(workspace, count) { sin($0) }
        case .cos: unary(workspace, count) { cos($0) }
        case .tan: unary(workspace, count) { tan($0) }
        case .expm1: each(workspace, count) { x, _ in expm1(x) }
        case .log10: each(workspace, count) { x, _ in log10(x) }
        case .log1p: each(workspace, count) { x, _ in log1p(x) }
        case .asin: each(workspace, count) { x, _ in asin(x) }
        case .acos: each(workspace, count) { x, _ in acos(x) }
        case .atan: each(workspace, count) { x, _ in atan(x) }
        case .sinh: each(workspace, count) { x, _ in sinh(x) }
        case .cosh: each(workspace, count) { x, _ in cosh(x) }
        case .tanh: each(workspace, count) { x, _ in tanh(x) }
        case .asinh: each(workspace, count) { x, _ in asinh(x) }
        case .acosh: each(workspace, count) { x, _ in acosh(x) }
        case .atanh: each(workspace, count) { x, _ in atanh(x) }
        case .cbrt: each(workspace, count) { x, _ in cbrt(x) }
        case .exp2: each(workspace, count) { x, _ in exp2(x) }
        case .log2: each(workspace, count) { x, _ in log2(x) }
        case .erf: each(workspace, count) { x, _ in erf(x) }
        case .erfc: each(workspace, count) { x, _ in erfc(x) }
        case .gamma: each(workspace, count) { x, _ in tgamma(x) }
        case .lgamma: each(workspace, count) { x, _ in logGamma(x) }
        case .hypot: each(workspace, count) { x, y in hypot(x, y) }
        case .atan2: each(workspace, count) { y, x in atan2(y, x) }
        case .power: each(workspace, count) { x, y in pow(x, y) }
        case .add: binary(workspace, count) { $0 + $1 }
        case .subtract: binary(workspace, count) { $0 - $1 }
        case .multiply: binary(workspace, count) { $0 * $1 }
        case .divide: binary(workspace, count) { $0 / $1 }
        case .remainder: each(workspace, count) { x, y in remainder(x, y) }
        // If an operand is NaN, the result is NaN, unlike with the functions of the C library.
        case .minimum: binary(workspace, count) { $1.replacing(with: $0, where: ($0 .< $1) .| ($0 .!= $0)) }
        case .maximum: binary(workspace, count) { $1.replacing(with: $0, where: ($0 .> $1) .| ($0 .!= $0)) }
        case .less: binary(workspace, count) { Vector.zero.replacing(with: 1, where: $0 .< $1) }
        case .lessOrEqual: binary(workspace, count) { Vector.zero.replacing(with: 1, where: $0 .<= $1) }
        case .equal: binary(workspace, count) { Vector.zero.replacing(with: 1, where: $0 .== $1) }
        case .notEqual: binary(workspace, count) { Vector.zero.replacing(with: 1, where: $0 .!= $1) }
        case .select: ternary(workspace, count) { $2.replacing(with: $1, where: $0 .!= 0) }
        }
    }

    @inline(__always)
    private func ternary(
        _ workspace: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Vector, Vector, Vector) -> Vector
    ) {
        var (a, b, c) = (workspace + a.offset, workspace + b.offset, workspace + c.offset)
        var result = workspace + result
        let end = result + count
        while result < end {
            store(body(load(a), load(b), load(c)), result)
            a += self.a.step
            b += self.b.step
            c += self.c.step
            result += Vector.width
        }
    }

    @inline(__always)
    private func binary(
        _ workspace: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Vector, Vector) -> Vector
    ) {
        ternary(workspace, count) { a, b, _ in body(a, b) }
    }

    @inline(__always)
    private func unary(_ workspace: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Vector) -> Vector) {
        ternary(workspace, count) { a, _, _ in body(a) }
    }

    /// Applies a function to one value after the other, for functions that are too rare for a vector implementation.
    @inline(__always)
    private func each(
        _ workspace: UnsafeMutablePointer<Double>, _ count: Int, _ body: (Double, Double) -> Double
    ) {
        binary(workspace, count) { a, b in
            var result = a
            for lane in 0..<Vector.width { result[lane] = body(a[lane], b[lane]) }
            return result
        }
    }
}

/// Returns the remainder of a floor division, which has the sign of the divisor, as Python's `%` does.
private func remainder(_ x: Double, _ y: Double) -> Double {
    let remainder = fmod(x, y)
    if remainder == 0 { return Double(signOf: y, magnitudeOf: 0) }
    return (remainder < 0) == (y < 0) ? remainder : remainder + y
}

/// Returns log |Γ(x)|. Unlike `lgamma`, this function does not write a global variable.
private func logGamma(_ x: Double) -> Double {
    var sign: CInt = 0
    return lgamma_r(x, &sign)
}

/// Evaluates an operation on numbers by the same code as on a block, and therefore with the same bits.
func evaluate(_ operation: Operation, _ operands: [Double]) -> Double {
    withWorkspace(count: 3 * Vector.width) { workspace in
        for (index, operand) in operands.enumerated() {
            store(Vector(repeating: operand), workspace + index * Vector.width)
        }
        func operand(_ index: Int) -> Instruction.Operand {
            Instruction.Operand(offset: min(index, operands.count - 1) * Vector.width, step: 0)
        }
        Instruction(operation: operation, result: 0, a: operand(0), b: operand(1), c: operand(2))
            .execute(workspace, Vector.width)
        return workspace[0]
    }
}

/// Calls `body` with temporary memory for vectors.
private func withWorkspace<R>(count: Int, _ body: (UnsafeMutablePointer<Double>) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: count * 8, alignment: MemoryLayout<Vector>.alignment) { memory in
        memory.initializeMemory(as: Double.self, repeating: 0)
        return body(memory.baseAddress!.assumingMemoryBound(to: Double.self))
    }
}
