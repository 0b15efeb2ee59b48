/// What an expression is made of besides numbers and x.
package enum Operation: String, Hashable, Sendable, CaseIterable {
    // Operators.
    case negate, add, subtract, multiply, divide, remainder, power
    case less, lessOrEqual, equal, notEqual
    // Functions, under the names users call them by.
    case select = "where"
    case sqrt, cbrt, exp, exp2, expm1, log, log2, log10, log1p
    case sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, asinh, acosh, atanh
    case abs, sign, floor, ceil, round, trunc, hypot, minimum = "min", maximum = "max"
    case erf, erfc, gamma, lgamma

    /// How many operands it has.
    var operands: Int {
        switch self {
        case .add, .subtract, .multiply, .divide, .remainder, .power, .less, .lessOrEqual, .equal, .notEqual, .atan2,
            .hypot, .minimum, .maximum:
            2
        case .select: 3
        default: 1
        }
    }

    /// Whether the operands may change places.
    var isCommutative: Bool { self == .add || self == .multiply || self == .equal || self == .notEqual }
}

extension Operation {
    /// Functions by name. Other names that numpy, Python and C have for them are understood too.
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
