import Expressions
import TestSupport
import Testing

/// The functions' errors in units in the last place, against values of mpmath with 60 digits.
@Suite struct ElementaryFunctionTests {
    @Test func errorsInUnitsInTheLastPlace() async throws {
        var points: [String: [(x: Double, high: Double, low: Double)]] = [:]
        for line in try await oracleLines("elementary.py", ["7", "1000"]) {
            let words = line.split(separator: " ").map(String.init)
            points[words[0], default: []].append((Double(words[1])!, Double(words[2])!, Double(words[3])!))
        }
        let limits = ["exp": 1.0, "log": 1.0, "sin": 1.0, "cos": 1.0, "tan": 2.0, "sqrt": 0.5, "gamma": 10.0]
        #expect(points.count == 21)
        for (name, points) in points {
            let values = try Evaluator(Function("\(name)(x)")).values(at: points.map(\.x))
            var worst = (error: 0.0, x: 0.0)
            for (point, value) in zip(points, values) {
                let error = abs((value - point.high) - point.low) / point.high.ulp
                if !(error <= worst.error) { worst = (error, point.x) }
            }
            // Those of the C library.
            #expect(worst.error <= limits[name] ?? 2.5, "\(name) is \(worst.error) ulp off at \(worst.x)")
        }
    }

    @Test(
        arguments: [
            ("exp", -Double.infinity, 0), ("exp", .infinity, .infinity),
            ("exp", 709.782712893384, 1.7976931348622732e308),
            ("exp", 709.7827128933841, .infinity), ("exp", -745.1332191019411, Double.leastNonzeroMagnitude),
            ("exp", -745.2, 0), ("exp", 0, 1),
            ("exp", -1e300, 0), ("exp", 1e300, .infinity), ("log", 0, -.infinity), ("log", -0.0, -.infinity),
            ("log", 1, 0),
            ("log", .infinity, .infinity), ("log", Double.leastNonzeroMagnitude, -744.4400719213812), ("log", -1, .nan),
            ("log", -.infinity, .nan),
            ("sin", 0, 0), ("cos", 0, 1), ("tan", 0, 0), ("sin", .infinity, .nan), ("cos", -.infinity, .nan),
            ("tan", .infinity, .nan), ("sin", Double.leastNonzeroMagnitude, Double.leastNonzeroMagnitude),
            ("sqrt", -1, .nan), ("sqrt", .infinity, .infinity),
            ("floor", -0.5, -1), ("floor", .infinity, .infinity), ("abs", -.infinity, .infinity), ("log10", 1000, 3),
        ] as [(String, Double, Double)]) func limits(_ name: String, x: Double, wanted: Double) throws
    {
        let result = try value("\(name)(x)", at: x)
        #expect(result == wanted || (result.isNaN && wanted.isNaN), "\(name)(\(x)) is \(result)")
        #expect(try value("\(name)(x)", at: .nan).isNaN)
    }
}
