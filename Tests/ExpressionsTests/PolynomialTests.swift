import Expressions
import Testing

@Suite struct PolynomialTests {
    @Test(
        arguments: [
            ("0.7*x**3 - 2*x**2 + 4", [4, 0, -2, 0.7]), ("((0.7*x - 2)*x)*x + 4", [4, 0, -2, 0.7]), ("x", [0, 1]),
            ("3", [3]),
            ("-x^2/4", [0, 0, -0.25]), ("x - x", [0]), ("x*2*x*3", [0, 0, 6]), ("x^3 + 1 - x^3", [1]),
            ("2*(x + 1)", [2, 2]),
            ("x + x + sin(0)", [0, 2]), ("(2*x)^3", [0, 0, 0, 8]), ("1/3*x", [0, 1.0 / 3]),
        ] as [(String, [Double])]) func isRecognized(_ text: String, coefficients: [Double]) throws
    {
        let polynomial = try #require(try Function(text).polynomial)
        #expect(polynomial.coefficients.map(\.value) == coefficients)
        #expect(polynomial.degree == coefficients.count - 1)
    }

    /// Multiplying out would lose digits, or is not possible.
    @Test(arguments: [
        "(x-1)^20", "(x+1)*(x-1)", "1/x", "x^-1", "sqrt(x)", "x^65", "x^0.5", "where(1, x, x)", "1/0 * x", "x/0",
    ])
    func isNotRecognized(_ text: String) throws {
        #expect(try Function(text).polynomial == nil)
    }

    /// Decimal numbers are taken as they are written, not as the double beside them.
    @Test(
        arguments: [
            ("0.7*x**3 - 2*x**2 + 4", 0, 3, 8.175), ("x", -1, 1, 0), ("0.1", 0, 10, 1), ("x^2", 0, 3, 9),
            ("x^9/9", 0, 2, 102.4 / 9),
            ("1e-300*x", 0, 2, 2e-300), ("1/3", 0, 3, 1),
        ] as [(String, Double, Double, Double)]) func exactIntegral(_ text: String, a: Double, b: Double, area: Double)
        throws
    {
        let polynomial = try #require(try Function(text).polynomial)
        let integral = polynomial.integral(from: a, to: b)
        #expect(integral == area, "\(integral)")
    }
}
