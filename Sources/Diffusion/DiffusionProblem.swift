/// What the user chooses: the equation's constants, the domain, and how finely to resolve it.
public struct DiffusionParameters: Hashable, Sendable {
    /// Diffusion constant D, in m²/s.
    public var diffusion = 1.0
    /// Where the square domain begins and ends on both axes, in m.
    public var x1 = -10.0
    public var x2 = 10.0
    /// How long to simulate, in s.
    public var runtime = 15.0
    /// The wanted grid spacing, in m; the one used divides the domain evenly.
    public var dx = 0.0667
    /// The time between two outputs, in s.
    public var outtime = 0.5

    public init() {}
}

/// Parameters that describe no problem that could be solved.
public struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// The discrete problem: ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) on the square [x1, x2]² with p = 0 on its boundary, by explicit
/// Euler steps on a uniform grid.
///
/// All quantities are global: nothing here depends on how many ranks solve it.
public struct DiffusionProblem: Hashable, Sendable {
    public let parameters: DiffusionParameters
    /// Interior points along each axis.
    public let nrows: Int
    /// The grid spacing, in m.
    public let dx: Double
    /// The time step, in s: the longest for which the scheme is stable.
    public let dt: Double
    /// How many steps to take.
    public let steps: Int
    /// Steps between two outputs.
    public let stepsPerOutput: Int

    /// Derives the discrete problem.
    ///
    /// - Throws: ``ParameterError`` naming the parameter, its value and what is accepted.
    public init(_ parameters: DiffusionParameters) throws(ParameterError) {
        let given = parameters
        for (name, value) in [
            ("dx", given.dx), ("D", given.diffusion), ("runtime", given.runtime), ("outtime", given.outtime),
        ] where !(value > 0 && value.isFinite) {
            throw ParameterError("\(name) is \(value), it must be a positive number")
        }
        guard given.x1.isFinite, given.x2.isFinite, given.x2 > given.x1, (given.x2 - given.x1).isFinite else {
            throw ParameterError("x1 is \(given.x1) and x2 is \(given.x2), they must be finite and x2 larger than x1")
        }
        let length = given.x2 - given.x1
        guard let nrows = Int(exactly: (length / given.dx).rounded(.towardZero)), nrows < 1 << 30 else {
            throw ParameterError(
                "dx is \(given.dx), too small: it would need \(length / given.dx) points along an axis")
        }
        guard nrows >= 1 else {
            throw ParameterError("dx is \(given.dx), too large: no interior point is left between x1 and x2")
        }
        let dx = length / Double(nrows)
        let dt = 0.25 * (dx * dx) / given.diffusion
        guard dt > 0, dt.isFinite else {
            throw ParameterError(
                "dx is \(given.dx) and D is \(given.diffusion), no time step fits: it would be \(dt) s")
        }
        guard let steps = Int(exactly: (given.runtime / dt).rounded(.towardZero)),
            let stepsPerOutput = Int(exactly: (given.outtime / dt).rounded(.towardZero))
        else {
            throw ParameterError("runtime and outtime need more time steps of \(dt) s than can be counted")
        }
        guard stepsPerOutput >= 1 else {
            throw ParameterError("outtime is \(given.outtime), it must be at least one time step, \(dt)")
        }
        (self.parameters, self.nrows, self.dx, self.dt) = (parameters, nrows, dx, dt)
        (self.steps, self.stepsPerOutput) = (steps, stepsPerOutput)
    }

    /// D·dt/dx², the factor of the stencil.
    public var k: Double { parameters.diffusion / (dx * dx) * dt }

    /// Interior points of the whole grid.
    public var points: Int { nrows * nrows }

    /// How many states are output, the initial one included.
    public var outputs: Int { 1 + steps / stepsPerOutput }

    /// Whether the state after `step` steps is output.
    public func isOutput(afterStep step: Int) -> Bool { step % stepsPerOutput == 0 }

    /// The step after which the next state after `step` is output, or the last step if there is none any more.
    public func nextOutput(afterStep step: Int) -> Int { min(steps, (step / stepsPerOutput + 1) * stepsPerOutput) }

    /// The time after `step` steps, in s.
    public func time(afterStep step: Int) -> Double { Double(step) * dt }

    /// The coordinate of grid line `index` on either axis, in m; `0...nrows + 1`, the first and last on the boundary.
    public func coordinate(_ index: Int) -> Double {
        parameters.x1 - dx + Double(index) * (parameters.x2 - parameters.x1 + 2 * dx) / Double(nrows + 1)
    }

    /// The initial state along one axis; at a point it is the product of both axes'.
    ///
    /// A double hat: 1 at the middle of each half, 0 in the center and at the ends.
    public func initialProfile(_ index: Int) -> Double {
        let (x1, x2) = (parameters.x1, parameters.x2)
        return 1 - abs(1 - 4 * abs((coordinate(index) - (x1 + x2) / 2) / (x2 - x1)))
    }

    /// Fills a field with its part of the initial state; its rim stays zero.
    ///
    /// - Parameters:
    ///   - field: Gets the points.
    ///   - rows: Which interior rows of the whole grid it holds, a subrange of `0..<nrows`.
    ///   - columns: Which columns.
    public func setInitialState(of field: inout Field, rows: Range<Int>, columns: Range<Int>) {
        let profile = columns.map { initialProfile($0 + 1) }
        for row in rows {
            let height = initialProfile(row + 1)
            var target = field.mutableRow(row - rows.lowerBound + 1, 1..<field.columns + 1)
            for column in profile.indices { target[column] = height * profile[column] }
        }
    }
}
