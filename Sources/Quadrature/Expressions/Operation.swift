/// What an expression is made of besides numbers and x.
package enum Operation: String, Hashable, Sendable, CaseIterable {
    // Operators.
    case negate, add, subtract, multiply, divide, power
    case less, lessOrEqual, equal, notEqual
    // Functions, under the names users call them by.
    case select = "where"
    case sqrt, exp, expm1, log, log10, log1p
    case sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh
    case abs, floor, erf, minimum = "min", maximum = "max"

    /// How many operands it has.
    var operands: Int {
        switch self {
        case .add, .subtract, .multiply, .divide, .power, .less, .lessOrEqual, .equal, .notEqual, .atan2, .minimum,
            .maximum:
            2
        case .select: 3
        default: 1
        }
    }

    /// Whether the operands may change places.
    var isCommutative: Bool { self == .add || self == .multiply || self == .equal || self == .notEqual }
}

extension Operation {
    /// Functions by name. numpy's names of the inverse functions are understood too.
    static let functions: [String: Operation] = {
        let operators: Set<Operation> = [
            .negate, .add, .subtract, .multiply, .divide, .power, .less, .lessOrEqual, .equal, .notEqual,
        ]
        var table: [String: Operation] = [:]
        for operation in allCases where !operators.contains(operation) { table[operation.rawValue] = operation }
        table["arcsin"] = .asin
        table["arccos"] = .acos
        table["arctan"] = .atan
        table["arctan2"] = .atan2
        return table
    }()
}
