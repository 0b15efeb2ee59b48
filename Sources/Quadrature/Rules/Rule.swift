/// The rules that compute an area from a given number of points.
public enum Rule: String, CaseIterable, Sendable {
    case left, midpoint, trapezoid, simpson, gauss

    /// The order of convergence: the power of the spacing to which the error is proportional for smooth functions.
    public var order: Double {
        switch self {
        case .left: 1
        case .midpoint, .trapezoid: 2
        case .simpson: 4
        case .gauss: 2 * Double(NodeGrid.groupSize)
        }
    }
}

/// A rule on an interval: sums over nodes, and their factors.
public struct CompositeRule: Sendable {
    /// A part of the area: a factor times a sum over nodes.
    public struct Part: Sendable {
        public let factor: Double
        public let grid: NodeGrid
    }

    public let parts: [Part]
    /// The single points and their factors.
    public let ends: [(x: Double, factor: Double)]

    /// The number of points at which the function is evaluated.
    public var points: Int { parts.reduce(ends.count) { $0 + $1.grid.count } }

    /// - Parameters:
    ///   - points: The number of points, at least 1. The left rule and the midpoint rule have this number of nodes. The
    ///     trapezoid rule and Simpson's rule have this number of intervals, which must be even for Simpson's rule. The
    ///     Gauss–Legendre rule has panels of sixteen nodes and rounds the number up to whole panels; fewer than sixteen
    ///     nodes are a single panel.
    ///   - a: The lower limit, less than `b`. Only the Gauss–Legendre rule accepts infinite limits.
    ///   - b: The upper limit.
    public init(_ rule: Rule, from a: Double, to b: Double, points: Int) {
        let spacing = (b - a) / Double(points)
        var ends: [(x: Double, factor: Double)] = []
        switch rule {
        case .left:
            parts = [Part(factor: spacing, grid: NodeGrid(start: a, spacing: spacing, count: points))]
        case .midpoint:
            parts = [Part(factor: spacing, grid: NodeGrid(start: a + spacing / 2, spacing: spacing, count: points))]
        case .trapezoid:
            parts = [Part(factor: spacing, grid: NodeGrid(start: a + spacing, spacing: spacing, count: points - 1))]
            ends = [(a, spacing / 2), (b, spacing / 2)]
        case .simpson:
            let pairs = points / 2
            parts = [
                Part(
                    factor: 4 * spacing / 3,
                    grid: NodeGrid(start: a + spacing, spacing: 2 * spacing, count: pairs)),
                Part(
                    factor: 2 * spacing / 3,
                    grid: NodeGrid(start: a + 2 * spacing, spacing: 2 * spacing, count: pairs - 1)),
            ]
            ends = [(a, spacing / 3), (b, spacing / 3)]
        case .gauss:
            let size = NodeGrid.groupSize
            if a.isFinite && b.isFinite {
                let panels = (points + size - 1) / size
                let grid = NodeGrid(gauss: GaussLegendre(min(points, size)), from: a, to: b, panels: panels)
                parts = [Part(factor: (b - a) / Double(2 * panels), grid: grid)]
            } else {
                let substitutions = Substitution.parts(from: a, to: b)
                let points = (points + substitutions.count - 1) / substitutions.count
                let panels = (points + size - 1) / size
                parts = substitutions.map { substitution in
                    var grid = NodeGrid(gauss: GaussLegendre(min(points, size)), from: 0, to: 1, panels: panels)
                    grid.substitution = substitution
                    return Part(factor: 0.5 / Double(panels), grid: grid)
                }
            }
        }
        self.ends = ends
    }
}
