import Expressions
import Quadrature
import Testing

@Suite struct RuleTests {
    /// Each rule is exact up to its degree, whatever the number of points, and not above.
    @Test(arguments: [(Rule.left, 0), (.midpoint, 1), (.trapezoid, 1), (.simpson, 3)])
    func degree(_ rule: Rule, degree: Int) throws {
        for points in [2, 6, 100, 1002] {
            for power in 0...degree + 1 {
                for text in ["x^\(power)", "abs(x)^\(power) + 0*sin(x)"] {
                    let area = try area(rule, text, from: 1, to: 3, points: points)
                    let exact = (threeTo(power + 1) - 1) / Double(power + 1)
                    let isExact = abs(area - exact) <= 2e-14 * exact
                    #expect(isExact == (power <= degree), "\(text), \(points) points: \(area), \(exact)")
                }
            }
        }
    }

    private func threeTo(_ power: Int) -> Double { (0..<power).reduce(1.0) { value, _ in value * 3 } }

    /// n nodes are exact up to degree 2n − 1.
    @Test(arguments: 1...16) func gaussLegendre(nodes: Int) throws {
        let rule = GaussLegendre(nodes)
        #expect(rule.nodes == rule.nodes.sorted())
        for power in stride(from: 0, through: 2 * nodes - 1, by: 1) {
            let area = zip(rule.nodes, rule.weights).reduce(0.0) { sum, node in
                sum + node.1 * (0..<power).reduce(1.0) { value, _ in value * node.0 }
            }
            let exact = power.isMultiple(of: 2) ? 2 / Double(power + 1) : 0
            #expect(abs(area - exact) <= 5e-16, "degree \(power): \(area)")
        }
    }

    @Test(arguments: [1, 5, 16, 17, 32, 1000, 70_000]) func gaussPanels(points: Int) throws {
        let composite = CompositeRule(.gauss, from: 0, to: 3, points: points)
        #expect(composite.points == (points + 15) / 16 * 16)
        if points > 1 {
            #expect(try abs(area(.gauss, "0.7*x**3 - 2*x**2 + 4", from: 0, to: 3, points: points) - 8.175) <= 1e-14)
        }
        if points >= 16 {
            #expect(try abs(area(.gauss, "exp(x)", from: 0, to: 1, points: points) - 1.718281828459045) <= 1e-15)
        }
    }

    @Test func infiniteRanges() throws {
        for (text, a, b, exact) in [
            ("exp(-x^2)", -Double.infinity, Double.infinity, 1.7724538509055159), ("exp(-x)", 0, .infinity, 1),
            ("exp(x)", -.infinity, 0, 1), ("1/x^2", 1, .infinity, 1), ("1/(1+x^2)", -.infinity, .infinity, .pi),
        ] {
            #expect(try abs(area(.gauss, text, from: a, to: b, points: 1000) - exact) <= 1e-14, "\(text)")
        }
    }

    /// The nodes are where they are by their numbers, also far from the start.
    @Test func nodes() {
        let grid = CompositeRule(.midpoint, from: 0, to: 1, points: 1_000_000).parts[0].grid
        for node in [0, 1, 15, 16, 17, 65_535, 65_536, 999_999] {
            #expect(abs(grid.x(node) - (Double(node) + 0.5) * 1e-6) < 2e-16)
        }
        #expect(grid.blocks == 16 && grid.nodes(ofBlock: 15) == 983_040..<1_000_000)
    }

    @Test func theFirstValueThatIsNotFiniteIsFound() throws {
        func sum(_ text: String, _ count: Int) throws -> BlockSum {
            let grid = CompositeRule(.left, from: 0, to: Double(count), points: count).parts[0].grid
            return try Evaluator(Function(text)).sum(grid, 0..<count)
        }
        #expect(try sum("1/(x-700)", 1000) == .notFinite(node: 700))
        #expect(try sum("sqrt(511-x)", 1000) == .notFinite(node: 512))
        #expect(try sum("where(x == 3, 0/0, x)", 5) == .notFinite(node: 3))
        #expect(try sum("x*1e308", 4) == .notFinite(node: 2))
        #expect(try sum("1e308", 4) == .overflow)
        // Where a vector is filled up, the function need not be defined.
        #expect(try sum("sqrt(9.5-x)", 10) != .notFinite(node: 10))
    }

    /// SciPy's formula, on samples whose area is known.
    @Test(arguments: [2, 3, 4, 5, 6, 7, 10]) func samples(total: Int) {
        let x = (0..<total).map { Double($0 * $0) / 4 + Double($0) }
        for (rule, degree) in [(SampledRule.trapezoid, 1), (.simpson, total == 2 ? 1 : 2)] {
            for power in 0...degree {
                let y = x.map { x in (0..<power).reduce(1.0) { value, _ in value * x } }
                let last = x[total - 1]
                let exact = (0...power).reduce(1.0) { value, _ in value * last } / Double(power + 1)
                for blockSize in [2, 4, 6, 100] {
                    var sum = 0.0
                    for first in stride(from: 0, to: total, by: blockSize) {
                        let count = min(blockSize, total - first)
                        let end = min(first + count + SampledRule.lookahead, total)
                        let (xs, ys) = (Array(x[first..<end]), Array(y[first..<end]))
                        xs.withUnsafeBufferPointer { xs in
                            ys.withUnsafeBufferPointer { ys in
                                rule.forEachTerm(x: xs.span, y: ys.span, first: first, count: count, total: total) {
                                    sum += $0
                                }
                            }
                        }
                    }
                    #expect(
                        abs(sum - exact) <= 1e-13 * max(1, exact),
                        "\(rule) \(power) in blocks of \(blockSize): \(sum), \(exact)")
                }
            }
        }
    }

    /// The sum of a polynomial without a detour by memory has the same values as the other one.
    @Test(arguments: [1, 15, 16, 31, 33, 64, 511, 513, 65_535, 65_536])
    func sumOfAPolynomial(count: Int) throws {
        let text = "0.7*x**3 - 2*x**2 + 4"
        let grid = CompositeRule(.left, from: -1, to: 2, points: count).parts[0].grid
        let evaluator = Evaluator(try Function(text))
        let values = evaluator.values(at: (0..<count).map { grid.x($0) })
        guard case .value(let sum) = evaluator.sum(grid, 0..<count) else { throw NotAValue(sum: .overflow) }
        #expect(abs(sum - values.reduce(0, +)) <= 1e-13 * Double(count))
        // Integers are summed exactly, in whatever order.
        let line = Evaluator(try Function("x + 1"))
        let integers = CompositeRule(.left, from: 0, to: Double(count), points: count).parts[0].grid
        #expect(line.sum(integers, 0..<count) == .value(Double(count * (count + 1) / 2)))
    }
}
