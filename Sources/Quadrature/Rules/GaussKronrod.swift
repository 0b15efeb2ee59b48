/// A part of the range of integration, found by its position: of the part of the range that a substitution covers, the
/// values of its variable from `start` on.
public struct Panel: Sendable, Hashable {
    /// Which substitution.
    public let part: Int
    /// A multiple of the width, which is a power of two: both are exact.
    public let start: Double
    public let width: Double
}

/// What is known of the area over a panel.
public struct PanelEstimate: Sendable, Hashable, BitwiseCopyable {
    public let integral: Double
    /// Of the integral, not less than `rounding`.
    public let error: Double
    /// What rounding may have done to it, which smaller panels do not make less.
    public let rounding: Double

    public init(integral: Double, error: Double, rounding: Double) {
        self.integral = integral
        self.error = error
        self.rounding = rounding
    }

    var isRounding: Bool { error <= rounding }
}

/// The 21 nodes of Kronrod's extension of the Gauss–Legendre rule with 10, on [−1, 1], in three vectors. The three lanes
/// left are nodes that do not count.
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
            0.995657163025808080735527280689003, 0, 0, 0)
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
    /// Those of the rule with 10 nodes.
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

    /// Values at the nodes, three vectors.
    typealias Values = (Vector, Vector, Vector)

    @inline(__always)
    static func map(_ values: Values, _ body: (Vector) -> Vector) -> Values {
        (body(values.0), body(values.1), body(values.2))
    }

    @inline(__always)
    static func sum(_ values: Values, _ weights: Values) -> Double {
        ((values.0 * weights.0).addingProduct(values.1, weights.1)).addingProduct(values.2, weights.2).sum()
    }

    /// - Parameters:
    ///   - displacement: How wrong the values may be because nodes were rounded, relative to the values.
    ///   - resolution: How far apart neighboring doubles are, relative to the panel: as much of the function's
    ///     variation is lost.
    ///   - half: Half the width of the panel.
    static func estimate(_ values: Values, displacement: Values, resolution: Double, half: Double) -> PanelEstimate {
        let kronrod = sum(values, weights)
        let gauss = sum(values, gaussWeights)
        let magnitudes = map(values) { $0.magnitude }
        let displaced = (
            magnitudes.0 * displacement.0, magnitudes.1 * displacement.1, magnitudes.2 * displacement.2
        )
        let variation = sum(map(values) { ($0 - kronrod / 2).magnitude }, weights) * half
        // Evaluating and summing costs the last two bits, say; the errors of 21 rounded nodes largely cancel.
        let rounding =
            (0x1p-51 * sum(magnitudes, weights) + sum(displaced, weights)) * half + variation * resolution / 8
        var error = abs(kronrod - gauss) * half
        if variation != 0 && error != 0 {
            let ratio = 200 * error / variation
            error = variation * min(1, ratio * ratio.squareRoot())
        }
        return PanelEstimate(integral: kronrod * half, error: max(error, rounding), rounding: rounding)
    }
}

/// The function has no finite value somewhere.
public struct NotFinite: Error, Hashable, Sendable {
    /// The smallest such point.
    public let x: Double
}

extension Evaluator {
    /// How often the function is evaluated on a panel.
    public static var pointsPerPanel: Int { 21 }

    /// What the areas over some panels are.
    ///
    /// - Throws: ``NotFinite`` with the smallest of all nodes at which the function is not finite.
    public func estimates(
        of panels: some Collection<Panel>, _ parts: [Substitution]
    ) throws(NotFinite) -> [PanelEstimate] {
        var estimates: [PanelEstimate] = []
        estimates.reserveCapacity(panels.count)
        var smallestNotFinite: Double?
        let slots = 3 * Vector.width
        var rest = panels[...]
        while !rest.isEmpty {
            let some = rest.prefix(Self.blockSize / slots)
            rest = rest.dropFirst(some.count)
            for (index, panel) in zip(0..., some) {
                let nodes = GaussKronrod.map(panel.variable) { parts[panel.part].x($0).x }
                store(nodes.0, workspace + index * slots)
                store(nodes.1, workspace + index * slots + Vector.width)
                store(nodes.2, workspace + index * slots + 2 * Vector.width)
            }
            let (values, step) = evaluateBlock(some.count * slots)
            for (index, panel) in zip(0..., some) {
                let derivatives = GaussKronrod.map(panel.variable) { parts[panel.part].x($0).derivative }
                let displacement = GaussKronrod.map(panel.variable) {
                    parts[panel.part].displacement($0, parts[panel.part].x($0).x)
                }
                let address = values + 3 * index * step
                let estimate = GaussKronrod.estimate(
                    (
                        load(address) * derivatives.0, load(address + step) * derivatives.1,
                        load(address + 2 * step) * derivatives.2
                    ), displacement: displacement, resolution: panel.resolution(parts[panel.part]),
                    half: panel.width / 2)
                estimates.append(estimate)
                if estimate.rounding.isFinite { continue }
                for node in 0..<slots {
                    let place = index * slots + node
                    let value = values[place / Vector.width * step + place % Vector.width]
                    let isFinite =
                        (value
                        * [derivatives.0, derivatives.1, derivatives.2][node / Vector.width][node % Vector.width])
                        .isFinite
                    if !isFinite { smallestNotFinite = min(smallestNotFinite ?? .infinity, workspace[place]) }
                }
            }
        }
        if let smallestNotFinite { throw NotFinite(x: smallestNotFinite) }
        return estimates
    }
}

extension Panel {
    /// The distance of neighboring doubles as a share of the panel's length; 0 if that is infinite.
    fileprivate func resolution(_ part: Substitution) -> Double {
        let (near, far) = (part.x(start), part.x(start + width))
        return near.isInfinite ? 0 : max(near.ulp, far.ulp) / abs(far - near)
    }

    /// The values of the substitution's variable at the nodes.
    @inline(__always)
    fileprivate var variable: (Vector, Vector, Vector) {
        GaussKronrod.map(GaussKronrod.nodes) {
            Vector(repeating: start).addingProduct(0.5 + 0.5 * $0, Vector(repeating: width))
        }
    }
}
