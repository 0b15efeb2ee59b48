/// An expression in x as an acyclic graph, in which no subexpression occurs twice and no operation has only constant
/// operands. Operands precede the operations that use them.
struct ExpressionGraph: Sendable {
    enum Node: Hashable, Sendable {
        case variable
        /// The bits of a constant and of its rounding error as a double.
        case constant(bits: UInt64, lowBits: UInt64)
        case apply(Operation, [Int])
    }

    private(set) var nodes: [Node] = []
    private var numbers: [Node: Int] = [:]

    /// Returns the number of a node, which is added if the graph does not contain an equal one.
    private mutating func number(of node: Node) -> Int {
        if let number = numbers[node] { return number }
        nodes.append(node)
        numbers[node] = nodes.count - 1
        return nodes.count - 1
    }

    var variable: Int { mutating get { number(of: .variable) } }

    mutating func constant(_ value: DoubleDouble) -> Int {
        number(of: .constant(bits: value.high.bitPattern, lowBits: value.low.bitPattern))
    }

    /// Returns the value of a node; nil if it is not a constant.
    func constant(at index: Int) -> DoubleDouble? {
        guard case .constant(let high, let low) = nodes[index] else { return nil }
        return DoubleDouble(Double(bitPattern: high), Double(bitPattern: low))
    }

    /// Returns the node of an operation on nodes of this graph. An operation on constants is evaluated at once.
    mutating func apply(_ operation: Operation, _ operands: [Int]) -> Int {
        if operation == .power, let exponent = constant(at: operands[1]), exponent.low == 0,
            let exponent = Int(exactly: exponent.high), exponent.magnitude <= Self.largestMultipliedExponent
        {
            return power(operands[0], exponent)
        }
        let constants = operands.compactMap { constant(at: $0) }
        if constants.count == operands.count { return constant(folded(operation, constants)) }
        return number(of: .apply(operation, operation.isCommutative ? operands.sorted() : operands))
    }

    /// The largest magnitude of exponents that are expanded into products. Larger powers are left to the C library,
    /// which rounds once.
    static var largestMultipliedExponent: UInt { 64 }

    /// Returns the node of an integer power, by squaring and multiplying.
    private mutating func power(_ base: Int, _ exponent: Int) -> Int {
        let one = constant(DoubleDouble(1))
        if exponent == 0 { return one }
        if exponent < 0 { return apply(.divide, [one, power(base, -exponent)]) }
        if exponent == 1 { return base }
        let half = power(base, exponent / 2)
        let square = apply(.multiply, [half, half])
        return exponent.isMultiple(of: 2) ? square : apply(.multiply, [square, base])
    }

    /// Returns the double that the evaluation would give and, for the four basic operations, its rounding error.
    private func folded(_ operation: Operation, _ operands: [DoubleDouble]) -> DoubleDouble {
        let high = evaluate(operation, operands.map(\.high))
        let exact: DoubleDouble
        switch operation {
        case .negate: exact = -operands[0]
        case .add: exact = operands[0] + operands[1]
        case .subtract: exact = operands[0] - operands[1]
        case .multiply: exact = operands[0] * operands[1]
        case .divide: exact = operands[0] / operands[1]
        default: return DoubleDouble(high)
        }
        let low = (exact - DoubleDouble(high)).value
        return DoubleDouble(high, low.isFinite ? low : 0)
    }
}
