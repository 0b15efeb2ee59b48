internal import Expressions

/// The nodes and weights of a rule: nodes in ascending order, in groups of sixteen that repeat along the interval.
///
/// Node 16·p + l is at `start + (stride·p + offsets[l])·scale`. It is computed from its number with one rounding of the
/// sum, so that errors do not accumulate along the interval.
public struct NodeGrid: Sendable {
    /// The number of nodes.
    public let count: Int
    let start: Double
    let scale: Double
    let stride: Double
    let offsets: (Vector, Vector)
    let weights: (Vector, Vector)
    /// Whether all weights are 1.
    let isUnweighted: Bool
    /// The substitution that maps the nodes to an infinite range, if there is one.
    var substitution: Substitution?

    /// The number of nodes in a block, which is the unit of work. The sum of a block depends only on its number.
    public static var nodesPerBlock: Int { 1 << 16 }

    static var groupSize: Int { 2 * Vector.width }

    public var blocks: Int { (count + Self.nodesPerBlock - 1) / Self.nodesPerBlock }

    public func nodes(ofBlock block: Int) -> Range<Int> {
        block * Self.nodesPerBlock..<min((block + 1) * Self.nodesPerBlock, count)
    }

    /// Creates equally spaced nodes of equal weight.
    init(start: Double, spacing: Double, count: Int) {
        self.count = count
        self.start = start
        scale = spacing
        stride = Double(Self.groupSize)
        offsets = (.lanes, .lanes + 8)
        weights = (Vector(repeating: 1), Vector(repeating: 1))
        isUnweighted = true
    }

    /// Creates the nodes of a Gauss–Legendre rule that is repeated on adjacent panels.
    ///
    /// - Parameter rule: A rule of at most sixteen nodes, whose weights add up to 2. Nodes of weight 0 fill up a
    ///   shorter rule.
    init(gauss rule: GaussLegendre, from a: Double, to b: Double, panels: Int) {
        count = panels * Self.groupSize
        start = a
        scale = (b - a) / Double(2 * panels)
        stride = 2
        var (offsets, weights) = ((Vector.zero, Vector.zero), (Vector.zero, Vector.zero))
        for lane in 0..<Vector.width {
            let (low, high) = (lane, lane + Vector.width)
            offsets.0[lane] = 1 + rule.nodes[min(low, rule.nodes.count - 1)]
            offsets.1[lane] = 1 + rule.nodes[min(high, rule.nodes.count - 1)]
            weights.0[lane] = low < rule.nodes.count ? rule.weights[low] : 0
            weights.1[lane] = high < rule.nodes.count ? rule.weights[high] : 0
        }
        self.offsets = offsets
        self.weights = weights
        isUnweighted = false
    }

    /// Returns the nodes of a group.
    @inline(__always)
    func nodes(ofGroup group: Int) -> (Vector, Vector) { nodes(shifted: stride * Double(group)) }

    /// Returns the nodes of the group at `shift`, which is a multiple of the stride and an integer.
    @inline(__always)
    func nodes(shifted shift: Double) -> (Vector, Vector) {
        let (start, scale) = (Vector(repeating: start), Vector(repeating: scale))
        return (start.addingProduct(offsets.0 + shift, scale), start.addingProduct(offsets.1 + shift, scale))
    }

    /// Returns the position of a node.
    public func x(_ node: Int) -> Double {
        let nodes = nodes(ofGroup: node / Self.groupSize)
        let lane = node % Self.groupSize
        let position = lane < Vector.width ? nodes.0[lane] : nodes.1[lane - Vector.width]
        return substitution?.x(Vector(repeating: position)).x[0] ?? position
    }
}
