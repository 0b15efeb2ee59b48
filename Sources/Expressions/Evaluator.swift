/// A function and the memory to evaluate it, for use by one thread.
public struct Evaluator: ~Copyable {
    public let function: Function
    /// The memory of the instructions, which starts with a block of x.
    package let workspace: UnsafeMutablePointer<Double>

    /// The number of values that are computed at a time; small enough that a few registers fit into the first-level
    /// cache.
    public static var blockSize: Int { 512 }

    public init(_ function: Function) {
        self.function = function
        // A polynomial is evaluated without instructions; its values go into the block after x.
        let count = max(function.workspaceCount, 2 * Self.blockSize)
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * 8, alignment: MemoryLayout<Vector>.alignment)
        workspace = memory.initializeMemory(as: Double.self, repeating: 0, count: count)
        for (index, constant) in function.constants.enumerated() {
            let place = workspace + (1 + function.registers) * Self.blockSize + index * Vector.width
            place.update(repeating: constant, count: Vector.width)
        }
    }

    deinit { workspace.deallocate() }

    /// Returns the values of the function at the given points.
    public func values(at points: [Double]) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(points.count)
        for start in stride(from: 0, to: points.count, by: Self.blockSize) {
            let block = points[start..<min(start + Self.blockSize, points.count)]
            for (index, point) in zip(0..., block) { workspace[index] = point }
            let result = evaluateBlock(block.count)
            for index in 0..<block.count {
                values.append(result.start[index / Vector.width * result.step + index % Vector.width])
            }
        }
        return values
    }

    /// Returns the value of the function at one point.
    public func value(at point: Double) -> Double { values(at: [point])[0] }

    /// Evaluates the function at the first points of the workspace.
    ///
    /// - Returns: The address of the values, and the distance from one group of eight values to the next.
    package func evaluateBlock(_ count: Int) -> (start: UnsafeMutablePointer<Double>, step: Int) {
        let rounded = (count + Vector.width - 1) / Vector.width * Vector.width
        // Unused lanes of the last vector get an ordinary point, so that they cause no special values.
        for index in count..<rounded { workspace[index] = workspace[count - 1] }
        if let polynomial = function.polynomial {
            let result = workspace + Self.blockSize
            polynomial.descending.withUnsafeBufferPointer { coefficients in
                for index in stride(from: 0, to: rounded, by: Vector.width) {
                    store(Polynomial.value(coefficients, load(workspace + index)), result + index)
                }
            }
            return (result, Vector.width)
        }
        for instruction in function.instructions { instruction.execute(workspace, rounded) }
        return (workspace + function.result.offset, function.result.step)
    }
}
