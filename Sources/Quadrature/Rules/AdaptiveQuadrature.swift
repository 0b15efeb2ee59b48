/// Globally adaptive integration: panels are halved until the errors of all of them together are small enough.
///
/// It proceeds in rounds, in which many panels are halved at a time, so that many processors have something to do:
/// evaluate ``pending`` in any way and hand the estimates over with ``add(_:)``, until nothing is pending. Which panels
/// there are depends on nothing but the estimates.
///
/// Method: Gauss–Kronrod rules as in QUADPACK's `qag` (Piessens et al., 1983), without a queue: a round halves the panels
/// that cannot stay as they are, the ones with the largest errors, until the errors of the others are at most half of
/// what is wanted. Singular limits and infinite ranges are dealt with by ``Substitution``.
public struct AdaptiveQuadrature: Sendable {
    public let parts: [Substitution]
    /// The error to be reached, as it is or relative to the area, whatever is larger.
    public let tolerance: Double
    /// How many panels may be evaluated.
    public let panelLimit: Int

    /// The panels that make up the range, but for the pending ones.
    public private(set) var panels: [(panel: Panel, estimate: PanelEstimate)] = []
    /// The panels to be evaluated next.
    public private(set) var pending: [Panel]
    /// How many have been evaluated.
    public private(set) var evaluated = 0
    public private(set) var integral = 0.0
    /// The estimate of its error.
    public private(set) var error = Double.infinity

    /// How many panels a part begins with, so that few peaks are narrow enough to be overlooked.
    private static var initialPanels: Int { 8 }

    /// - Parameters:
    ///   - a: Less than `b`; both may be infinite.
    ///   - tolerance: Positive.
    public init(from a: Double, to b: Double, tolerance: Double, panelLimit: Int) {
        let parts = Substitution.parts(from: a, to: b)
        self.parts = parts
        self.tolerance = tolerance
        self.panelLimit = panelLimit
        let width = 1 / Double(Self.initialPanels)
        pending = parts.indices.flatMap { part in
            (0..<Self.initialPanels).map { Panel(part: part, start: Double($0) * width, width: width) }
        }
    }

    /// The error that is small enough for the present integral.
    public var target: Double { tolerance * max(1, abs(integral)) }

    public var isConverged: Bool { pending.isEmpty && error <= target }

    /// Takes the estimates of the pending panels and chooses the next ones.
    public mutating func add(_ estimates: [PanelEstimate]) {
        precondition(estimates.count == pending.count, "an estimate for every pending panel")
        panels += zip(pending, estimates).map { ($0, $1) }
        evaluated += pending.count
        pending = []
        integral = Self.sum(panels.lazy.map(\.estimate.integral))
        error = Self.sum(panels.lazy.map(\.estimate.error))
        if error <= target { return }

        // What cannot be improved leaves less for the others.
        let improvable = panels.indices.filter { !panels[$0].estimate.isRounding && isDivisible(panels[$0].panel) }
        var remaining = Self.sum(improvable.map { panels[$0].estimate.error })
        let fixed = error - remaining
        let allowed = (fixed < target ? target - fixed : target) / 2
        var chosen = Set<Int>()
        let largestFirst = improvable.sorted {
            let (a, b) = (panels[$0].estimate.error, panels[$1].estimate.error)
            return a != b ? a > b : $0 < $1
        }
        for index in largestFirst {
            if remaining <= allowed || evaluated + 2 * (chosen.count + 1) > panelLimit { break }
            chosen.insert(index)
            remaining -= panels[index].estimate.error
        }
        pending = panels.indices.filter { chosen.contains($0) }.flatMap { panels[$0].panel.halves }
        panels = panels.indices.filter { !chosen.contains($0) }.map { panels[$0] }
    }

    /// Whether the nodes of the halves could still be told from each other.
    private func isDivisible(_ panel: Panel) -> Bool {
        // Beside the origin of a substitution numbers become as small as is wanted, within reason.
        if panel.start == 0 && panel.width < 0x1p-320 { return false }
        let (near, far) = (parts[panel.part].x(panel.start), parts[panel.part].x(panel.start + panel.width))
        return near.isInfinite || abs(far - near) > 1024 * max(near.ulp, far.ulp)
    }

    /// The sum in two doubles, in the order given: rounded once, for all that matters.
    private static func sum(_ terms: some Sequence<Double>) -> Double {
        terms.reduce(DoubleDouble(0)) { $0 + DoubleDouble($1) }.value
    }
}

extension Panel {
    fileprivate var halves: [Panel] {
        [
            Panel(part: part, start: start, width: width / 2),
            Panel(part: part, start: start + width / 2, width: width / 2),
        ]
    }
}

extension Substitution {
    /// The point for one value of the variable.
    public func x(_ s: Double) -> Double { s == 0 && kind == .square ? origin : x(Vector(repeating: s)).x[0] }
}
