/// Reads an expression in x and puts it into a graph.
///
/// Precedence is Python's, from loose to tight: comparisons, which chain (`0 < x < 1` is both); `+ -`; `* /`; the signs;
/// the power, written `**` or `^`, which groups to the right and takes a sign on its right: `-x**2` is −(x²), `2**-x**2` is
/// 2^(−(x²)). Names are `x`, `pi`, `e` and those of the functions.
///
/// Method: precedence climbing, after Richards and Whitby-Strevens, "BCPL, the language and its compiler" (1979).
struct Parser {
    private var tokens: Tokens
    private var token = Token.end
    private var column = 1
    private var depth = 0
    private(set) var graph = ExpressionGraph()

    /// - Returns: The graph, and the node that is the value of the expression.
    static func parse(_ text: String) throws(ExpressionError) -> (graph: ExpressionGraph, root: Int) {
        var parser = try Parser(text)
        let root = try parser.expression(.comparison)
        guard parser.token == .end else { throw parser.unexpected("an operator") }
        return (parser.graph, root)
    }

    private init(_ text: String) throws(ExpressionError) {
        tokens = Tokens(text)
        try advance()
    }

    private mutating func advance() throws(ExpressionError) { (token, column) = try tokens.next() }

    private func unexpected(_ wanted: String) -> ExpressionError {
        ExpressionError(column: column, message: "expected \(wanted), found \(token.description)")
    }
}

/// How tightly an operator binds.
private enum Precedence: Int, Comparable {
    case comparison, sum, product, sign, power

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// The operators between two operands.
private let operators: [String: (precedence: Precedence, operation: Operation, isSwapped: Bool)] = [
    "<": (.comparison, .less, false), ">": (.comparison, .less, true),
    "<=": (.comparison, .lessOrEqual, false), ">=": (.comparison, .lessOrEqual, true),
    "==": (.comparison, .equal, false), "!=": (.comparison, .notEqual, false),
    "+": (.sum, .add, false), "-": (.sum, .subtract, false),
    "*": (.product, .multiply, false), "/": (.product, .divide, false),
    "**": (.power, .power, false), "^": (.power, .power, false),
]

extension Parser {
    /// An operand and all operators after it that bind at least so tightly.
    private mutating func expression(_ loosest: Precedence) throws(ExpressionError) -> Int {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Function.depthLimit else {
            throw ExpressionError(column: column, message: "more than \(Function.depthLimit) parts stand in each other")
        }
        var left = try operand()
        // In a chain of comparisons, what the next one compares with.
        var compared: Int?
        while case .symbol(let symbol) = token, let (precedence, operation, isSwapped) = operators[symbol],
            precedence >= loosest
        {
            try advance()
            let right = try expression(
                precedence == .power ? .sign : Precedence(rawValue: precedence.rawValue + 1)!)
            if precedence == .comparison {
                let first = compared ?? left
                let holds = graph.apply(operation, isSwapped ? [right, first] : [first, right])
                left = compared == nil ? holds : graph.apply(.multiply, [left, holds])
                compared = right
            } else {
                left = graph.apply(operation, [left, right])
            }
        }
        return left
    }

    private mutating func operand() throws(ExpressionError) -> Int {
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
            return graph.apply(.negate, [try expression(.sign)])
        case .symbol("+"):
            try advance()
            return try expression(.sign)
        default:
            throw unexpected("a number, x, a function or '('")
        }
    }

    private mutating func close() throws(ExpressionError) {
        guard token == .symbol(")") else { throw unexpected("')'") }
        try advance()
    }

    private mutating func constant(_ name: String, _ place: Int) throws(ExpressionError) -> Int {
        switch name {
        case "x": return graph.variable
        case "pi": return graph.constant(DoubleDouble(3.141592653589793, 1.2246467991473532e-16))
        case "e": return graph.constant(DoubleDouble(2.718281828459045, 1.4456468917292502e-16))
        default:
            if Operation.functions[name] != nil { throw unexpected("'(' after '\(name)'") }
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
        // Least and greatest of as many as there are.
        if function == .minimum || function == .maximum, arguments.count > 2 {
            return arguments.dropFirst().reduce(arguments[0]) { graph.apply(function, [$0, $1]) }
        }
        guard arguments.count == function.operands else {
            throw ExpressionError(
                column: place, message: "'\(name)' takes \(function.operands) arguments, not \(arguments.count)")
        }
        return graph.apply(function, arguments)
    }

    private func unknown(_ name: String, _ place: Int) -> ExpressionError {
        let functions = Operation.functions.keys.sorted().joined(separator: " ")
        return ExpressionError(
            column: place, message: "'\(name)' is unknown; known are x, pi, e and the functions \(functions)")
    }
}
