import CommandSupport
import Quadrature
import Reproducible
import SwiftMPI

/// The area under a function by adaptive quadrature: as many points as it takes.
struct AdaptiveArea {
    let function: Function
    let range: (from: Double, to: Double)
    let tolerance: Double
    /// No more than about so many.
    let pointLimit: Int
    let world: Communicator
    let showsProgress: Bool

    /// The estimates are kept on every rank: 80 MB of them at most.
    private static var panelLimit: Int { 1 << 20 }

    /// Collective.
    ///
    /// - Returns: The area, and whether its error is as small as wanted.
    func compute() throws -> (area: Area, isConverged: Bool) {
        let evaluator = Evaluator(function)
        var quadrature = AdaptiveQuadrature(
            from: range.from, to: range.to, tolerance: tolerance,
            panelLimit: min(Self.panelLimit, pointLimit / Evaluator.pointsPerPanel))
        var progress = ProgressLine(
            total: quadrature.panelLimit, unit: "points", workPerStep: Double(Evaluator.pointsPerPanel),
            isWanted: showsProgress && world.rank == 0)
        var seconds = 0.0
        while !quadrature.pending.isEmpty {
            let start = MPI.wallTime
            let mine = BlockPartition(count: quadrature.pending.count, parts: world.size).range(of: world.rank)
            var failure = Failure()
            var estimates: [PanelEstimate] = []
            do {
                estimates = try evaluator.estimates(of: quadrature.pending[mine], quadrature.parts)
            } catch {
                failure.note(error.x)
            }
            seconds += MPI.wallTime - start
            try failure.raise(evaluator, on: world)
            quadrature.add(try gather(estimates, count: quadrature.pending.count))
            progress.update(quadrature.evaluated)
        }
        progress.finish()

        var sum = ExactSum()
        for (_, estimate) in quadrature.panels { sum.add(estimate.integral) }
        let exact =
            range.from.isFinite && range.to.isFinite
            ? function.polynomial?.integral(from: range.from, to: range.to) : nil
        let area = Area(
            integral: sum.value, errorEstimate: quadrature.error, exact: exact,
            points: quadrature.evaluated * Evaluator.pointsPerPanel, seconds: seconds, columns: columns(quadrature))
        return (area, quadrature.isConverged)
    }

    /// All ranks' estimates, in the order of the panels. Collective.
    private func gather(_ mine: [PanelEstimate], count: Int) throws -> [PanelEstimate] {
        let partition = BlockPartition(count: count, parts: world.size)
        let numbers = mine.flatMap { [$0.integral, $0.error, $0.rounding] }
        var all = [Double](repeating: 0, count: 3 * count)
        try world.Allgatherv(
            numbers, into: &all, counts: VariableCounts((0..<world.size).map { 3 * partition.range(of: $0).count }))
        return (0..<count).map {
            PanelEstimate(integral: all[3 * $0], error: all[3 * $0 + 1], rounding: all[3 * $0 + 2])
        }
    }

    /// The panels from left to right, all of them on rank 0.
    private func columns(_ quadrature: AdaptiveQuadrature) -> [Column] {
        let rows = quadrature.panels.map { panel, estimate in
            let part = quadrature.parts[panel.part]
            let (near, far) = (part.x(panel.start), part.x(panel.start + panel.width))
            return (from: min(near, far), to: max(near, far), estimate)
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        func column(_ name: String, _ meaning: String, _ values: [Double]) -> Column {
            Column(
                name: name, meaning: meaning, count: values.count,
                pieces: [(0, world.rank == 0 ? values : [])])
        }
        return [
            column("panel_from", "lower end of a panel", rows.map(\.from)),
            column("panel_to", "upper end of a panel", rows.map(\.to)),
            column("partial_areas", "area of a panel", rows.map(\.2.integral)),
            column("partial_errors", "estimated error of a panel's area", rows.map(\.2.error)),
        ]
    }
}
