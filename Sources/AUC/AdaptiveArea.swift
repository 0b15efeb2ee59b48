import CommandSupport
import Expressions
import Quadrature
import Reproducible
import SwiftMPI

/// The area under a function by adaptive quadrature, with as many points as the tolerance needs.
struct AdaptiveArea {
    let function: Function
    let range: IntegrationRange
    let breakPoints: [Double]
    let tolerance: Double
    /// The approximate upper limit on the number of points.
    let pointLimit: Int
    let world: Communicator
    let showsProgress: Bool

    /// Computes the area from the lower limit to the upper limit. Collective.
    ///
    /// - Returns: The area, and whether its estimated error is within the tolerance.
    func compute() throws -> (area: Area, isConverged: Bool) {
        let evaluator = Evaluator(function)
        var quadrature = AdaptiveQuadrature(
            from: range.lower, to: range.upper, breakPoints: breakPoints, tolerance: tolerance,
            panelLimit: pointLimit / Evaluator.pointsPerPanel)
        var progress = ProgressLine(
            total: quadrature.panelLimit, unit: "points", workPerStep: Double(Evaluator.pointsPerPanel),
            isWanted: showsProgress && world.rank == 0)
        var seconds = 0.0
        /// Applies `body` to this rank's share of some items, and returns the results of all ranks in the order of the
        /// items.
        func shared<Item, Result: PackedDoubles>(
            _ items: [Item], _ body: (ArraySlice<Item>, inout Failure) -> [Result]
        ) throws -> [Result] {
            let start = MPI.wallTime
            var failure = Failure()
            let share = BlockPartition(count: items.count, parts: world.size).range(of: world.rank)
            let mine = body(items[share], &failure)
            seconds += MPI.wallTime - start
            try failure.raise(evaluator, on: world)
            return try gather(mine)
        }

        let search = quadrature.search
        let found = try shared(search.roots) { roots, failure in
            var found: [FoundPanel] = []
            for root in roots {
                do throws(NotFinite) {
                    found += try evaluator.search(root, of: search)
                } catch {
                    failure.note(error.x)
                }
            }
            return found
        }
        let ancestors = try shared(search.ancestors) { ancestors, _ in
            evaluator.estimates(ofAncestors: ancestors, of: search)
        }
        quadrature.begin(found, ancestors: ancestors)
        while !quadrature.pending.isEmpty {
            let estimates = try shared(quadrature.pending) { panels, failure in
                do throws(NotFinite) {
                    return try evaluator.estimates(of: panels, quadrature.parts)
                } catch {
                    failure.note(error.x)
                    return []
                }
            }
            quadrature.add(estimates)
            progress.update(quadrature.evaluated)
        }
        progress.finish()

        var sum = ExactSum()
        for (_, estimate) in quadrature.panels { sum.add(estimate.integral) }
        let exact = range.isFinite ? function.polynomial?.integral(from: range.lower, to: range.upper) : nil
        let isZero = exact != nil && quadrature.magnitude == 0
        let area = Area(
            integral: sum.value, errorEstimate: quadrature.magnitude > 0 || isZero ? quadrature.error : nil,
            exact: exact, points: quadrature.evaluated * Evaluator.pointsPerPanel, seconds: seconds,
            columns: columns(quadrature))
        return (area, quadrature.isConverged || isZero)
    }

    /// Gathers the results of all ranks on every rank, in rank order. Collective.
    private func gather<Result: PackedDoubles>(_ mine: [Result]) throws -> [Result] {
        let numbers = mine.flatMap(\.doubles)
        let counts = try world.allgather(numbers.count)
        var all = [Double](repeating: 0, count: counts.reduce(0, +))
        try world.Allgatherv(numbers, into: &all, counts: VariableCounts(counts))
        return stride(from: 0, to: all.count, by: Result.doubleCount).map {
            Result(doubles: all[$0..<$0 + Result.doubleCount])
        }
    }

    /// Returns the columns of all panels from left to right; only rank 0 holds their values.
    private func columns(_ quadrature: AdaptiveQuadrature) -> [Column] {
        let rows = quadrature.panels.map { panel, estimate in
            let part = quadrature.parts[panel.part]
            let (near, far) = (part.x(panel.start), part.x(panel.start + panel.width))
            return (from: min(near, far), to: max(near, far), estimate)
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        func column(_ name: String, _ meaning: String, isArea: Bool = false, _ values: [Double]) -> Column {
            Column(
                name: name, meaning: meaning, isArea: isArea, count: values.count,
                pieces: [(0, world.rank == 0 ? values : [])])
        }
        return [
            column("panel_from", "lower end of a panel", rows.map(\.from)),
            column("panel_to", "upper end of a panel", rows.map(\.to)),
            column("partial_areas", "area of a panel", isArea: true, rows.map(\.2.integral)),
            column("partial_errors", "estimated error of a panel's area", rows.map(\.2.error)),
        ]
    }
}

/// A value that is sent between ranks as a fixed number of doubles.
private protocol PackedDoubles {
    static var doubleCount: Int { get }
    var doubles: [Double] { get }
    /// - Parameter doubles: ``doubleCount`` numbers.
    init(doubles: ArraySlice<Double>)
}

extension PanelEstimate: PackedDoubles {
    fileprivate static var doubleCount: Int { 4 }
    fileprivate var doubles: [Double] { [integral, error, rounding, magnitude] }

    fileprivate init(doubles: ArraySlice<Double>) {
        let first = doubles.startIndex
        self.init(
            integral: doubles[first], error: doubles[first + 1], rounding: doubles[first + 2],
            magnitude: doubles[first + 3])
    }
}

extension FoundPanel: PackedDoubles {
    fileprivate static var doubleCount: Int { 4 + PanelEstimate.doubleCount }
    fileprivate var doubles: [Double] {
        [Double(panel.part), panel.start, panel.width, isMerged ? 1 : 0] + estimate.doubles
    }

    fileprivate init(doubles: ArraySlice<Double>) {
        let first = doubles.startIndex
        self.init(
            Panel(part: Int(doubles[first]), start: doubles[first + 1], width: doubles[first + 2]),
            PanelEstimate(doubles: doubles.dropFirst(4)), isMerged: doubles[first + 3] == 1)
    }
}
