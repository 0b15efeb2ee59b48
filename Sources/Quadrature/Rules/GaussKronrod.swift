public import Expressions

/// A part of the range of integration, identified by its position: an interval of the variable of one substitution.
public struct Panel: Sendable, Hashable {
    /// The index of the substitution.
    public let part: Int
    /// The start of the interval: a multiple of the width, which is a power of two. Both are exact.
    public let start: Double
    public let width: Double

    public init(part: Int, start: Double, width: Double) {
        self.part = part
        self.start = start
        self.width = width
    }

    /// Creates the panel whose halves are the two given panels; nil if there is no such panel.
    init?(joining left: Panel, _ right: Panel) {
        guard left.part == right.part, left.width == right.width, left.start + left.width == right.start,
            left.start.truncatingRemainder(dividingBy: 2 * left.width) == 0
        else { return nil }
        self.init(part: left.part, start: left.start, width: 2 * left.width)
    }

    /// Splits the panel into panels of equal width.
    ///
    /// - Parameter count: The number of panels; a power of two.
    func split(into count: Int) -> [Panel] {
        let width = width / Double(count)
        return (0..<count).map { Panel(part: part, start: start + Double($0) * width, width: width) }
    }
}

/// An estimate of the area over a panel.
public struct PanelEstimate: Sendable, Hashable, BitwiseCopyable {
    public let integral: Double
    /// The error of the integral; at least `rounding`.
    public internal(set) var error: Double
    /// The rounding error of the integral, which smaller panels do not reduce.
    public internal(set) var rounding: Double
    /// The area under the absolute value.
    public let magnitude: Double

    public init(integral: Double, error: Double, rounding: Double, magnitude: Double) {
        self.integral = integral
        self.error = error
        self.rounding = rounding
        self.magnitude = magnitude
    }

    var isRounding: Bool { error <= rounding }
}

/// The 21 nodes of Kronrod's extension of the 10-point Gauss–Legendre rule on [−1, 1], in three vectors. Two of the
/// three remaining lanes are the ends of the panel, which have no weight in the sums.
///
/// Constants and error estimate: QUADPACK's `qk21` (Piessens, de Doncker-Kapenga, Überhuber and Kahaner, 1983).
private enum GaussKronrod {
    static let nodes = (
        Vector(
            -0.995657163025808080735527280689003, -0.973906528517171720077964012084452,
            -0.930157491355708226001207180059508, -0.865063366688984510732096688423493,
            -0.780817726586416897063717578345042, -0.679409568299024406234327365114874,
            -0.562757134668604683339000099272694, -0.433395394129247190799265943165784),
        Vector(
            -0.294392862701460198131126603103866, -0.148874338981631210884826001129720, 0,
            0.148874338981631210884826001129720, 0.294392862701460198131126603103866,
            0.433395394129247190799265943165784, 0.562757134668604683339000099272694,
            0.679409568299024406234327365114874),
        Vector(
            0.780817726586416897063717578345042, 0.865063366688984510732096688423493,
            0.930157491355708226001207180059508, 0.973906528517171720077964012084452,
            0.995657163025808080735527280689003, -1, 1, 0)
    )
    static let weights = (
        Vector(
            0.011694638867371874278064396062192, 0.032558162307964727478818972459390,
            0.054755896574351996031381300244580, 0.075039674810919952767043140916190,
            0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
            0.123491976262065851077958109831074, 0.134709217311473325928054001771707),
        Vector(
            0.142775938577060080797094273138717, 0.147739104901338491374841515972068,
            0.149445554002916905664936468389821, 0.147739104901338491374841515972068,
            0.142775938577060080797094273138717, 0.134709217311473325928054001771707,
            0.123491976262065851077958109831074, 0.109387158802297641899210590325805),
        Vector(
            0.093125454583697605535065465083366, 0.075039674810919952767043140916190,
            0.054755896574351996031381300244580, 0.032558162307964727478818972459390,
            0.011694638867371874278064396062192, 0, 0, 0)
    )
    /// The weights of the 10-point rule.
    static let gaussWeights = (
        Vector(
            0, 0.066671344308688137593568809893332, 0, 0.149451349150580593145776339657697, 0,
            0.219086362515982043995534934228163, 0, 0.269266719309996355091226921569469),
        Vector(
            0, 0.295524224714752870173892994651338, 0, 0.295524224714752870173892994651338, 0,
            0.269266719309996355091226921569469, 0, 0.219086362515982043995534934228163),
        Vector(
            0, 0.149451349150580593145776339657697, 0, 0.066671344308688137593568809893332, 0, 0, 0, 0)
    )

    /// The lanes of the last node and of the ends of the panel in the last vector.
    static let (lastLane, leftLane, rightLane) = (4, 5, 6)

    /// The values at the nodes, in three vectors.
    typealias Values = (Vector, Vector, Vector)

    /// Rules that determine whether the nodes resolve a function.
    ///
    /// Method: null rules, after Berntsen and Espelid, "Error estimation in automatic quadrature routines", ACM Trans.
    /// Math. Softw. 17 (1991); the polynomials by Stieltjes' procedure.
    struct ResolutionRules {
        /// The four orthonormal polynomials of the highest degrees on the nodes, times the weights. They give nearly 0
        /// for a function that the nodes resolve, and a few percent for a jump or a kink anywhere in the panel.
        var null: InlineArray<4, Values>
        /// The rules for the values of the polynomial through all nodes at the ends of the panel.
        var ends: (Values, Values)

        init() {
            let zero = map(nodes) { _ in Vector.zero }
            ends = (zero, zero)
            null = InlineArray(repeating: zero)
            var before = zero
            var polynomial = map(nodes) { _ in Vector(repeating: 0.5.squareRoot()) }
            var norm = 0.0
            for degree in 0...20 {
                let weighted = combine(polynomial, weights) { $0 * $1 }
                let atEnds = (polynomial.2[leftLane], polynomial.2[rightLane])
                ends.0 = combine(ends.0, weighted) { $0 + atEnds.0 * $1 }
                ends.1 = combine(ends.1, weighted) { $0 + atEnds.1 * $1 }
                if degree > 16 { null[degree - 17] = weighted }
                // Because the nodes are symmetric, the recurrence has no term of the same degree.
                let next = combine(combine(nodes, polynomial) { $0 * $1 }, before) { [norm] in $0 - norm * $1 }
                norm = sum(map(next) { $0 * $0 }, weights).squareRoot()
                (before, polynomial) = (polynomial, map(next) { [norm] in $0 / norm })
            }
        }
    }

    static let resolutionRules = ResolutionRules()

    /// Returns the possible error if the nodes do not resolve the function; 0 if they do. All areas are those on [−1,
    /// 1].
    ///
    /// - Parameters:
    ///   - ends: The values at the ends of the panel; NaN for an end without a value.
    ///   - variation: The area under the absolute deviation from the mean.
    ///   - rounding: The rounding error of areas.
    @inline(__always)
    static func unresolved(_ values: Values, ends: (Double, Double), mean: Double, variation: Double, rounding: Double)
        -> Double
    {
        let rules = resolutionRules
        var high = 0.0
        for index in rules.null.indices {
            let part = sum(values, rules.null[index])
            high += part * part
        }
        let square = sum(map(values) { ($0 - mean) * ($0 - mean) }, weights)
        // A panel can hide a jump between its outermost node and its end.
        let misses = (abs(ends.0 - sum(values, rules.ends.0)), abs(ends.1 - sum(values, rules.ends.1)))
        let miss = max(misses.0.isFinite ? misses.0 : 0, misses.1.isFinite ? misses.1 : 0)
        let isMissed = miss > square.squareRoot() / 32 + 0x1p-40 * abs(mean) + 64 * rounding
        return high > max(1e-6 * square, rounding * rounding) || isMissed ? max(variation, miss / 64) : 0
    }

    @inline(__always)
    static func combine(_ a: Values, _ b: Values, _ body: (Vector, Vector) -> Vector) -> Values {
        (body(a.0, b.0), body(a.1, b.1), body(a.2, b.2))
    }

    @inline(__always)
    static func map(_ values: Values, _ body: (Vector) -> Vector) -> Values {
        (body(values.0), body(values.1), body(values.2))
    }

    @inline(__always)
    static func sum(_ values: Values, _ weights: Values) -> Double {
        ((values.0 * weights.0).addingProduct(values.1, weights.1)).addingProduct(values.2, weights.2).sum()
    }

    /// Returns the estimate for the values on a panel.
    ///
    /// - Parameters:
    ///   - values: The values at the nodes, and those at the ends of the panel in their lanes.
    ///   - isAtOrigin: Whether the panel starts at the origin of the substitution, where there is no value.
    ///   - displacement: The relative errors of the values that the rounding of the nodes may cause.
    ///   - resolution: The distance by which rounding moves the nodes, relative to the width of the panel. The same
    ///     share of the function's variation is lost.
    ///   - half: Half the width of the panel.
    static func estimate(
        _ values: Values, isAtOrigin: Bool, displacement: Values, resolution: Double, half: Double
    ) -> PanelEstimate {
        let ends = (isAtOrigin ? .nan : values.2[leftLane], values.2[rightLane])
        let values = (values.0, values.1, values.2.keeping(lastLane + 1))
        let kronrod = sum(values, weights)
        let gauss = sum(values, gaussWeights)
        let magnitudes = map(values) { $0.magnitude }
        let displaced = (
            magnitudes.0 * displacement.0, magnitudes.1 * displacement.1, magnitudes.2 * displacement.2
        )
        let variation = sum(map(values) { ($0 - kronrod / 2).magnitude }, weights) * half
        // Evaluation and summation are assumed to lose the last two bits.
        let magnitude = sum(magnitudes, weights)
        let rounding = (0x1p-51 * magnitude + sum(displaced, weights)) * half + variation * resolution
        var error = abs(kronrod - gauss) * half
        let unresolved =
            unresolved(values, ends: ends, mean: kronrod / 2, variation: variation / half, rounding: rounding / half)
            * half
        if unresolved > 0 {
            // The difference between the rules may be small by chance.
            error = max(error, unresolved)
        } else if error > rounding {
            // A smaller difference is meaningless; a larger one implies that the variation is not 0.
            let ratio = 200 * error / variation
            error = variation * min(1, ratio * ratio.squareRoot())
        }
        return PanelEstimate(
            integral: kronrod * half, error: max(error, rounding), rounding: rounding, magnitude: magnitude * half)
    }
}

/// An error that reports a point at which the function is non-finite.
public struct NotFinite: Error, Hashable, Sendable {
    /// The smallest such point that was found.
    public let x: Double
}

extension Evaluator {
    /// The number of points at which the function is evaluated on a panel.
    public static var pointsPerPanel: Int { 21 }

    /// Returns estimates of the areas over some panels.
    ///
    /// - Throws: ``NotFinite`` with the smallest of all nodes at which the function is non-finite.
    public func estimates(
        of panels: some Collection<Panel>, _ parts: [Substitution]
    ) throws(NotFinite) -> [PanelEstimate] {
        var estimates: [PanelEstimate] = []
        estimates.reserveCapacity(panels.count)
        var smallestNotFinite: Double?
        var rest = panels[...]
        while !rest.isEmpty {
            let some = rest.prefix(Self.blockSize / Self.slots)
            rest = rest.dropFirst(some.count)
            for (index, panel) in zip(0..., some) { storeNodes(of: panel, parts[panel.part], index) }
            let (values, step) = evaluateBlock(some.count * Self.slots)
            for (index, panel) in zip(0..., some) {
                let part = parts[panel.part]
                let variable = panel.variable
                let points = GaussKronrod.map(variable) { part.x($0).x }
                let derivatives = GaussKronrod.map(variable) { part.x($0).derivative }
                let displacement = GaussKronrod.combine(variable, points) { part.displacement($0, $1) }
                let address = values + 3 * index * step
                let estimate = GaussKronrod.estimate(
                    (
                        load(address) * derivatives.0, load(address + step) * derivatives.1,
                        load(address + 2 * step) * derivatives.2
                    ), isAtOrigin: panel.start == 0, displacement: displacement,
                    resolution: panel.resolution(part),
                    half: panel.width / 2)
                if estimate.rounding.isFinite {
                    estimates.append(estimate)
                    continue
                }
                var smallest = Double.infinity
                // Towards infinity x²·exp(−x) underflows to 0, and finally becomes 0·∞. The last node is the closest to
                // the origin.
                // nearest to the origin of x.
                let nearest = values[(3 * index + 2) * step + GaussKronrod.lastLane]
                var hasVanished = part.kind == .reciprocalSquare && nearest == 0
                for node in 0..<Self.pointsPerPanel {
                    let place = index * Self.slots + node
                    let value = values[place / Vector.width * step + place % Vector.width]
                    let derivative =
                        [derivatives.0, derivatives.1, derivatives.2][node / Vector.width][node % Vector.width]
                    if !(value * derivative).isFinite { smallest = min(smallest, workspace[place]) }
                    if !(value == 0 || value.isNaN) { hasVanished = false }
                }
                if hasVanished {
                    estimates.append(PanelEstimate(integral: 0, error: 0, rounding: 0, magnitude: 0))
                } else {
                    smallestNotFinite = min(smallestNotFinite ?? .infinity, smallest)
                    estimates.append(estimate)
                }
            }
        }
        if let smallestNotFinite { throw NotFinite(x: smallestNotFinite) }
        return estimates
    }

    /// Returns the area over a panel and the area of the absolute value, computed on `count` smaller panels. There are
    /// no error estimates, so this takes a fraction of the time.
    ///
    /// - Parameter count: The number of smaller panels: a power of two, at most as many as fit into a block.
    func areas(over panel: Panel, cutInto count: Int, _ part: Substitution) -> (integral: Double, magnitude: Double) {
        let width = panel.width / Double(count)
        func child(_ index: Int) -> Panel {
            Panel(part: panel.part, start: panel.start + Double(index) * width, width: width)
        }
        for index in 0..<count { storeNodes(of: child(index), part, index) }
        let (values, step) = evaluateBlock(count * Self.slots)
        var (sums, magnitudes) = (Vector.zero, Vector.zero)
        let weights = GaussKronrod.weights
        for index in 0..<count {
            let derivatives = GaussKronrod.map(child(index).variable) { part.x($0).derivative }
            let address = values + 3 * index * step
            let values = (
                load(address) * derivatives.0, load(address + step) * derivatives.1,
                load(address + 2 * step) * derivatives.2
            )
            sums = sums.addingProduct(values.0, weights.0).addingProduct(values.1, weights.1)
                .addingProduct(values.2, weights.2)
            magnitudes = magnitudes.addingProduct(values.0.magnitude, weights.0)
                .addingProduct(values.1.magnitude, weights.1).addingProduct(values.2.magnitude, weights.2)
        }
        return (sums.sum() * width / 2, magnitudes.sum() * width / 2)
    }

    /// Stores the nodes of a panel in the block of x, at the position of the panel with this index.
    @inline(__always)
    private func storeNodes(of panel: Panel, _ part: Substitution, _ index: Int) {
        let nodes = GaussKronrod.map(panel.variable) { part.x($0).x }
        store(nodes.0, workspace + index * Self.slots)
        store(nodes.1, workspace + index * Self.slots + Vector.width)
        store(nodes.2, workspace + index * Self.slots + 2 * Vector.width)
    }

    /// The number of values that a panel occupies in a block.
    private static var slots: Int { 3 * Vector.width }
}

extension Panel {
    /// Returns the distance by which rounding moves the nodes, relative to the length of the panel and at most 1; 0 if
    /// the length is infinite.
    fileprivate func resolution(_ part: Substitution) -> Double {
        let (near, far) = (part.x(start), part.x(start + width))
        if near.isInfinite { return 0 }
        // A reciprocal square involves more roundings. The roundings of the distance from the origin largely cancel.
        let factor = part.kind == .square ? 2.0 : 8
        let rounding = max(factor * max(near.ulp, far.ulp), part.origin.ulp / 2)
        return rounding / max(abs(far - near), rounding)
    }

    /// The values of the substitution's variable at the nodes and the ends, except for the origin.
    @inline(__always)
    fileprivate var variable: (Vector, Vector, Vector) {
        var variable = GaussKronrod.map(GaussKronrod.nodes) {
            Vector(repeating: start).addingProduct(0.5 + 0.5 * $0, Vector(repeating: width))
        }
        if start == 0 { variable.2[GaussKronrod.leftLane] = width }
        return variable
    }
}
