internal import Expressions

/// Globally adaptive integration: after a search for narrow features, panels are halved until the sum of their errors
/// is small enough.
///
/// Search each root of ``search``, estimate the ancestors of the roots, and pass both to ``begin(_:ancestors:)``. Then
/// the integration proceeds in rounds, in which many panels are halved at a time, so that many processors have work:
/// evaluate the panels in ``pending`` in any order and pass the estimates to ``add(_:)``, until no panel is pending.
/// The choice of panels depends only on the estimates.
///
/// Method: Gauss–Kronrod rules as in QUADPACK's `qag` (Piessens et al., 1983), without a queue. Each round halves the
/// panels with the largest errors, until the errors of the remaining panels add up to at most half of the target.
/// ``Substitution`` handles singular limits and infinite ranges.
public struct AdaptiveQuadrature: Sendable {
    public let search: PanelSearch
    /// The requested error, either absolute or relative to the area, whichever is larger.
    public let tolerance: Double
    /// The maximum number of panels to evaluate.
    public let panelLimit: Int

    /// The panels that cannot be improved by halving, and their sums.
    private var settled: [(panel: Panel, estimate: PanelEstimate)] = []
    private var settledSums = Sums()
    /// The other panels, except for the pending ones.
    private var active: [(panel: Panel, estimate: PanelEstimate)] = []
    /// The panels to evaluate next.
    public private(set) var pending: [Panel] = []
    /// The number of panels that have been evaluated.
    public private(set) var evaluated = 0
    public private(set) var integral = 0.0
    /// The estimated error of the integral.
    public private(set) var error = Double.infinity
    /// The area under the absolute value of the function; 0 if only zeros were found.
    public private(set) var magnitude = 0.0

    /// The maximum number of panels to keep, which fit into any memory and make a round quick.
    static var keptLimit: Int { 1 << 18 }

    /// - Parameters:
    ///   - a: The lower limit, less than `b`; may be infinite.
    ///   - b: The upper limit; may be infinite.
    ///   - breakPoints: Points between the limits, in ascending order, at which the function has singularities or
    ///     features that are too narrow to be found.
    ///   - tolerance: The requested error; positive.
    ///   - panelLimit: The maximum number of panels to evaluate. The search takes at most half of them, but at least
    ///     eight for each of ``Substitution/parts(from:to:)``.
    public init(from a: Double, to b: Double, breakPoints: [Double] = [], tolerance: Double, panelLimit: Int) {
        search = PanelSearch(
            from: a, to: b, breakPoints: breakPoints, tolerance: tolerance, panelLimit: panelLimit / 2)
        self.tolerance = tolerance
        self.panelLimit = panelLimit
    }

    public var parts: [Substitution] { search.parts }

    /// The panels that make up the range, except for the pending ones.
    public var panels: [(panel: Panel, estimate: PanelEstimate)] { settled + active }

    /// The error that is small enough for the present integral. An integral that consists mostly of error does not
    /// count as found, however small it is: the flank of a narrow peak looks like that.
    public var target: Double { min(tolerance * max(1, abs(integral)), magnitude / 16) }

    /// Whether the error has reached the target. False if only zeros were found, because the error is then unknown.
    public var isConverged: Bool { pending.isEmpty && magnitude > 0 && error <= target }

    /// Adds the panels that the search of all roots found, in order, and the estimates of the roots' ancestors.
    ///
    /// A merged panel is accurate enough: its error counts as rounding error.
    public mutating func begin(_ found: [FoundPanel], ancestors: [PanelEstimate]) {
        evaluated = search.panelCount
        take(
            search.merge(found, ancestors).map { found in
                var estimate = found.estimate
                if found.isMerged { estimate.rounding = estimate.error }
                return (found.panel, estimate)
            })
    }

    /// Adds the estimates of the pending panels and chooses the next panels.
    public mutating func add(_ estimates: [PanelEstimate]) {
        precondition(estimates.count == pending.count, "an estimate for every pending panel")
        evaluated += pending.count
        take(zip(pending, estimates).map { ($0, $1) })
    }

    private mutating func take(_ panels: [(panel: Panel, estimate: PanelEstimate)]) {
        for (panel, estimate) in panels {
            if estimate.isRounding || !isDivisible(panel) {
                settled.append((panel, estimate))
                settledSums.add(estimate)
            } else {
                active.append((panel, estimate))
            }
        }
        var sums = settledSums
        for (_, estimate) in active { sums.add(estimate) }
        (integral, error, magnitude) = (sums.integral.value, sums.error.value, sums.magnitude.value)
        pending = []
        if error > target { choosePending(fixed: settledSums.error.value) }
    }

    /// Chooses the panels to halve.
    ///
    /// - Parameter fixed: The error of the settled panels, which reduces the error allowed for the others.
    private mutating func choosePending(fixed: Double) {
        var remaining = error - fixed
        let allowed = (fixed < target ? target - fixed : target) / 2
        // All errors below the average of the allowed error are small enough in sum.
        let average = allowed / Double(active.count)
        let largestFirst = active.indices.filter { active[$0].estimate.error > average }.sorted {
            let (a, b) = (active[$0].estimate.error, active[$1].estimate.error)
            return a != b ? a > b : $0 < $1
        }
        var isChosen = [Bool](repeating: false, count: active.count)
        var chosen = 0
        for index in largestFirst {
            if remaining <= allowed || evaluated + 2 * (chosen + 1) > panelLimit
                || settled.count + active.count + chosen >= Self.keptLimit
            {
                break
            }
            isChosen[index] = true
            chosen += 1
            remaining -= active[index].estimate.error
        }
        pending = active.indices.filter { isChosen[$0] }.flatMap { active[$0].panel.split(into: 2) }
        active = active.indices.filter { !isChosen[$0] }.map { active[$0] }
    }

    /// Whether the nodes of the halves would still be distinct.
    private func isDivisible(_ panel: Panel) -> Bool {
        // At the origin of a substitution, panels can become arbitrarily narrow, within reason.
        if panel.start == 0 && panel.width < 0x1p-320 { return false }
        let (near, far) = (parts[panel.part].x(panel.start), parts[panel.part].x(panel.start + panel.width))
        // Points near 0 are not as dense as doubles there, because they are computed as a distance from the origin.
        let spacing = max(near.ulp, far.ulp, parts[panel.part].origin.ulp)
        return near.isInfinite || abs(far - near) > 1024 * spacing
    }
}

/// Sums of estimates in double-double arithmetic, in the order of addition. Effectively they are rounded only once.
private struct Sums {
    var integral = DoubleDouble(0)
    var error = DoubleDouble(0)
    var magnitude = DoubleDouble(0)

    mutating func add(_ estimate: PanelEstimate) {
        integral = integral + DoubleDouble(estimate.integral)
        error = error + DoubleDouble(estimate.error)
        magnitude = magnitude + DoubleDouble(estimate.magnitude)
    }
}

extension Substitution {
    /// Returns the point for one value of the variable.
    public func x(_ s: Double) -> Double { s == 0 && kind == .square ? origin : x(Vector(repeating: s)).x[0] }
}
