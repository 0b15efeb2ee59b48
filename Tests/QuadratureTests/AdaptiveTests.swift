import Quadrature
import TestSupport
import Testing

/// Adaptive quadrature against closed forms and mpmath.
@Suite struct AdaptiveTests {
    private static func integrate(
        _ text: String, _ a: Double, _ b: Double, _ tolerance: Double, panelLimit: Int = 1 << 20
    ) throws -> AdaptiveQuadrature {
        let evaluator = Evaluator(try Function(text))
        var quadrature = AdaptiveQuadrature(from: a, to: b, tolerance: tolerance, panelLimit: panelLimit)
        while !quadrature.pending.isEmpty {
            quadrature.add(try evaluator.estimates(of: quadrature.pending, quadrature.parts))
        }
        return quadrature
    }

    /// The error is as small as wanted, and not larger than it is said to be.
    @Test func fiftySevenIntegrals() async throws {
        let lines = try await oracle("integrals.py")
        #expect(lines.count == 57)
        for line in lines {
            let fields = line.split(separator: "|").map(String.init)
            let (a, b, exact) = (Double(fields[1])!, Double(fields[2])!, Double(fields[3])!)
            for tolerance in [1e-6, 1e-10] {
                let result = try Self.integrate(fields[0], a, b, tolerance)
                let error = abs(result.integral - exact)
                #expect(result.isConverged && result.error <= tolerance * max(1, abs(result.integral)), "\(line)")
                #expect(
                    error <= result.error + abs(exact).ulp,
                    "\(line): \(result.integral) ± \(result.error), \(tolerance)")
                #expect(result.evaluated <= 5000, "\(line): \(result.evaluated) panels")
            }
        }
    }

    @Test func fourteenDigits() throws {
        let result = try Self.integrate("0.7*x**3 - 2*x**2 + 4", 0, 3, 1e-14)
        #expect(result.isConverged && abs(result.integral - 8.175) <= 1e-14)
    }

    /// What cannot be reached is said, in finite time.
    @Test(
        arguments: [("1/x", 0.0, 1.0), ("1/x", 1, .infinity), ("1/abs(x-0.3)^0.9", 0, 1), ("cos(x)", 0, .infinity)]
            as [(String, Double, Double)])
    func unreachable(_ text: String, a: Double, b: Double) throws {
        let result = try Self.integrate(text, a, b, 1e-12, panelLimit: 1 << 15)
        #expect(!result.isConverged && result.error > 1e-12 * max(1, abs(result.integral)), "\(result.integral)")
    }

    @Test func theLimitOfPanelsIsKept() throws {
        for limit in [16, 17, 20, 101] {
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
        let all = try #require(throws: NotFinite.self) {
            _ = try evaluator.estimates(of: quadrature.pending, quadrature.parts)
        }
        // The smallest of all that single panels find.
        var smallest = Double.infinity
        for panel in quadrature.pending {
            do { _ = try evaluator.estimates(of: [panel], quadrature.parts) } catch {
                smallest = min(smallest, error.x)
            }
        }
        #expect(all.x == smallest && !evaluator.value(at: all.x).isFinite)
    }
}
