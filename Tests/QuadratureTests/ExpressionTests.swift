import Quadrature
import TestSupport
import Testing

/// What expressions mean: by Python and numpy.
@Suite struct ExpressionTests {
    /// Python's own precedence, so that the text is evaluated as it is.
    @Test func theMeaningIsPythons() async throws {
        let expressions = [
            "x", "-x**2", "2**-x", "2**-x**2", "2**x**0.5", "-2**2", "(-2)**2", "1 - 2 - 3", "24/4/3", "2*x/3*4",
            "1 + 2*x**3 - 4/x", "- -x", "-+-x", "+x", "3 - -2", "2 * -x", "x - -x**3", "1e3 + 1.5E-2 + .5 + 2.",
            "pi*e", "1/3", "0.1 + 0.2", "x**3 - x*x*x", "x**7", "x**-3", "x**17", "x**64", "x**65", "x**0", "x**2.5",
            "x < 1", "x <= 1.5", "x > 1", "x >= 1.5", "x == 1.5", "x != 1.5", "(x < 1) + 2*(x > 1)", "1 + 2 < x * 2",
            "where(x < 1, x, -x)", "where(x > 0, 1, where(x < -1, 2, 3))", "min(x, 1)", "max(x, 1)", "abs(x)",
            "sqrt(abs(x))", "exp(x)", "log(abs(x))", "log10(abs(x))", "log1p(abs(x))", "expm1(x)", "sin(x)", "cos(x)",
            "tan(x)", "asin(x/10)", "acos(x/10)", "atan(x)", "atan2(x, 2)", "arctan2(1, x)", "arcsin(x/9)",
            "arccos(x/9)", "arctan(x)", "sinh(x)", "cosh(x)", "tanh(x)", "floor(x)", "floor(-x)",
            "0.7*x**3 - 2*x**2 + 4", "((0.7*x - 2)*x)*x + 4", "(x-1)**20", "sin(x)**2 + cos(x)**2", "x*(x+1)/(x+2)",
            "sin(x)*exp(-x**2)", "1/(1 + exp(-x))",
        ]
        let points = [0.5, 1.5, -2.25, 3, -0.75, 1, 7.125, -1]
        let lines = try await oracle("expressions.py", [points.map { "\($0)" }.joined(separator: ",")] + expressions)
        try #require(lines.count == expressions.count)
        for (expression, line) in zip(expressions, lines) {
            let values = try Evaluator(Function(expression)).values(at: points)
            for (point, (value, wanted)) in zip(points, zip(values, line.split(separator: ",").map { Double($0)! })) {
                let scale = max(abs(wanted), expression.contains("-") ? 1 : 0)
                #expect(
                    value == wanted || abs(value - wanted) <= 4e-15 * scale || (value.isNaN && wanted.isNaN),
                    "\(expression) at \(point): \(value), Python \(wanted)")
            }
        }
    }

    @Test func whatIsNotPythons() throws {
        #expect(try value("2^3^2") == 512)
        #expect(try value("-x^2", at: 3) == -9)
        // Comparisons chain, as in Python but not in numpy.
        #expect(try value("0 < x < 1", at: 0.5) == 1)
        #expect(try value("0 < x < 1", at: 2) == 0)
        #expect(try value("3 > x > 2 > 1", at: 2.5) == 1)
        #expect(try value("min(3, x, 2)", at: 7) == 2)
        #expect(try value("max(3, x, 2, 4)", at: -7) == 4)
        // Not a number never gets lost.
        for expression in ["min(x, 1)", "min(1, x)", "max(x, 1)", "max(1, x)", "abs(x)", "floor(x)"] {
            #expect(try value(expression, at: .nan).isNaN, "\(expression)")
        }
        #expect(try value("1/x", at: 0) == .infinity)
        #expect(try value("erf(x)", at: 1) == 0.8427007929497149)
    }

    @Test(
        arguments: [
            ("", 1, "the end"), ("   ", 4, "the end"), ("2*x +", 6, "the end"), ("(((", 4, "the end"),
            ("1 2", 3, "operator"),
            ("2x", 2, "'x'"), ("1..2", 3, "operator"), (".", 1, "not a number"), ("x $ 3", 3, "'$'"),
            ("1 + sine(x)", 5, "'sine'"),
            ("y", 1, "'y'"), ("sin x", 5, "'('"), ("sin", 4, "'('"), ("sin()", 1, "1 arguments, not 0"),
            ("atan2(x)", 1, "2 arguments, not 1"), ("where(x, 1)", 1, "3 arguments, not 2"),
            ("sin(x, 1)", 1, "1 arguments, not 2"),
            ("min(x)", 1, "2 arguments, not 1"), ("x = 1", 3, "'='"), ("(x", 3, "')'"), ("x)", 2, "')'"),
            ("1e999", 1, "double"),
            ("x ** ", 6, "the end"), ("x * * 2", 5, "'*'"), ("sin(,)", 5, "','"), ("x − 1", 3, "'−'"), ("é", 1, "'é'"),
            ("x & 1", 3, "'&'"), ("1e", 2, "'e'"), ("pi(x)", 1, "'pi'"), ("0x10", 2, "'x10'"), ("x!", 2, "'!'"),
        ] as [(String, Int, String)]) func errorsPointAtTheColumn(_ text: String, column: Int, words: String) throws
    {
        let error = try #require(throws: ExpressionError.self) { _ = try Function(text) }
        #expect(error.column == column, "\(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func depthIsLimited() throws {
        for (open, close) in [("(", ")"), ("-", ""), ("sin(", ")"), ("2**", "")] {
            func nested(_ depth: Int) -> String {
                String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
            }
            _ = try Function(nested(Function.depthLimit / 2 - 1))
            for depth in [Function.depthLimit + 1, 100_000] {
                let error = try #require(throws: ExpressionError.self) { _ = try Function(nested(depth)) }
                #expect(error.message.contains("\(Function.depthLimit)"), "\(error)")
            }
        }
        // Long is not deep.
        #expect(try value(Array(repeating: "x", count: 20_000).joined(separator: "+"), at: 1) == 20_000)
    }

    /// What is the same is computed once, constants are computed beforehand, integer powers multiplied out.
    @Test func thereAreNoMoreInstructionsThanNeeded() throws {
        func instructions(_ text: String) throws -> [Operation] { try Function(text).instructions.map(\.operation) }
        #expect(try instructions("sin(x) + sin(x)") == [.sin, .add])
        #expect(try instructions("(x+1)*(1+x)") == [.add, .multiply])
        #expect(try instructions("sin(2*pi/3 + 1)") == [])
        #expect(try instructions("exp(x)^4") == [.exp, .multiply, .multiply])
        #expect(try instructions("exp(x)^2 * exp(x)^4") == [.exp, .multiply, .multiply, .multiply])
        #expect(try instructions("where(1 < 2, exp(x), 5)") == [.exp, .select])
        #expect(try Function("exp(x)+sin(x)+cos(x)+tan(x)").registers == 2)
    }

    /// What is computed beforehand has the bits it would have at run time.
    @Test func foldingChangesNoBit() throws {
        for name in ["sin", "cos", "tan", "exp", "log", "sqrt", "log10", "erf", "atan", "floor", "abs", "expm1"] {
            for number in ["0.7", "2.5", "1e-5", "123.456"] {
                let folded = try Function("\(name)(\(number))")
                #expect(folded.instructions.isEmpty)
                let evaluated = try value("\(name)(x)", at: Double(number)!)
                #expect(try value("\(name)(\(number))").isIdentical(to: evaluated), "\(name)(\(number))")
                #expect(folded.constant == evaluated)
            }
        }
        // In a sum with something that is no polynomial, as polynomials are evaluated in their own way.
        let terms = [("0.1 + 0.2", "x + 0.2"), ("0.1/3", "x/3"), ("0.1^7", "x^7"), ("0.1^0.3", "x^0.3")]
        for (folded, same) in terms {
            let values = try [folded, same].map { try value("0*exp(x) + (\($0))", at: 0.1) }
            #expect(values[0].isIdentical(to: values[1]), "\(folded): \(values)")
        }
    }

    /// A value does not depend on where in a block, vector or tail it stands.
    @Test func aValueDoesNotDependOnItsPlace() throws {
        var generator = SystemRandomNumberGenerator()
        let points = (0..<1203).map { _ in Double.random(in: -20...20, using: &generator) }
        for text in [
            "sin(x)*exp(-x^2)", "tan(x)/log(abs(x))", "0.7*x^3 - 2*x^2 + 4", "where(x<0, erf(x), cos(1e9*x))", "x", "2",
        ] {
            let evaluator = Evaluator(try Function(text))
            let together = evaluator.values(at: points)
            for (point, value) in zip(points, together) {
                #expect(evaluator.value(at: point).isIdentical(to: value), "\(text) at \(point)")
            }
        }
    }
}
