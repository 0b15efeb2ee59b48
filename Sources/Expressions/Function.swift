/// A function of x, compiled from text to instructions on blocks of values.
///
/// ```swift
/// let f = try Function("where(x < 0, 0, sqrt(x)) * exp(-x**2)")
/// ```
///
/// Compiled once, it is evaluated by an ``Evaluator``. Its values have the same bits wherever in a block they stand.
public struct Function: Sendable {
    public let text: String
    /// What the expression is if it is written as a polynomial; it is evaluated as such then.
    public let polynomial: Polynomial?

    /// In the order to execute them. The workspace holds x, then the registers, a block each, then the constants, a
    /// vector each.
    package let instructions: [Instruction]
    let constants: [Double]
    package let registers: Int
    let result: Instruction.Operand
    private let graph: ExpressionGraph
    private let root: Int

    /// How many parentheses, signs and powers may stand in each other.
    public static var depthLimit: Int { 200 }

    /// - Throws: ``ExpressionError`` with the column.
    public init(_ text: String) throws(ExpressionError) {
        let (graph, root) = try Parser.parse(text)
        self.init(text, graph, root)
    }

    /// The value of an expression without x.
    public var constant: Double? { graph.constant(at: root)?.value }

    /// |f|.
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

/// Gives every node of a graph that is needed a place in the workspace, registers as few as possible.
private struct Compilation {
    private(set) var instructions: [Instruction] = []
    private(set) var constants: [Double] = []
    private(set) var registers = 0
    private enum Place { case variable, register(Int), constant(Int) }
    private var places: [Int: Place] = [:]

    init(_ graph: ExpressionGraph, root: Int) {
        // A node's operands come before it: from the root down, everything that is needed and who needs it last.
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
                // A register that is read for the last time may take the result.
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
        // Constants lie behind the registers, whose number is known only now.
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
