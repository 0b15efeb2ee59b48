import Expressions
import Glibc
import Quadrature

// area-benchmark EXPRESSION N: integrates by the left rule on [0, 3] with N points, on one rank.

guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[2]) else {
    fatalError("usage: area-benchmark EXPRESSION N")
}
let evaluator = Evaluator(try Function(CommandLine.arguments[1]))
let rule = CompositeRule(.left, from: 0, to: 3, points: n)
var area = 0.0
let clock = ContinuousClock()
let elapsed = clock.measure {
    for part in rule.parts {
        for block in 0..<part.grid.blocks {
            guard case .value(let sum) = evaluator.sum(part.grid, part.grid.nodes(ofBlock: block)) else {
                fatalError("not finite")
            }
            area += part.factor * sum
        }
    }
}
let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
print(Double(n) / seconds, "points/s, area", area)
