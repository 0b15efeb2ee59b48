/// The operators and functions in expressions.
package enum Operation: String, Hashable, Sendable, CaseIterable {
    // Operators.
    case negate, add, subtract, multiply, divide, remainder, power
    case less, lessOrEqual, equal, notEqual
    // Functions, by the names that users write.
    case select = "where"
    case sqrt, cbrt, exp, exp2, expm1, log, log2, log10, log1p
    case sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh
    case abs, sign, floor, ceil, round, trunc, hypot, minimum = "min", maximum = "max"
    case erf, erfc, gamma, lgamma

    /// The number of operands.
    var operands: Int {
        switch self {
        case .add, .subtract, .multiply, .divide, .remainder, .power, .less, .lessOrEqual, .equal, .notEqual, .atan2,
            .hypot, .minimum, .maximum:
            2
        case .select: 3
        default: 1
        }
    }

    /// Whether the operation is commutative.
    var isCommutative: Bool { self == .add || self == .multiply || self == .equal || self == .notEqual }
}

extension Operation {
    /// The functions by name, including alternative names from numpy, Python and C.
    static let functions: [String: Operation] = {
        let operators: Set<Operation> = [
            .negate, .add, .subtract, .multiply, .divide, .remainder, .power,
            .less, .lessOrEqual, .equal, .notEqual,
        ]
        var table: [String: Operation] = [:]
        for operation in allCases where !operators.contains(operation) { table[operation.rawValue] = operation }
        return table.merging(otherNames) { own, _ in own }
    }()

    private static let otherNames: [String: Operation] = [
        "ln": .log, "pow": .power, "power": .power, "fabs": .abs, "mod": .remainder, "tgamma": .gamma,
        "minimum": .minimum, "maximum": .maximum, "arcsin": .asin, "arccos": .acos, "arctan": .atan, "arctan2": .atan2,
        "arcsinh": .asinh,
        "arccosh": .acosh, "arctanh": .atanh,
    ]
}
