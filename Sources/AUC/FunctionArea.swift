import CommandSupport
import Expressions
import Glibc
import Quadrature
import Reproducible
import SwiftMPI
import SystemSupport

/// The area under a function by a rule with a given number of points.
struct FunctionArea {
    let function: Function
    let range: IntegrationRange
    let rule: Rule
    let points: Int
    let world: Communicator
    let showsProgress: Bool

    /// Computes the area from the lower limit to the upper limit. Collective.
    func compute() throws -> Area {
        let start = MPI.wallTime
        let quadrature = CompositeRule(rule, from: range.lower, to: range.upper, points: points)
        let (integral, column) = try sum(quadrature)
        let seconds = MPI.wallTime - start
        let exact = range.isFinite ? function.polynomial?.integral(from: range.lower, to: range.upper) : nil
        return Area(
            integral: integral, errorEstimate: try exact.map { abs(integral - $0) } ?? errorEstimate(of: integral),
            exact: exact, points: quadrature.points, seconds: seconds, columns: [column])
    }

    /// Computes the sum over all nodes, and the column of this rank's partial sums. Collective.
    private func sum(_ quadrature: CompositeRule) throws -> (Double, Column) {
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

    /// Estimates the error of an integral by its difference from the area by adaptive quadrature, plus the estimated
    /// error of the latter. The search of the adaptive quadrature sees features between the points of the rule.
    /// Collective.
    ///
    /// - Returns: `nil` if the function has a non-finite value at another point, or no value other than 0 was found.
    private func errorEstimate(of integral: Double) throws -> Double? {
        let adaptive = AdaptiveArea(
            function: function, range: range, breakPoints: [], tolerance: 0x1p-46,
            pointLimit: range.isFinite ? 1 << 24 : 1 << 27, world: world, showsProgress: false)
        let reference: Area
        do {
            reference = try adaptive.compute().area
        } catch let failure as JobFailure where failure.exitStatus == ExitStatus.data {
            return nil
        }
        let difference = abs(integral - reference.integral)
        guard let error = reference.errorEstimate else { return difference == 0 ? nil : difference }
        return difference + error
    }
}

/// The smallest x known to this rank at which a function has no finite value.
struct Failure {
    private var x = Double.infinity
    private(set) var isNoted = false

    mutating func note(_ x: Double) {
        self.x = min(self.x, x)
        isNoted = true
    }

    /// Throws on all ranks if any rank knows of such an x. Collective.
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
