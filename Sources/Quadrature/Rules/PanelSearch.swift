public import Expressions

/// The search for narrow features with which adaptive quadrature begins.
///
/// The range is cut into very many panels, so that a feature of 1e-6 of the range, or of its distance from a limit
/// where the range is infinite, lies on at least one of their nodes. Panels under which the function is smooth are then
/// merged: eight of them into one, if the area of that is the sum of theirs, in several levels. What is left has
/// estimates of the error that the smallest panels support.
///
/// The search goes from root to root; each stands for itself, so that they can be searched in any order and on any
/// number of processors. Roots under which the function is smooth are merged in pairs, and so on, by ``merge(_:_:)``:
/// the nodes of large panels are far from singular limits, where those of small ones suffer from rounding.
public struct PanelSearch: Sendable {
    /// A panel to be searched, and how often it is cut into eight.
    public struct Root: Sendable {
        let panel: Panel
        let levels: Int
    }

    public let parts: [Substitution]
    public let roots: [Root]
    /// The panels that two or more whole roots make up.
    public let ancestors: [Panel]
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
        ancestors = Self.ancestors(roots)
        panelCount = Self.panelCount(roots)
    }

    private static func panelCount(_ roots: [Root]) -> Int {
        roots.reduce(ancestors(roots).count) { $0 + ((8 << (3 * $1.levels)) - 1) / 7 }
    }

    /// None where roots are not cut, as nothing is merged there.
    private static func ancestors(_ roots: [Root]) -> [Panel] {
        var ancestors: [Panel] = []
        if roots.contains(where: { $0.levels > 0 }) {
            _ = joiningNeighbors(roots.map(\.panel)) { left, right in
                let whole = Panel(joining: left, right)
                if let whole { ancestors.append(whole) }
                return whole
            }
        }
        return ancestors
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

/// A panel that the search has left.
public struct FoundPanel: Sendable {
    public let panel: Panel
    public let estimate: PanelEstimate
    /// Whether it stands for smaller panels, which confirm its area.
    public let isMerged: Bool

    public init(_ panel: Panel, _ estimate: PanelEstimate, isMerged: Bool) {
        self.panel = panel
        self.estimate = estimate
        self.isMerged = isMerged
    }
}

extension PanelSearch {
    /// The error that a merged panel may have even where rounding is less: its share of a quarter of the tolerance.
    ///
    /// - Parameter roots: How many roots the panel is made of.
    fileprivate func budget(roots: Double) -> Double { tolerance / 4 / Double(self.roots.count) * roots }

    /// Merges roots that are whole.
    ///
    /// - Parameters:
    ///   - found: What the search has left of all roots, in their order.
    ///   - estimates: Those of ``ancestors``.
    func merge(_ found: [FoundPanel], _ estimates: [PanelEstimate]) -> [FoundPanel] {
        let known = Dictionary(uniqueKeysWithValues: zip(ancestors, estimates))
        return joiningNeighbors(found.map { (found: $0, roots: 1.0) }) { left, right in
            guard left.found.isMerged, right.found.isMerged,
                let whole = Panel(joining: left.found.panel, right.found.panel), let estimate = known[whole]
            else { return nil }
            let roots = left.roots + right.roots
            let (compared, isEnough) = estimate.compared(
                with: [left.found.estimate, right.found.estimate], isAtOrigin: whole.start == 0,
                budget: budget(roots: roots))
            return isEnough ? (FoundPanel(whole, compared, isMerged: true), roots) : nil
        }.map(\.found)
    }
}

/// Joins neighbors, and what has been joined, as long as `join` makes one of two.
private func joiningNeighbors<Element>(_ elements: [Element], _ join: (Element, Element) -> Element?) -> [Element] {
    var joined: [Element] = []
    for element in elements {
        joined.append(element)
        while joined.count >= 2, let one = join(joined[joined.count - 2], joined[joined.count - 1]) {
            joined.removeLast(2)
            joined.append(one)
        }
    }
    return joined
}

extension PanelEstimate {
    /// How far the area by smaller panels is from this one; `nil` if that is more than rounding.
    fileprivate func difference(from areas: (integral: Double, magnitude: Double)) -> Double? {
        let difference = abs(areas.integral - integral)
        // What cancels in the integral does not in the magnitude.
        return difference <= rounding && abs(areas.magnitude - magnitude) <= rounding ? difference : nil
    }

    /// This estimate with the error that the estimates of the panel's parts suggest, and whether it is small enough for
    /// the panel to stand for them.
    ///
    /// - Parameters:
    ///   - isAtOrigin: Whether the panel begins at the origin of the substitution.
    ///   - budget: An error that is small enough.
    fileprivate func compared(
        with parts: ArraySlice<PanelEstimate>, isAtOrigin: Bool, budget: Double
    ) -> (PanelEstimate, isEnough: Bool) {
        let partsRounding = parts.reduce(0) { $0 + $1.rounding }
        let largerRounding = max(rounding, partsRounding)
        let difference = abs(parts.reduce(integral) { $0 - $1.integral })
        // Beside a singular limit the first part is mostly rounding. The nodes of the whole are farther away: what it
        // says of its own error counts.
        let isRounding = isAtOrigin && difference <= rounding + partsRounding
        var compared = self
        compared.rounding = isRounding ? rounding : largerRounding
        compared.error = parts.dropFirst(isRounding ? 1 : 0).reduce(
            isRounding ? error : compared.rounding + difference
        ) { $0 + ($1.error - $1.rounding) }
        return (compared, compared.error <= max(4 * largerRounding, min(budget, magnitude / 128)))
    }
}

extension Evaluator {
    /// The panels that the search of a root leaves, in ascending order of their variable.
    ///
    /// - Throws: ``NotFinite``
    public func search(_ root: PanelSearch.Root, of search: PanelSearch) throws(NotFinite) -> [FoundPanel] {
        // A tree in one array: the children of panel i are 8·i + 1 … 8·i + 8.
        var panels = [root.panel]
        var firstOfLevel = 0
        var firstParent = 0
        for _ in 0..<root.levels {
            let level = panels[firstOfLevel...]
            (firstParent, firstOfLevel) = (firstOfLevel, panels.count)
            for panel in level { panels += panel.split(into: 8) }
        }
        var estimates = try estimates(of: panels[..<max(1, firstOfLevel)], search.parts)
        var isMerged = [Bool](repeating: true, count: panels.count)
        var isConfirmed = [Bool](repeating: false, count: firstOfLevel)
        for parent in firstParent..<firstOfLevel {
            let own = estimates[parent]
            if own.isRounding,
                let difference = own.difference(
                    from: areas(over: panels[parent], cutInto: 8, search.parts[root.panel.part]))
            {
                estimates[parent].error += difference
                isConfirmed[parent] = true
                // What the children's estimates are does not matter.
                estimates += repeatElement(own, count: 8)
            } else {
                estimates += try self.estimates(of: panels[8 * parent + 1...8 * parent + 8], search.parts)
            }
        }
        for parent in (0..<firstOfLevel).reversed() where !isConfirmed[parent] {
            let children = 8 * parent + 1...8 * parent + 8
            let budget = search.budget(roots: panels[parent].width / root.panel.width)
            let isEnough: Bool
            (estimates[parent], isEnough) = estimates[parent].compared(
                with: estimates[children], isAtOrigin: panels[parent].start == 0, budget: budget)
            isMerged[parent] = isEnough && isMerged[children].allSatisfy { $0 }
        }
        var found: [FoundPanel] = []
        func collect(_ index: Int, levels: Int) {
            if isMerged[index] || levels == 0 {
                let isMerged = isMerged[index] && index < firstOfLevel
                found.append(FoundPanel(panels[index], estimates[index], isMerged: isMerged))
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

    /// The estimates of ancestors of roots. Where a node of one has no finite value it remains in pieces.
    public func estimates(ofAncestors ancestors: some Collection<Panel>, of search: PanelSearch) -> [PanelEstimate] {
        ancestors.map { ancestor in
            do throws(NotFinite) {
                return try estimates(of: [ancestor], search.parts)[0]
            } catch {
                return PanelEstimate(integral: .nan, error: .infinity, rounding: 0, magnitude: 0)
            }
        }
    }
}
