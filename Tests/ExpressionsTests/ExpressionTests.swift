import Expressions
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
            "ceil(x)", "ceil(-x)", "round(x)", "round(x - 0.25)", "trunc(x)", "trunc(-x/2)", "sign(x)", "sign(x - x)",
            "fabs(x)", "log(abs(x))", "log2(abs(x))", "exp2(x)", "cbrt(x)", "hypot(x, 2)", "power(abs(x), 1.5)",
            "arcsinh(x)", "arccosh(abs(x) + 1)", "arctanh(x/10)", "minimum(x, 1)", "maximum(x, 1)",
            "x % 2", "-x % 2", "x % -2", "7.5 % x", "2*x % 3", "x % 2 * 3", "x % 0.75 + 1", "-x**2 % 3", "mod(x, 3)",
            "(x > 0) & (x < 2)", "(x < 0) | (x > 2)", "(x < 0) | (x > 1) & (x < 3)", "((x < 0) | (x > 1)) & (x < 3)",
            "where((x > 0) & (x != 1.5), x, 0)",
        ]
        let points = [0.5, 1.5, -2.25, 3, -0.75, 1, 7.125, -1]
        let lines = try await oracleLines(
            "expressions.py", [points.map { "\($0)" }.joined(separator: ",")] + expressions)
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
        for expression in [
            "min(x, 1)", "min(1, x)", "max(x, 1)", "max(1, x)", "abs(x)", "floor(x)", "ceil(x)", "round(x)", "trunc(x)",
            "sign(x)", "x % 2", "2 % x", "gamma(x)", "erfc(x)",
        ] {
            #expect(try value(expression, at: .nan).isNaN, "\(expression)")
        }
        #expect(try value("1/x", at: 0) == .infinity)
        #expect(try value("erf(x)", at: 1) == 0.8427007929497149)
        #expect(try value("ln(x)", at: 1) == 0 && value("pow(2, x)", at: 3) == 8 && value("gamma(x)", at: 5) == 24)
        #expect(try value("tgamma(x)", at: 5) == 24 && abs(value("lgamma(x)", at: -0.5) - 1.2655121234846454) <= 1e-15)
        // As Python has it: the sign of the divisor, also of a zero.
        #expect(try value("x % 3", at: -7) == 2 && value("x % -3", at: 7) == -2)
        #expect(try value("x % -3", at: 6).sign == .minus && value("x % 3", at: -6).sign == .plus)
        #expect(try value("x % 0", at: 6).isNaN && value("x % 3", at: .infinity).isNaN)
        #expect(try value("round(x)", at: 2.5) == 2 && value("round(x)", at: -3.5) == -4)
        // More comparisons than a stack is deep.
        let many = Array(repeating: "(x > 0)", count: 20_000).joined(separator: " & ")
        #expect(try value(many, at: 1) == 1)
    }

    @Test(
        arguments: [
            ("", 1, "the end"), ("   ", 4, "the end"), ("2*x +", 6, "the end"), ("(((", 4, "the end"),
            ("1 2", 3, "operator"),
            ("2x", 2, "'x'"), ("1..2", 3, "operator"), (".", 1, "not a number"), ("x $ 3", 3, "'$'"),
            ("1 + sine(x)", 5, "'sine'"),
            ("y", 1, "'y'"), ("sin x", 5, "'('"), ("sin", 4, "'('"), ("sin()", 1, "1 argument, not 0"),
            ("atan2(x)", 1, "2 arguments, not 1"), ("where(x, 1)", 1, "3 arguments, not 2"),
            ("sin(x, 1)", 1, "1 argument, not 2"),
            ("min(x)", 1, "2 arguments, not 1"), ("x = 1", 3, "'='"), ("(x", 3, "')'"), ("x)", 2, "')'"),
            ("1e999", 1, "double"),
            ("x ** ", 6, "the end"), ("x * * 2", 5, "'*'"), ("sin(,)", 5, "','"), ("x − 1", 3, "'−'"), ("é", 1, "'é'"),
            ("x & 1", 3, "'&' joins comparisons in parentheses"), ("x > 0 & x < 1", 7, "(x > 0) & (x < 1)"),
            ("(x > 0) | x", 9, "'|' joins"), ("(x > 0) && (x < 1)", 10, "'&' is written once"),
            ("(x > 0) || (x < 1)", 10, "'|' is written once"), ("|x|", 1, "abs(x)"), ("(x > 0) and (x < 1)", 9, "&"),
            ("2x", 2, "2*x"), ("2 x", 3, "2*x"), ("2(x+1)", 2, "2*x"), ("(x)(x+1)", 4, "2*x"), ("3sin(x)", 2, "2*x"),
            ("sin(2x)", 6, "2*x"), ("x x", 3, "2*x"), ("x(x+1)", 1, "x*(x)"), ("e(x)", 1, "e*(x)"),
            ("np.sin(x)", 1, "'np.sin' is written 'sin' here"), ("1 + math.exp(x)", 5, "'math.exp' is written 'exp'"),
            ("scipy.special.erf(x)", 1, "'scipy.special.erf' is written 'erf' here"),
            ("np.inf", 1, "'np.inf' is unknown"), ("sin(x, 2)", 1, "'sin' takes 1 argument, not 2"),
            ("x if x > 0 else 0", 3, "where(c, a, b)"),
            ("numpy.pi*x", 1, "'pi'"), ("x**", 4, "after '**'"), ("x*", 3, "after '*'"), ("2^", 3, "after '^'"),
            ("x * * 2", 5, "**"), ("Sin(x)", 1, "write 'sin'"), ("X", 1, "write 'x'"), ("PI", 1, "write 'pi'"),
            ("0,5*x", 2, "point"), ("sin^2(x)", 4, "sin(x)**2"), ("x = 1", 3, "=="), ("x²", 2, "**2"),
            ("√x", 1, "sqrt"),
            ("π", 1, "pi"), ("x ≤ 1", 3, "<="), ("2·x", 2, "*"), ("[x]", 1, "("), ("~(x > 0)", 1, "where"),
            ("x %", 4, "after '%'"),
            ("1e", 2, "'e'"), ("pi(x)", 1, "'pi'"), ("0x10", 2, "'x10'"), ("x!", 2, "'!'"),
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
        for name in [
            "sin", "cos", "tan", "exp", "log", "sqrt", "log10", "erf", "atan", "floor", "abs", "expm1", "gamma", "erfc",
            "asinh", "round", "cbrt", "log2",
        ] {
            for number in ["0.7", "2.5", "1e-5", "123.456"] {
                let folded = try Function("\(name)(\(number))")
                #expect(folded.instructions.isEmpty)
                let evaluated = try value("\(name)(x)", at: Double(number)!)
                #expect(try value("\(name)(\(number))").isIdentical(to: evaluated), "\(name)(\(number))")
                #expect(folded.constant == evaluated)
            }
        }
        // In a sum with something that is no polynomial, as polynomials are evaluated in their own way.
        let terms = [
            ("0.1 + 0.2", "x + 0.2"), ("0.1/3", "x/3"), ("0.1^7", "x^7"), ("0.1^0.3", "x^0.3"),
            ("0.1 % 0.03", "x % 0.03"),
        ]
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
