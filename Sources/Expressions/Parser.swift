/// A parser that converts an expression in x to a graph.
///
/// The precedence is that of Python, from loose to tight: comparisons, which chain (`0 < x < 1` means both); `|`; `&`;
/// `+` and `-`; `*`, `/` and `%`; the signs; the power, written `**` or `^`, which is right-associative and accepts a
/// sign on its right: `-x**2` is −(x²), `2**-x**2` is 2^(−(x²)). Names are `x`, `pi`, `e` and those of the functions.
///
/// `&` and `|` join comparisons, which must then be in parentheses. Because `&` binds tighter than a comparison,
/// `x > 0 & x < 1` would compare with `0 & x`; it is an error.
///
/// Method: precedence climbing, after Richards and Whitby-Strevens, "BCPL, the language and its compiler" (1979).
struct Parser {
    private var tokens: Tokens
    private var token = Token.end
    private var column = 1
    private var depth = 0
    private(set) var graph = ExpressionGraph()
    /// The nodes that are comparisons, joined or not, whose value is always 0 or 1.
    private var conditions: Set<Int> = []

    /// Parses an expression.
    ///
    /// - Returns: The graph, and the node of the whole expression.
    static func parse(_ text: String) throws(ExpressionError) -> (graph: ExpressionGraph, root: Int) {
        var parser = try Parser(text)
        let root = try parser.expression(.comparison)
        guard parser.token == .end else { throw parser.noOperator() }
        return (parser.graph, root)
    }

    private init(_ text: String) throws(ExpressionError) {
        tokens = Tokens(text)
        try advance()
    }

    private mutating func advance() throws(ExpressionError) { (token, column) = try tokens.next() }

    private func unexpected(_ wanted: String, hint: String? = nil) -> ExpressionError {
        ExpressionError(
            column: column,
            message: "expected \(wanted), found \(token.description)" + (hint.map { ": \($0)" } ?? ""))
    }

    /// Returns the error for a token that is found where an operator is expected.
    private func noOperator() -> ExpressionError {
        switch token {
        case .name("and"), .name("or"), .name("not"):
            unexpected("an operator", hint: "conditions are joined by & and |, each in parentheses")
        case .name("if"): unexpected("an operator", hint: "a choice is written where(c, a, b)")
        case .name, .number, .symbol("("): unexpected("an operator", hint: "a product is written with *, as in 2*x")
        case .symbol(","): unexpected("an operator", hint: "decimals are written with a point")
        default: unexpected("an operator")
        }
    }
}

/// The precedence of an operator.
private enum Precedence: Int, Comparable {
    case comparison, disjunction, conjunction, sum, product, sign, power

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// The binary operators.
private let operators: [String: (precedence: Precedence, operation: Operation, isSwapped: Bool)] = [
    "<": (.comparison, .less, false), ">": (.comparison, .less, true),
    "<=": (.comparison, .lessOrEqual, false), ">=": (.comparison, .lessOrEqual, true),
    "==": (.comparison, .equal, false), "!=": (.comparison, .notEqual, false),
    "|": (.disjunction, .maximum, false), "&": (.conjunction, .multiply, false),
    "+": (.sum, .add, false), "-": (.sum, .subtract, false),
    "*": (.product, .multiply, false), "/": (.product, .divide, false),
    "%": (.product, .remainder, false),
    "**": (.power, .power, false), "^": (.power, .power, false),
]

extension Parser {
    /// Parses an operand and all following operators of at least the given precedence.
    ///
    /// - Parameter symbol: The symbol before the operand.
    private mutating func expression(
        _ loosest: Precedence, after symbol: String? = nil
    ) throws(ExpressionError) -> Int {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Function.depthLimit else {
            throw ExpressionError(column: column, message: "more than \(Function.depthLimit) parts stand in each other")
        }
        var left = try operand(after: symbol)
        // In a chain of comparisons, the left operand of the next comparison.
        var compared: Int?
        while case .symbol(let symbol) = token, let (precedence, operation, isSwapped) = operators[symbol],
            precedence >= loosest
        {
            let place = column
            try advance()
            let right = try expression(
                precedence == .power ? .sign : Precedence(rawValue: precedence.rawValue + 1)!, after: symbol)
            if precedence == .disjunction || precedence == .conjunction,
                !conditions.isSuperset(of: [left, right])
            {
                throw ExpressionError(
                    column: place,
                    message: "'\(symbol)' joins comparisons in parentheses: (x > 0) \(symbol) (x < 1)")
            }
            if precedence == .comparison {
                let first = compared ?? left
                let holds = graph.apply(operation, isSwapped ? [right, first] : [first, right])
                left = compared == nil ? holds : graph.apply(.multiply, [left, holds])
                compared = right
            } else {
                left = graph.apply(operation, [left, right])
            }
            if precedence <= .conjunction { conditions.insert(left) }
        }
        return left
    }

    private mutating func operand(after symbol: String?) throws(ExpressionError) -> Int {
        switch token {
        case .number(let value):
            try advance()
            return graph.constant(value)
        case .name(let name):
            let place = column
            try advance()
            return token == .symbol("(") ? try call(name, place) : try constant(name, place)
        case .symbol("("):
            try advance()
            let inner = try expression(.comparison)
            try close()
            return inner
        case .symbol("-"):
            try advance()
            return graph.apply(.negate, [try expression(.sign, after: "-")])
        case .symbol("+"):
            try advance()
            return try expression(.sign, after: "+")
        case .symbol(let found) where found == symbol && "&|*".contains(found):
            throw unexpected("an operand", hint: found == "*" ? "a power is written **" : "'\(found)' is written once")
        case .symbol("|"):
            throw unexpected("an operand", hint: "the absolute value is written abs(x)")
        default:
            throw unexpected("a number, x, a function or '('" + (symbol.map { " after '\($0)'" } ?? ""))
        }
    }

    private mutating func close() throws(ExpressionError) {
        guard token == .symbol(")") else {
            switch token {
            case .name, .number, .symbol("("): throw noOperator()
            default: throw unexpected("')'")
            }
        }
        try advance()
    }

    private mutating func constant(_ name: String, _ place: Int) throws(ExpressionError) -> Int {
        switch name {
        case "x": return graph.variable
        case "pi": return graph.constant(DoubleDouble(3.141592653589793, 1.2246467991473532e-16))
        case "e": return graph.constant(DoubleDouble(2.718281828459045, 1.4456468917292502e-16))
        default:
            if Operation.functions[name] != nil {
                let isPower = token == .symbol("**") || token == .symbol("^")
                throw unexpected("'(' after '\(name)'", hint: isPower ? "write \(name)(x)**2" : nil)
            }
            throw unknown(name, place)
        }
    }

    private mutating func call(_ name: String, _ place: Int) throws(ExpressionError) -> Int {
        guard let function = Operation.functions[name] else { throw unknown(name, place) }
        try advance()
        var arguments: [Int] = []
        if token != .symbol(")") {
            arguments.append(try expression(.comparison))
            while token == .symbol(",") {
                try advance()
                arguments.append(try expression(.comparison))
            }
        }
        try close()
        // `min` and `max` accept more than two arguments.
        if function == .minimum || function == .maximum, arguments.count > 2 {
            return arguments.dropFirst().reduce(arguments[0]) { graph.apply(function, [$0, $1]) }
        }
        guard arguments.count == function.operands else {
            let wanted = function.operands == 1 ? "1 argument" : "\(function.operands) arguments"
            throw ExpressionError(
                column: place, message: "'\(name)' takes \(wanted), not \(arguments.count)")
        }
        return graph.apply(function, arguments)
    }

    private func unknown(_ name: String, _ place: Int) -> ExpressionError {
        let known = ["x", "pi", "e"]
        if token == .symbol("("), known.contains(name) {
            return ExpressionError(
                column: place, message: "'\(name)' is not a function: a product is written with *, as in \(name)*(x)")
        }
        let lowercase = name.lowercased()
        if lowercase != name, known.contains(lowercase) || Operation.functions[lowercase] != nil {
            return ExpressionError(column: place, message: "'\(name)' is unknown: write '\(lowercase)'")
        }
        let functions = Operation.functions.keys.sorted().joined(separator: " ")
        return ExpressionError(
            column: place, message: "'\(name)' is unknown; known are x, pi, e and the functions \(functions)")
    }
}
