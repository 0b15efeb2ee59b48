import CommandSupport
import Quadrature
import Reproducible
import SwiftMPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The area under a function by a rule with a given number of points.
struct FunctionArea {
    let function: Function
    let range: (from: Double, to: Double)
    let rule: Rule
    let points: Int
    let world: Communicator
    let showsProgress: Bool

    /// Collective.
    func compute() throws -> Area {
        let start = MPI.wallTime
        let quadrature = CompositeRule(rule, from: range.from, to: range.to, points: points)
        let (integral, column) = try sum(function, quadrature, showsProgress: showsProgress)
        let seconds = MPI.wallTime - start
        let exact =
            range.from.isFinite && range.to.isFinite
            ? function.polynomial?.integral(from: range.from, to: range.to) : nil
        return Area(
            integral: integral, errorEstimate: try errorEstimate(of: integral), exact: exact,
            points: quadrature.points, seconds: seconds, columns: [column])
    }

    /// The sum over all nodes and those of it that this rank has computed. Collective.
    private func sum(
        _ function: Function, _ quadrature: CompositeRule, showsProgress: Bool
    ) throws -> (Double, Column) {
        let evaluator = Evaluator(function)
        var sum = ExactSum()
        var column = Column(name: "partial_areas", meaning: "area of each block of points", count: 0, pieces: [])
        var failure = Failure()
        for part in quadrature.parts {
            let blocks = BlockPartition(count: part.grid.blocks, parts: world.size).range(of: world.rank)
            var progress = ProgressLine(
                blocks: blocks, unit: "points", perBlock: NodeGrid.nodesPerBlock, on: world, isWanted: showsProgress)
            var areas: [Double] = []
            areas.reserveCapacity(blocks.count)
            for block in blocks {
                let nodes = part.grid.nodes(ofBlock: block)
                switch evaluator.sum(part.grid, nodes) {
                case .value(let value): areas.append(part.factor * value)
                case .notFinite(let node): failure.note(part.grid.x(node))
                case .overflow: failure.note(part.grid.x(nodes.lowerBound))
                }
                if failure.isNoted { break }
                progress.update(block - blocks.lowerBound + 1)
            }
            progress.finish()
            for area in areas { sum.add(area) }
            column.pieces.append((column.count + blocks.lowerBound, areas))
            column.count += part.grid.blocks
        }
        for end in quadrature.ends {
            let value = evaluator.value(at: end.x)
            if !value.isFinite { failure.note(end.x) }
            if world.rank == 0 { sum.add(end.factor * value) }
        }
        try failure.raise(evaluator, on: world)
        try sum.allreduce(over: world)
        return (sum.value, column)
    }

    /// How wrong an integral may be, from those of the same rule with fewer points. Collective.
    ///
    /// With n points the error falls like n^(−q). From the integrals with fewer points q is known, at most the rule's
    /// order, and so is the error. It is not less than what rounding does to the values.
    private func errorEstimate(of integral: Double) throws -> Double {
        // A sixteenth costs little; a half says more where there are few points.
        let ratio = points >= 1 << 16 ? 16 : 2
        let counts = [ratio, 2 * ratio].map { rule == .simpson ? max(2, points / $0 / 2 * 2) : max(1, points / $0) }
        func coarseArea(_ function: Function, _ points: Int) throws -> Double {
            let composite = CompositeRule(rule, from: range.from, to: range.to, points: points)
            return try sum(function, composite, showsProgress: false).0
        }
        let magnitude = try coarseArea(function.magnitude, counts[1])
        // So few points say nothing of the error.
        guard points >= 8 else { return magnitude }
        let near = abs(try coarseArea(function, counts[0]) - integral)
        let far = abs(try coarseArea(function, counts[1]) - integral)
        let order = min(max(log(far / near) / log(Double(counts[0]) / Double(counts[1])), 0.25), rule.order)
        let gain = pow(Double(points) / Double(counts[0]), order.isNaN ? 1 : order) - 1
        return max(near / gain, 0x1p-50 * magnitude)
    }
}

/// Where a function has no finite value: the smallest x this rank knows of.
struct Failure {
    private var x = Double.infinity
    private(set) var isNoted = false

    mutating func note(_ x: Double) {
        self.x = min(self.x, x)
        isNoted = true
    }

    /// Ends the job if any rank knows of such an x. Collective.
    func raise(_ evaluator: borrowing Evaluator, on world: Communicator) throws {
        let smallest = try world.Allreduce(isNoted ? x : .infinity, op: .min)
        guard try world.Allreduce(isNoted, op: .logicalOr) else { return }
        let value = evaluator.value(at: smallest)
        throw JobFailure(
            message: value.isFinite
                ? "the values of \(evaluator.function.text) near x = \(smallest) are too large to be summed"
                : "\(evaluator.function.text) is \(value.isNaN ? "nan" : "\(value)") at x = \(smallest)",
            exitStatus: ExitStatus.data)
    }
}
