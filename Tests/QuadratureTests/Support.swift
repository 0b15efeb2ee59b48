import Quadrature
import TestSupport
import Testing

/// What a Python script of `Tests/Oracles` prints, line by line.
func oracle(_ script: String, _ arguments: [String] = []) async throws -> [String] {
    let outcome = try await run(python, ["\(packageDirectory)/Tests/Oracles/\(script)"] + arguments)
    try #require(outcome.status == 0, "\(script): \(outcome)")
    return outcome.standardOutput.split(separator: "\n").map(String.init)
}

/// The value of an expression at one point.
func value(_ expression: String, at x: Double = 0) throws -> Double {
    try Evaluator(Function(expression)).value(at: x)
}

/// The area by a rule, its blocks added one after the other.
func area(_ rule: Rule, _ expression: String, from a: Double, to b: Double, points: Int) throws -> Double {
    let evaluator = Evaluator(try Function(expression))
    let composite = CompositeRule(rule, from: a, to: b, points: points)
    var sum = 0.0
    for part in composite.parts {
        for block in 0..<part.grid.blocks {
            let result = evaluator.sum(part.grid, part.grid.nodes(ofBlock: block))
            guard case .value(let value) = result else { throw NotAValue(sum: result) }
            sum += part.factor * value
        }
    }
    for end in composite.ends { sum += end.factor * evaluator.value(at: end.x) }
    return sum
}

struct NotAValue: Error {
    let sum: BlockSum
}

extension Double {
    /// Equal in every bit; all NaNs count as one.
    func isIdentical(to other: Double) -> Bool { isNaN ? other.isNaN : bitPattern == other.bitPattern }
}
