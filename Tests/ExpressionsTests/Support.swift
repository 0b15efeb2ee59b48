import Expressions

/// The value of an expression at one point.
func value(_ expression: String, at x: Double = 0) throws -> Double {
    try Evaluator(Function(expression)).value(at: x)
}
