/// A function of x, compiled from text to instructions on blocks of values.
///
/// ```swift
/// let f = try Function("where(x < 0, 0, sqrt(x)) * exp(-x**2)")
/// ```
///
/// An ``Evaluator`` evaluates the compiled function. The bits of a value do not depend on its position in a block.
public struct Function: Sendable {
    public let text: String
    /// The polynomial, if the expression is written as one. It is then evaluated as a polynomial.
    public let polynomial: Polynomial?

    /// The instructions in the order of execution. The workspace holds x, the registers (one block each), and the
    /// constants (one vector each).
    package let instructions: [Instruction]
    let constants: [Double]
    package let registers: Int
    let result: Instruction.Operand
    private let graph: ExpressionGraph
    private let root: Int

    /// The maximum nesting depth of parentheses, signs and powers.
    public static var depthLimit: Int { 200 }

    /// Compiles the text of an expression.
    ///
    /// - Throws: ``ExpressionError`` with the column of the error.
    public init(_ text: String) throws(ExpressionError) {
        let (graph, root) = try Parser.parse(text)
        self.init(text, graph, root)
    }

    /// The value of an expression without x; nil for other expressions.
    public var constant: Double? { graph.constant(at: root)?.value }

    /// The absolute value of the function.
    public var magnitude: Function {
        var graph = graph
        let root = graph.apply(.abs, [root])
        return Function("abs(\(text))", graph, root)
    }

    private init(_ text: String, _ graph: ExpressionGraph, _ root: Int) {
        self.text = text
        self.graph = graph
        self.root = root
        polynomial = Polynomial(graph, root: root)
        let compilation = Compilation(graph, root: root)
        instructions = compilation.instructions
        constants = compilation.constants
        registers = compilation.registers
        result = compilation.operand(root)
    }

    var workspaceCount: Int { (1 + registers) * Evaluator.blockSize + constants.count * Vector.width }
}

/// The assignment of the required nodes of a graph to places in the workspace, with as few registers as possible.
private struct Compilation {
    private(set) var instructions: [Instruction] = []
    private(set) var constants: [Double] = []
    private(set) var registers = 0
    private enum Place { case variable, register(Int), constant(Int) }
    private var places: [Int: Place] = [:]

    init(_ graph: ExpressionGraph, root: Int) {
        // Operands precede their operations: a pass from the root down finds all required nodes and the last use of
        // each.
        var lastUse = [Int?](repeating: nil, count: root + 1)
        lastUse[root] = .max
        for index in (0...root).reversed() where lastUse[index] != nil {
            guard case .apply(_, let operands) = graph.nodes[index] else { continue }
            for operand in operands where lastUse[operand] == nil { lastUse[operand] = index }
        }
        var free: [Int] = []
        var pending: [(operation: Operation, result: Int, operands: [Int])] = []
        for index in 0...root where lastUse[index] != nil {
            switch graph.nodes[index] {
            case .variable: places[index] = .variable
            case .constant(let bits, _):
                places[index] = .constant(constants.count)
                constants.append(Double(bitPattern: bits))
            case .apply(let operation, let operands):
                // A register that is read for the last time can hold the result.
                for operand in Set(operands) where lastUse[operand] == index {
                    if case .register(let register) = places[operand] { free.append(register) }
                }
                free.sort(by: >)
                let register = free.popLast() ?? registers
                registers = max(registers, register + 1)
                places[index] = .register(register)
                pending.append((operation, register, operands))
                instructions.append(
                    Instruction(
                        operation: operation, result: Self.offset(register), a: reference(operands[0]),
                        b: reference(operands.count > 1 ? operands[1] : operands[0]),
                        c: reference(operands.count > 2 ? operands[2] : operands[0])))
            }
        }
        // The constants follow the registers, whose number is known only now.
        for index in instructions.indices {
            instructions[index].a = resolved(instructions[index].a)
            instructions[index].b = resolved(instructions[index].b)
            instructions[index].c = resolved(instructions[index].c)
        }
    }

    func operand(_ index: Int) -> Instruction.Operand { resolved(reference(index)) }

    private static func offset(_ register: Int) -> Int { (1 + register) * Evaluator.blockSize }

    private func reference(_ index: Int) -> Instruction.Operand {
        switch places[index]! {
        case .variable: Instruction.Operand(offset: 0, step: Vector.width)
        case .register(let register): Instruction.Operand(offset: Self.offset(register), step: Vector.width)
        case .constant(let constant): Instruction.Operand(offset: constant * Vector.width, step: 0)
        }
    }

    private func resolved(_ operand: Instruction.Operand) -> Instruction.Operand {
        guard operand.step == 0 else { return operand }
        return Instruction.Operand(offset: (1 + registers) * Evaluator.blockSize + operand.offset, step: 0)
    }
}
