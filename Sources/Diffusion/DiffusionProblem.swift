/// The discrete problem: ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) on the square [x1, x2]² with p = 0 on its boundary, solved by
/// explicit Euler steps on a uniform grid.
///
/// All quantities are global and independent of the number of ranks.
public struct DiffusionProblem: Hashable, Sendable {
    public let parameters: DiffusionParameters
    /// The number of interior points along each axis.
    public let pointsPerAxis: Int
    /// The effective grid spacing, which divides the domain evenly, in m.
    public let spacing: Double
    /// The time step, in s: the longest for which the scheme is stable.
    public let dt: Double
    /// The number of steps to take.
    public let steps: Int
    /// The number of steps between two outputs.
    public let stepsPerOutput: Int

    /// Derives the discrete problem.
    ///
    /// - Throws: ``ParameterError`` that names the parameter, its value and the accepted values.
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

    /// The number of interior points of the whole grid.
    public var points: Int { pointsPerAxis * pointsPerAxis }

    /// The number of states that are output, including the initial state.
    public var outputs: Int { 1 + steps / stepsPerOutput }

    /// Returns whether the state after `step` steps is output.
    public func isOutput(afterStep step: Int) -> Bool { step % stepsPerOutput == 0 }

    /// Returns the step after which the next output follows, or the last step if no output is left.
    public func nextOutput(afterStep step: Int) -> Int { min(steps, (step / stepsPerOutput + 1) * stepsPerOutput) }

    /// Returns the time after `step` steps, in s.
    public func time(afterStep step: Int) -> Double { Double(step) * dt }

    /// Returns the coordinate of grid line `index` on either axis, in m.
    ///
    /// - Parameter index: In `0...pointsPerAxis + 1`. The first and last grid lines are the boundary.
    public func coordinate(_ index: Int) -> Double {
        parameters.x1 - spacing
            + Double(index) * (parameters.x2 - parameters.x1 + 2 * spacing) / Double(pointsPerAxis + 1)
    }

    /// Returns the profile of the initial state along one axis. The initial value at a point is the product of the
    /// profiles of both axes.
    ///
    /// The profile is a double hat: 1 in the middle of each half, 0 in the center and at the ends.
    public func initialProfile(_ index: Int) -> Double {
        let (x1, x2) = (parameters.x1, parameters.x2)
        return 1 - abs(1 - 4 * abs((coordinate(index) - (x1 + x2) / 2) / (x2 - x1)))
    }

    /// Fills a field with its part of the initial state. The halo stays zero.
    ///
    /// - Parameters:
    ///   - field: The field to fill.
    ///   - rows: The interior rows of the whole grid that the field contains, a subrange of `0..<pointsPerAxis`.
    ///   - columns: The interior columns that the field contains, a subrange of `0..<pointsPerAxis`.
    public func setInitialState(of field: inout Field, rows: Range<Int>, columns: Range<Int>) {
        let profile = columns.map { initialProfile($0 + 1) }
        for row in rows {
            let height = initialProfile(row + 1)
            var target = field.mutableRow(row - rows.lowerBound + 1, 1..<field.columns + 1)
            for column in profile.indices { target[column] = height * profile[column] }
        }
    }
}
