public import Expressions

/// The initial search of adaptive quadrature for narrow features.
///
/// The range is split into very many panels, so that every feature with a width of 1e-6 of the range (in an infinite
/// range, of 1e-6 of its distance from a limit) contains at least one of their nodes. Panels on which the function is
/// smooth are then merged in several levels: eight panels become one if its area is the sum of theirs. The remaining
/// panels have error estimates that the smallest panels support.
///
/// Each root is searched independently, so that roots can be searched in any order and on any number of processors.
/// Then ``merge(_:_:)`` merges roots on which the function is smooth in pairs, pairs of pairs, and so on: the nodes of
/// large panels are far from singular limits, where those of small panels suffer from rounding.
public struct PanelSearch: Sendable {
    /// A panel to search, and the number of times it is split into eight.
    public struct Root: Sendable {
        let panel: Panel
        let levels: Int
    }

    public let parts: [Substitution]
    public let roots: [Root]
    /// The panels that consist of two or more whole roots.
    public let ancestors: [Panel]
    /// The number of panels that are evaluated.
    public let panelCount: Int
    let tolerance: Double

    /// The number of panels per part, unless the number of points is limited. With so many panels, the nodes in the
    /// middle of a finite range are at most 6e-7 of the range apart.
    private static var wantedPanels: Int { 1 << 17 }
    /// The maximum number of panels; more are not worth the time.
    private static var panelLimit: Int { 1 << 22 }
    private static var fewestPanels: Int { 8 }

    /// - Parameters:
    ///   - a: The lower limit, less than `b`; may be infinite.
    ///   - b: The upper limit; may be infinite.
    ///   - breakPoints: Points between the limits, in ascending order.
    ///   - tolerance: The requested error; positive. Panels are merged if the sum of all errors stays well below it.
    ///   - panelLimit: The approximate maximum number of panels to evaluate; at least eight per part are evaluated.
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

    /// Returns the ancestors of the roots. There are none if no root is split, because nothing is merged then.
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

    /// Returns the roots of a search with the given number of panels for each part, and for each octave towards
    /// infinity.
    private static func roots(_ parts: [Substitution], panels: Int) -> [Root] {
        let levels = panels >= 1 << 12 ? 3 : panels >= 1 << 9 ? 2 : panels >= 1 << 6 ? 1 : 0
        func cut(_ panel: Panel) -> [Root] {
            panel.split(into: panels >> (3 * levels)).map { Root(panel: $0, levels: levels) }
        }
        return parts.indices.flatMap { part in
            if parts[part].kind == .square { return cut(Panel(part: part, start: 0, width: 1)) }
            // Because x is 1/s², the panels are equal in s between one power of two and the next. Far out, fewer panels
            // are enough.
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

/// A panel that results from the search.
public struct FoundPanel: Sendable {
    public let panel: Panel
    public let estimate: PanelEstimate
    /// Whether the panel replaces smaller panels, which confirm its area.
    public let isMerged: Bool

    public init(_ panel: Panel, _ estimate: PanelEstimate, isMerged: Bool) {
        self.panel = panel
        self.estimate = estimate
        self.isMerged = isMerged
    }
}

extension PanelSearch {
    /// Returns the error that a merged panel may have even if its rounding error is smaller: its share of a quarter of
    /// the tolerance.
    ///
    /// - Parameter roots: The number of roots that the panel consists of.
    fileprivate func budget(roots: Double) -> Double { tolerance / 4 / Double(self.roots.count) * roots }

    /// Merges roots that the search has not split.
    ///
    /// - Parameters:
    ///   - found: The results of the search of all roots, in order.
    ///   - estimates: The estimates of ``ancestors``.
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

/// Repeatedly joins neighboring elements, including joined ones, as long as `join` returns an element for them.
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
    /// Returns the difference from the area on smaller panels; `nil` if it exceeds the rounding error.
    fileprivate func difference(from areas: (integral: Double, magnitude: Double)) -> Double? {
        let difference = abs(areas.integral - integral)
        // Differences that cancel in the integral do not cancel in the magnitude.
        return difference <= rounding && abs(areas.magnitude - magnitude) <= rounding ? difference : nil
    }

    /// Returns this estimate with the error that the estimates of the panel's parts suggest, and whether the error is
    /// small enough for the panel to replace its parts.
    ///
    /// - Parameters:
    ///   - isAtOrigin: Whether the panel starts at the origin of the substitution.
    ///   - budget: An error that is small enough.
    fileprivate func compared(
        with parts: ArraySlice<PanelEstimate>, isAtOrigin: Bool, budget: Double
    ) -> (PanelEstimate, isEnough: Bool) {
        let partsRounding = parts.reduce(0) { $0 + $1.rounding }
        let largerRounding = max(rounding, partsRounding)
        let difference = abs(parts.reduce(integral) { $0 - $1.integral })
        // At a singular limit the estimate of the first part is mostly rounding error. The nodes of the whole panel are
        // farther from the limit, so its own error estimate is used.
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
    /// Searches a root and returns the resulting panels, in ascending order of their variable.
    ///
    /// - Throws: ``NotFinite`` if the function is non-finite at a node.
    public func search(_ root: PanelSearch.Root, of search: PanelSearch) throws(NotFinite) -> [FoundPanel] {
        // The array is a tree: the children of panel i are panels 8·i + 1 … 8·i + 8.
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
                // The estimates of the children are irrelevant.
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
        // If there are too many of the smallest panels, larger ones are used.
        let limit = max(64, AdaptiveQuadrature.keptLimit / search.roots.count)
        for levels in (0...root.levels).reversed() where found.isEmpty || found.count > limit {
            found = []
            collect(0, levels: levels)
        }
        return found
    }

    /// Returns the estimates of ancestors of roots. An ancestor with a non-finite value at a node gets an infinite
    /// error and is not merged.
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
