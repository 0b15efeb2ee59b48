public import Expressions

/// The result of summing values of a function.
public enum BlockSum: Hashable, Sendable {
    case value(Double)
    /// The first node at which the function is non-finite.
    case notFinite(node: Int)
    /// The values are finite, but their sum overflows.
    case overflow
}

extension Evaluator {
    /// Returns Σ wᵢ·f(xᵢ) over some nodes, always summed in the same order.
    ///
    /// - Parameter nodes: The numbers of the nodes, starting at the beginning of a group of sixteen.
    public func sum(_ grid: NodeGrid, _ nodes: Range<Int>) -> BlockSum {
        precondition(nodes.lowerBound.isMultiple(of: NodeGrid.groupSize), "groups of nodes are not cut")
        let sum: Double
        if let polynomial = function.polynomial, grid.substitution == nil {
            sum = polynomial.sum(grid, nodes)
        } else {
            sum = sumOfBlocks(grid, nodes)
        }
        if sum.isFinite { return .value(sum) }
        return firstNotFinite(grid, nodes).map { .notFinite(node: $0) } ?? .overflow
    }

    /// Sums one block of x after the other. Each lane of the accumulators sums every sixteenth value.
    private func sumOfBlocks(_ grid: NodeGrid, _ nodes: Range<Int>) -> Double {
        var sums = (Vector.zero, Vector.zero)
        for start in stride(from: nodes.lowerBound, to: nodes.upperBound, by: Self.blockSize) {
            let count = min(Self.blockSize, nodes.upperBound - start)
            let whole = fill(grid, from: start, count: count)
            let (values, step) = evaluateBlock(whole)
            for index in stride(from: 0, to: whole, by: NodeGrid.groupSize) {
                let address = values + index / Vector.width * step
                var (low, high) = (load(address), load(address + step))
                if let substitution = grid.substitution {
                    let nodes = grid.nodes(ofGroup: (start + index) / NodeGrid.groupSize)
                    low *= substitution.x(nodes.0).derivative
                    high *= substitution.x(nodes.1).derivative
                }
                if index + NodeGrid.groupSize > count {
                    low = low.keeping(count - index)
                    high = high.keeping(count - index - Vector.width)
                }
                sums.0 = sums.0.addingProduct(low, grid.weights.0)
                sums.1 = sums.1.addingProduct(high, grid.weights.1)
            }
        }
        return (sums.0 + sums.1).sum()
    }

    /// Stores whole groups of nodes in the block of x.
    ///
    /// - Returns: The number of nodes stored.
    private func fill(_ grid: NodeGrid, from start: Int, count: Int) -> Int {
        let groups = (count + NodeGrid.groupSize - 1) / NodeGrid.groupSize
        for group in 0..<groups {
            var (low, high) = grid.nodes(ofGroup: start / NodeGrid.groupSize + group)
            if let substitution = grid.substitution { (low, high) = (substitution.x(low).x, substitution.x(high).x) }
            store(low, workspace + group * NodeGrid.groupSize)
            store(high, workspace + group * NodeGrid.groupSize + Vector.width)
        }
        return groups * NodeGrid.groupSize
    }

    private func firstNotFinite(_ grid: NodeGrid, _ nodes: Range<Int>) -> Int? {
        for start in stride(from: nodes.lowerBound, to: nodes.upperBound, by: Self.blockSize) {
            let count = min(Self.blockSize, nodes.upperBound - start)
            let (values, step) = evaluateBlock(fill(grid, from: start, count: count))
            let index = (0..<count).first { !values[$0 / Vector.width * step + $0 % Vector.width].isFinite }
            if let index { return start + index }
        }
        return nil
    }
}

extension Vector {
    /// Returns a vector with the first `count` lanes, and zeros in the others.
    @inline(__always)
    func keeping(_ count: Int) -> Vector { replacing(with: 0, where: Vector.lanes .>= Double(count)) }
}

extension Polynomial {
    /// Returns Σ wᵢ·p(xᵢ) over some nodes, without storing the nodes in memory.
    ///
    /// For low degrees the coefficients stay in registers.
    fileprivate func sum(_ grid: NodeGrid, _ nodes: Range<Int>) -> Double {
        descending.withUnsafeBufferPointer { coefficients in
            switch coefficients.count {
            case 1: sum(grid, nodes, InlineArray<1, Vector> { Vector(repeating: coefficients[$0]) })
            case 2: sum(grid, nodes, InlineArray<2, Vector> { Vector(repeating: coefficients[$0]) })
            case 3: sum(grid, nodes, InlineArray<3, Vector> { Vector(repeating: coefficients[$0]) })
            case 4: sum(grid, nodes, InlineArray<4, Vector> { Vector(repeating: coefficients[$0]) })
            case 5: sum(grid, nodes, InlineArray<5, Vector> { Vector(repeating: coefficients[$0]) })
            case 6: sum(grid, nodes, InlineArray<6, Vector> { Vector(repeating: coefficients[$0]) })
            default: sum(grid, nodes) { Self.value(coefficients, $0) }
            }
        }
    }

    @inline(__always)
    private func sum<let count: Int>(
        _ grid: NodeGrid, _ nodes: Range<Int>, _ coefficients: InlineArray<count, Vector>
    ) -> Double {
        sum(grid, nodes) { x in
            var value = coefficients[unchecked: 0]
            for index in 1..<max(1, count) { value = coefficients[unchecked: index].addingProduct(value, x) }
            return value
        }
    }

    @inline(__always)
    private func sum(_ grid: NodeGrid, _ nodes: Range<Int>, _ value: (Vector) -> Vector) -> Double {
        // Skips multiplications by 1, which would cost time.
        grid.isUnweighted
            ? sum(grid, nodes, value) { sum, value, _ in sum + value }
            : sum(grid, nodes, value) { sum, value, weight in sum.addingProduct(value, weight) }
    }

    /// Sums in four accumulators. Each of their lanes sums every 32nd value, independent of the processor's registers.
    @inline(__always)
    private func sum(
        _ grid: NodeGrid, _ nodes: Range<Int>, _ value: (Vector) -> Vector, _ add: (Vector, Vector, Vector) -> Vector
    ) -> Double {
        var sums = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)
        var group = nodes.lowerBound / NodeGrid.groupSize
        let wholeGroups = nodes.upperBound / NodeGrid.groupSize
        // The shift is an integer and therefore exact.
        var shift = grid.stride * Double(group)
        while group + 2 <= wholeGroups {
            let x = grid.nodes(shifted: shift)
            let y = grid.nodes(shifted: shift + grid.stride)
            sums.0 = add(sums.0, value(x.0), grid.weights.0)
            sums.1 = add(sums.1, value(x.1), grid.weights.1)
            sums.2 = add(sums.2, value(y.0), grid.weights.0)
            sums.3 = add(sums.3, value(y.1), grid.weights.1)
            shift += 2 * grid.stride
            group += 2
        }
        while group * NodeGrid.groupSize < nodes.upperBound {
            let x = grid.nodes(ofGroup: group)
            let left = nodes.upperBound - group * NodeGrid.groupSize
            sums.0 = add(sums.0, value(x.0).keeping(left), grid.weights.0)
            sums.1 = add(sums.1, value(x.1).keeping(left - Vector.width), grid.weights.1)
            group += 1
        }
        return ((sums.0 + sums.1) + (sums.2 + sums.3)).sum()
    }
}
