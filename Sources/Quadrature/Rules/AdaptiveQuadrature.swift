internal import Expressions

/// Globally adaptive integration: after a search for narrow features, panels are halved until the errors of all of them
/// together are small enough.
///
/// Search each root of ``search``, estimate its ancestors, and hand both over with ``begin(_:ancestors:)``. Then it
/// proceeds in rounds, in which many panels are halved at a time, so that many processors have something to do:
/// evaluate ``pending`` in any way and hand the estimates over with ``add(_:)``, until nothing is pending. Which panels
/// there are depends on nothing but the estimates.
///
/// Method: Gauss–Kronrod rules as in QUADPACK's `qag` (Piessens et al., 1983), without a queue: a round halves the
/// panels that cannot stay as they are, the ones with the largest errors, until the errors of the others are at most
/// half of what is wanted. Singular limits and infinite ranges are dealt with by ``Substitution``.
public struct AdaptiveQuadrature: Sendable {
    public let search: PanelSearch
    /// The error to be reached, absolute or relative to the area, the larger of the two.
    public let tolerance: Double
    /// How many panels may be evaluated.
    public let panelLimit: Int

    /// The panels that halving does not improve, and what they add up to.
    private var settled: [(panel: Panel, estimate: PanelEstimate)] = []
    private var settledSums = Sums()
    /// The others, but for the pending ones.
    private var active: [(panel: Panel, estimate: PanelEstimate)] = []
    /// The panels to be evaluated next.
    public private(set) var pending: [Panel] = []
    /// How many have been evaluated.
    public private(set) var evaluated = 0
    public private(set) var integral = 0.0
    /// The estimate of its error.
    public private(set) var error = Double.infinity
    /// The area under the function's absolute value; 0 if no other value than 0 was found.
    public private(set) var magnitude = 0.0

    /// How many panels are kept at most, so that they fit into any memory and a round is quick.
    static var keptLimit: Int { 1 << 18 }

    /// - Parameters:
    ///   - a: Less than `b`; both may be infinite.
    ///   - breakPoints: Points between the limits, in ascending order: where the function has features that are too
    ///     narrow to be found, or singularities.
    ///   - tolerance: Positive.
    ///   - panelLimit: How many panels may be evaluated; the search takes at most half of them, but at least eight for
    ///     each of ``Substitution/parts(from:to:)``.
    public init(from a: Double, to b: Double, breakPoints: [Double] = [], tolerance: Double, panelLimit: Int) {
        search = PanelSearch(
            from: a, to: b, breakPoints: breakPoints, tolerance: tolerance, panelLimit: panelLimit / 2)
        self.tolerance = tolerance
        self.panelLimit = panelLimit
    }

    public var parts: [Substitution] { search.parts }

    /// The panels that make up the range, but for the pending ones.
    public var panels: [(panel: Panel, estimate: PanelEstimate)] { settled + active }

    /// The error that is small enough for the present integral: one that is mostly error does not count as found,
    /// however small it is. The far side of a narrow peak looks like that.
    public var target: Double { min(tolerance * max(1, abs(integral)), magnitude / 16) }

    /// Whether the error is as small as wanted. It is not known where no other value than 0 was found.
    public var isConverged: Bool { pending.isEmpty && magnitude > 0 && error <= target }

    /// Takes the panels that the search of all roots has left, in their order, and the estimates of the roots'
    /// ancestors.
    ///
    /// A panel that stands for smaller ones is as good as it needs to be: its error counts as rounding.
    public mutating func begin(_ found: [FoundPanel], ancestors: [PanelEstimate]) {
        evaluated = search.panelCount
        take(
            search.merge(found, ancestors).map { found in
                var estimate = found.estimate
                if found.isMerged { estimate.rounding = estimate.error }
                return (found.panel, estimate)
            })
    }

    /// Takes the estimates of the pending panels and chooses the next ones.
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

    /// - Parameter fixed: The error of the settled panels, which leaves less for the others.
    private mutating func choosePending(fixed: Double) {
        var remaining = error - fixed
        let allowed = (fixed < target ? target - fixed : target) / 2
        // Errors below the average of what is allowed are small enough together.
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

    /// Whether the nodes of the halves could still be told from each other.
    private func isDivisible(_ panel: Panel) -> Bool {
        // Beside the origin of a substitution numbers become as small as is wanted, within reason.
        if panel.start == 0 && panel.width < 0x1p-320 { return false }
        let (near, far) = (parts[panel.part].x(panel.start), parts[panel.part].x(panel.start + panel.width))
        // Near 0, doubles are not so dense as they could be, as points are a distance from the origin.
        let spacing = max(near.ulp, far.ulp, parts[panel.part].origin.ulp)
        return near.isInfinite || abs(far - near) > 1024 * spacing
    }
}

/// Sums of estimates in two doubles, in the order they come in: rounded once, for all that matters.
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
    /// The point for one value of the variable.
    public func x(_ s: Double) -> Double { s == 0 && kind == .square ? origin : x(Vector(repeating: s)).x[0] }
}
