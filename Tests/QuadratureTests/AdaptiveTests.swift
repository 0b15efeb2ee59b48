import Expressions
import Quadrature
import TestSupport
import Testing

/// Adaptive quadrature against closed forms and mpmath.
@Suite struct AdaptiveTests {
    private static func integrate(
        _ text: String, _ a: Double, _ b: Double, _ tolerance: Double, breakPoints: [Double] = [],
        panelLimit: Int = 1 << 23
    ) throws -> AdaptiveQuadrature {
        let evaluator = Evaluator(try Function(text))
        var quadrature = AdaptiveQuadrature(
            from: a, to: b, breakPoints: breakPoints, tolerance: tolerance, panelLimit: panelLimit)
        let search = quadrature.search
        quadrature.begin(
            try search.roots.flatMap { try evaluator.search($0, of: search) },
            ancestors: evaluator.estimates(ofAncestors: search.ancestors, of: search))
        while !quadrature.pending.isEmpty {
            quadrature.add(try evaluator.estimates(of: quadrature.pending, quadrature.parts))
        }
        return quadrature
    }

    /// The error is as small as wanted, and not larger than it is said to be.
    @Test func integrals() async throws {
        let lines = try await oracleLines("integrals.py")
        #expect(lines.count == 71)
        for line in lines {
            let fields = line.split(separator: "|").map(String.init)
            let (a, b, exact) = (Double(fields[1])!, Double(fields[2])!, Double(fields[3])!)
            for tolerance in [1e-6, 1e-10] {
                let result = try Self.integrate(fields[0], a, b, tolerance)
                let error = abs(result.integral - exact)
                #expect(
                    result.isConverged && result.error <= tolerance * max(1, abs(result.integral)),
                    "\(line): \(result.integral) ± \(result.error), \(tolerance)")
                #expect(
                    error <= result.error + abs(exact).ulp,
                    "\(line): \(result.integral) ± \(result.error), \(tolerance)")
                let refined = result.evaluated - result.search.panelCount
                #expect(refined <= 5000, "\(line): \(refined) panels after the search")
                #expect(result.panels.count <= 20_000, "\(line): \(result.panels.count) panels are left")
            }
        }
    }

    /// Peaks of 1e-1 … 1e-6 of the range at random places: each is found, and right within its error.
    @Test(arguments: [1, 2, 3]) func narrowPeaks(seed: Int) async throws {
        let lines = try await oracleLines("peaks.py", ["\(seed)"])
        #expect(lines.count == 72)
        for line in lines {
            let fields = line.split(separator: "|").map(String.init)
            let (a, b, exact) = (Double(fields[1])!, Double(fields[2])!, Double(fields[3])!)
            let result = try Self.integrate(fields[0], a, b, 1e-8)
            let error = abs(result.integral - exact)
            #expect(
                result.isConverged && error <= result.error + abs(exact).ulp,
                "\(line): \(result.integral) ± \(result.error), \(error)")
        }
    }

    /// The peaks of the report, and others of its kind.
    @Test(
        arguments: [
            ("exp(-x^2)", -1e4, 1e4, 1.0), ("exp(-x^2)", -1e5, 1e5, 1), ("exp(-x^2)", -1e6, 1e6, 1),
            ("exp(-(x-1000)^2)", -.infinity, .infinity, 1), ("exp(-(x+1e6)^2)", -.infinity, .infinity, 1),
            ("exp(-(x-1000)^2)", 0, .infinity, 1), ("exp(-((x-2.7)/1e-4)^2)", 0, 10, 1e-4),
            ("exp(-(x-12345.6)^2)", -1e7, 1e7, 1), ("exp(-x^2) + exp(-(x-3e4)^2)", -1e5, 1e5, 2),
        ] as [(String, Double, Double, Double)])
    func gaussians(_ text: String, a: Double, b: Double, multiple: Double) throws {
        let result = try Self.integrate(text, a, b, 1e-8)
        let exact = multiple * 1.7724538509055159
        #expect(
            result.isConverged && abs(result.integral - exact) <= result.error + exact.ulp,
            "\(result.integral) ± \(result.error)")
    }

    /// From the far side of a peak the way leads to it.
    @Test func theFlankOfAPeakLeadsToIt() throws {
        for center in ["1234.56789", "-31415.9265", "400000.1"] {
            let result = try Self.integrate("exp(-(x-\(center))^2)", -1e6, 1e6, 1e-6, panelLimit: 1 << 14)
            // Found or not, but never an area that is none.
            #expect(!result.isConverged || abs(result.integral - 1.7724538509055159) <= result.error + 1e-15)
            let near = try Self.integrate("exp(-((x-\(center))/20)^2)", -1e6, 1e6, 1e-6, panelLimit: 1 << 14)
            #expect(near.isConverged && abs(near.integral - 20 * 1.7724538509055159) <= near.error + 1e-14)
        }
    }

    /// Where all values found are zero, the error is unknown.
    @Test(arguments: [("exp(-(x-1e5)^2)", -1e12, 1e12), ("where(abs(x-0.123456789) < 1e-12, 1, 0)", 0, 1)])
    func onlyZeros(_ text: String, a: Double, b: Double) throws {
        let result = try Self.integrate(text, a, b, 1e-3)
        #expect(result.magnitude == 0 && result.pending.isEmpty && !result.isConverged)
    }

    /// What is too narrow to be found is found where it is said to be.
    @Test func breakPoints() throws {
        for (text, a, b, points, exact, tolerance) in [
            ("exp(-((x-0.3)/1e-10)^2)", 0, 1, [0.3], 1.7724538509055159e-10, 1e-14),
            ("exp(-x^2)", -1e15, 1e15, [0], 1.7724538509055159, 1e-10),
            ("exp(-(x-1e9)^2)", -.infinity, .infinity, [1e9], 1.7724538509055159, 1e-5),
            ("1/sqrt(abs(x-0.3))", 0, 1, [0.3], 2 * (0.3.squareRoot() + 0.7.squareRoot()), 1e-7),
            ("abs(x-0.25) + abs(x-0.75)", 0, 1, [0.25, 0.75], 0.625, 1e-12),
        ] as [(String, Double, Double, [Double], Double, Double)] {
            let result = try Self.integrate(text, a, b, tolerance, breakPoints: points)
            #expect(
                result.isConverged && abs(result.integral - exact) <= result.error + 2 * exact.ulp,
                "\(text): \(result.integral) ± \(result.error), \(exact)")
        }
    }

    /// On the way to infinity powers overflow where exponentials have vanished.
    @Test func zeroTimesInfinity() throws {
        let result = try Self.integrate("x^30*exp(-x)", 0, .infinity, 1e-10)
        #expect(result.isConverged && abs(result.integral / 2.6525285981219107e32 - 1) <= 1e-10)
    }

    @Test func fourteenDigits() throws {
        let result = try Self.integrate("0.7*x**3 - 2*x**2 + 4", 0, 3, 1e-14)
        #expect(result.isConverged && abs(result.integral - 8.175) <= 1e-14)
    }

    /// What cannot be reached is said, in finite time.
    @Test(
        arguments: [
            ("1/x", 0.0, 1.0), ("1/x", 1, .infinity), ("1/abs(x-0.3)^0.9", 0, 1), ("cos(x)", 0, .infinity),
            ("sin(1e9*x)", 0, 1),
        ] as [(String, Double, Double)])
    func unreachable(_ text: String, a: Double, b: Double) throws {
        let result = try Self.integrate(text, a, b, 1e-12, panelLimit: 1 << 15)
        #expect(!result.isConverged && result.error > 1e-12 * max(1, abs(result.integral)), "\(result.integral)")
    }

    @Test func theLimitOfPanelsIsKept() throws {
        for limit in [16, 17, 20, 101, 1000] {
            let result = try Self.integrate("sin(1000*x)", 0, 10, 1e-10, panelLimit: limit)
            #expect(result.evaluated <= limit && !result.isConverged)
        }
    }

    /// The panels make up the range without gaps.
    @Test func panelsCoverTheRange() throws {
        let result = try Self.integrate("1/(1e-6+(x-0.25)^2)", -1, 2, 1e-10)
        let ends = result.panels.map { panel, _ in
            let part = result.parts[panel.part]
            let (near, far) = (part.x(panel.start), part.x(panel.start + panel.width))
            return (min(near, far), max(near, far))
        }.sorted { $0.0 < $1.0 }
        #expect(ends.first?.0 == -1 && ends.last?.1 == 2)
        for (left, right) in zip(ends, ends.dropFirst()) { #expect(abs(left.1 - right.0) <= 1e-15) }
    }

    @Test(
        arguments: [("log(-x)", 0.0, 1.0), ("where(x > 0.5, 0/0, 1)", 0, 1), ("sqrt(1-x)", 0, 2)]
            as [(String, Double, Double)])
    func notFinite(_ text: String, a: Double, b: Double) throws {
        let evaluator = Evaluator(try Function(text))
        let quadrature = AdaptiveQuadrature(from: a, to: b, tolerance: 1e-8, panelLimit: 1000)
        let panels = (0..<64).flatMap { place in
            quadrature.parts.indices.map { Panel(part: $0, start: Double(place) / 64, width: 1.0 / 64) }
        }
        let all = try #require(throws: NotFinite.self) {
            _ = try evaluator.estimates(of: panels, quadrature.parts)
        }
        // The smallest of all that single panels find.
        var smallest = Double.infinity
        for panel in panels {
            do { _ = try evaluator.estimates(of: [panel], quadrature.parts) } catch {
                smallest = min(smallest, error.x)
            }
        }
        #expect(throws: NotFinite.self) {
            for root in quadrature.search.roots { _ = try evaluator.search(root, of: quadrature.search) }
        }
        #expect(all.x == smallest && !evaluator.value(at: all.x).isFinite)
    }
}
