/// The search for narrow features with which adaptive quadrature begins.
///
/// The range is cut into very many panels, so that a feature of 1e-6 of the range, or of its distance from a limit where
/// the range is infinite, lies on at least one of their nodes. Panels under which the function is smooth are then merged:
/// eight of them into one, if the area of that is the sum of theirs, in several levels. What is left has estimates of the
/// error that the smallest panels support.
///
/// The search goes from root to root; each stands for itself, so that they can be searched in any order and on any
/// number of processors.
public struct PanelSearch: Sendable {
    /// A panel to be searched, and how often it is cut into eight.
    public struct Root: Sendable {
        let panel: Panel
        let levels: Int
    }

    public let parts: [Substitution]
    public let roots: [Root]
    /// How many panels are evaluated.
    public let panelCount: Int
    let tolerance: Double

    /// How many panels a part is cut into where points are not scarce. In the middle of a finite range the nodes of so
    /// many are at most 6e-7 of the range apart.
    private static var wantedPanels: Int { 1 << 17 }
    /// More are not worth the time.
    private static var panelLimit: Int { 1 << 22 }
    private static var fewestPanels: Int { 8 }

    /// - Parameters:
    ///   - a: Less than `b`; both may be infinite.
    ///   - breakPoints: In ascending order, between the limits.
    ///   - tolerance: Positive; panels are merged where the sum of all errors stays well below.
    ///   - panelLimit: About how many panels may be evaluated; at least eight a part are.
    init(from a: Double, to b: Double, breakPoints: [Double], tolerance: Double, panelLimit: Int) {
        let limits = [a] + breakPoints + [b]
        let parts = zip(limits, limits.dropFirst()).flatMap { Substitution.parts(from: $0, to: $1) }
        var panels = Self.wantedPanels
        var roots = Self.roots(parts, panels: panels)
        while panels > Self.fewestPanels, Self.panelCount(roots) > min(panelLimit, Self.panelLimit) {
            panels /= 2
            roots = Self.roots(parts, panels: panels)
        }
        self.parts = parts
        self.roots = roots
        self.tolerance = tolerance
        panelCount = Self.panelCount(roots)
    }

    private static func panelCount(_ roots: [Root]) -> Int {
        roots.reduce(0) { $0 + ((8 << (3 * $1.levels)) - 1) / 7 }
    }

    /// The roots of a search with so many panels for each part, and for each octave on the way to infinity.
    private static func roots(_ parts: [Substitution], panels: Int) -> [Root] {
        let levels = panels >= 1 << 12 ? 3 : panels >= 1 << 9 ? 2 : panels >= 1 << 6 ? 1 : 0
        func cut(_ panel: Panel) -> [Root] {
            panel.split(into: panels >> (3 * levels)).map { Root(panel: $0, levels: levels) }
        }
        return parts.indices.flatMap { part in
            if parts[part].kind == .square { return cut(Panel(part: part, start: 0, width: 1)) }
            // x is 1/s²: equal panels in s between a power of two and the next one. Far out fewer do.
            let (densest, octaves) = (11, 15)
            let last = Root(panel: Panel(part: part, start: 0, width: exp2(-octaves)), levels: 0)
            return [last]
                + (1...octaves).reversed().flatMap { octave in
                    let panel = Panel(part: part, start: exp2(-octave), width: exp2(-octave))
                    return octave <= densest ? cut(panel) : [Root(panel: panel, levels: levels)]
                }
        }
    }

    private static func exp2(_ exponent: Int) -> Double {
        Double(sign: .plus, exponent: exponent, significand: 1)
    }
}

extension Evaluator {
    /// The panels that the search of a root leaves, in ascending order of their variable.
    ///
    /// A panel that stands for smaller ones is as good as it needs to be: its error counts as rounding.
    /// - Throws: ``NotFinite``
    public func search(
        _ root: PanelSearch.Root, of search: PanelSearch
    ) throws(NotFinite) -> [(panel: Panel, estimate: PanelEstimate)] {
        // A tree in one array: the children of panel i are 8·i + 1 … 8·i + 8.
        var panels = [root.panel]
        var firstOfLevel = 0
        for _ in 0..<root.levels {
            let level = panels[firstOfLevel...]
            firstOfLevel = panels.count
            for panel in level { panels += panel.split(into: 8) }
        }
        var estimates = try estimates(of: panels, search.parts)
        var isMerged = [Bool](repeating: true, count: panels.count)
        let budget = search.tolerance / 4 / Double(search.roots.count) / root.panel.width
        for parent in (0..<firstOfLevel).reversed() {
            let children = estimates[8 * parent + 1...8 * parent + 8]
            let own = estimates[parent]
            let childrensRounding = children.reduce(0) { $0 + $1.rounding }
            let difference = abs(children.reduce(own.integral) { $0 - $1.integral })
            let largerRounding = max(own.rounding, childrensRounding)
            // Beside a singular limit the first child is mostly rounding; the nodes of its parent are farther away.
            let isRounding = panels[parent].start == 0 && difference <= own.rounding + childrensRounding
            let rounding = isRounding ? own.rounding : largerRounding
            let error = children.dropFirst(isRounding ? 1 : 0).reduce((isRounding ? 0 : difference) + rounding) {
                $0 + ($1.error - $1.rounding)
            }
            isMerged[parent] =
                error <= max(4 * largerRounding, min(budget * panels[parent].width, own.magnitude / 128))
                && isMerged[8 * parent + 1...8 * parent + 8].allSatisfy { $0 }
            (estimates[parent].error, estimates[parent].rounding) = (error, rounding)
        }
        var found: [(panel: Panel, estimate: PanelEstimate)] = []
        func collect(_ index: Int, levels: Int) {
            if isMerged[index] || levels == 0 {
                var estimate = estimates[index]
                if isMerged[index] && index < firstOfLevel { estimate.rounding = estimate.error }
                found.append((panels[index], estimate))
            } else {
                for child in 8 * index + 1...8 * index + 8 { collect(child, levels: levels - 1) }
            }
        }
        // Where the smallest panels are too many, larger ones have to do.
        let limit = max(64, AdaptiveQuadrature.keptLimit / search.roots.count)
        for levels in (0...root.levels).reversed() where found.isEmpty || found.count > limit {
            found = []
            collect(0, levels: levels)
        }
        return found
    }
}
