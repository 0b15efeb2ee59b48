/// The discrete problem: ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) on the square [x1, x2]² with p = 0 on its boundary, by explicit
/// Euler steps on a uniform grid.
///
/// All quantities are global: nothing here depends on how many ranks solve it.
public struct DiffusionProblem: Hashable, Sendable {
    public let parameters: DiffusionParameters
    /// Interior points along each axis.
    public let pointsPerAxis: Int
    /// The effective grid spacing, in m: it divides the domain evenly.
    public let spacing: Double
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
        let name = DiffusionParameter.name
        for parameter in DiffusionParameter.all where parameter.mustBePositive {
            let value = parameters[keyPath: parameter.path]
            guard value > 0, value.isFinite else {
                throw ParameterError("\(parameters.statement(parameter.path)), it must be a positive number")
            }
        }
        let (x1, x2, requested) = (parameters.x1, parameters.x2, parameters.statement(\.requestedSpacing))
        guard x1.isFinite, x2.isFinite, x2 > x1, (x2 - x1).isFinite else {
            throw ParameterError(
                "\(parameters.statement(\.x1)) and \(parameters.statement(\.x2)), they must be finite and "
                    + "\(name(\.x2)) larger than \(name(\.x1))")
        }
        let length = x2 - x1
        let quotient = length / parameters.requestedSpacing
        guard let pointsPerAxis = Int(exactly: quotient.rounded(.towardZero)), pointsPerAxis < 1 << 30 else {
            throw ParameterError("\(requested), too small: it would need \(quotient) points along an axis")
        }
        guard pointsPerAxis >= 1 else {
            throw ParameterError(
                "\(requested), too large: no interior point is left between \(name(\.x1)) and \(name(\.x2))")
        }
        let spacing = length / Double(pointsPerAxis)
        let dt = 0.25 * (spacing * spacing) / parameters.diffusion
        guard dt > 0, dt.isFinite else {
            throw ParameterError(
                "\(requested) and \(parameters.statement(\.diffusion)), no time step fits: it would be \(dt) s")
        }
        guard let steps = Int(exactly: (parameters.runtime / dt).rounded(.towardZero)),
            let stepsPerOutput = Int(exactly: (parameters.outtime / dt).rounded(.towardZero))
        else {
            throw ParameterError(
                "\(name(\.runtime)) and \(name(\.outtime)) need more time steps of \(dt) s than can be counted")
        }
        guard stepsPerOutput >= 1 else {
            throw ParameterError("\(parameters.statement(\.outtime)), it must be at least one time step, \(dt)")
        }
        (self.parameters, self.pointsPerAxis, self.spacing, self.dt) = (parameters, pointsPerAxis, spacing, dt)
        (self.steps, self.stepsPerOutput) = (steps, stepsPerOutput)
    }

    /// D·dt/dx², the factor of the stencil.
    public var k: Double { parameters.diffusion / (spacing * spacing) * dt }

    /// Interior points of the whole grid.
    public var points: Int { pointsPerAxis * pointsPerAxis }

    /// How many states are output, the initial one included.
    public var outputs: Int { 1 + steps / stepsPerOutput }

    /// Whether the state after `step` steps is output.
    public func isOutput(afterStep step: Int) -> Bool { step % stepsPerOutput == 0 }

    /// The step after which the next state after `step` is output, or the last step if there is none any more.
    public func nextOutput(afterStep step: Int) -> Int { min(steps, (step / stepsPerOutput + 1) * stepsPerOutput) }

    /// The time after `step` steps, in s.
    public func time(afterStep step: Int) -> Double { Double(step) * dt }

    /// The coordinate of grid line `index` on either axis, in m; `0...pointsPerAxis + 1`, the first and last on the
    /// boundary.
    public func coordinate(_ index: Int) -> Double {
        parameters.x1 - spacing
            + Double(index) * (parameters.x2 - parameters.x1 + 2 * spacing) / Double(pointsPerAxis + 1)
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
    ///   - rows: Which interior rows of the whole grid it holds, a subrange of `0..<pointsPerAxis`.
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
