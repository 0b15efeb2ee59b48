import Expressions
import Quadrature

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
