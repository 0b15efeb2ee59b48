import Diffusion
import Testing

/// Parameters that describe no problem are refused with their name, their value and what is accepted.
@Suite struct ParameterErrorTests {
    typealias Parameter = WritableKeyPath<DiffusionParameters, Double> & Sendable

    @Test(
        arguments: [("dx", \.requestedSpacing), ("D", \.diffusion), ("runtime", \.runtime), ("outtime", \.outtime)]
            as [(String, Parameter)],
        [0, -0.0, -1, .nan, .infinity, -.infinity] as [Double])
    func mustBePositive(_ parameter: (name: String, path: Parameter), value: Double) {
        refuses(["\(parameter.name) is \(value),", "positive"]) { $0[keyPath: parameter.path] = value }
    }

    @Test(arguments: [
        (10.0, -10.0), (1, 1), (.nan, 1), (0, .nan), (0, .infinity), (-.infinity, 0),
        (-.greatestFiniteMagnitude, .greatestFiniteMagnitude),
    ])
    func theDomainMustHaveALength(x1: Double, x2: Double) {
        refuses(["x1 is \(x1)", "x2 is \(x2)", "larger"]) { ($0.x1, $0.x2) = (x1, x2) }
    }

    @Test(arguments: [20.001, 21, 1e300])
    func theSpacingMustLeaveAPoint(dx: Double) {
        refuses(["dx is \(dx)", "too large"]) { $0.requestedSpacing = dx }
    }

    @Test(arguments: [1e-8, 1e-20, 1e-300, .leastNonzeroMagnitude] as [Double])
    func theSpacingMustBeCountable(dx: Double) {
        refuses(["dx is \(dx)", "too small"]) { $0.requestedSpacing = dx }
    }

    @Test(arguments: [(Double.greatestFiniteMagnitude, 1e-9), (.leastNonzeroMagnitude, 1.0)])
    func aTimeStepMustExist(diffusion: Double, length: Double) {
        refuses(["D is \(diffusion)", "dx is \(length / 10)", "time step"]) {
            $0.diffusion = diffusion
            ($0.x1, $0.x2, $0.requestedSpacing) = (0, length, length / 10)
        }
    }

    @Test(arguments: [\.runtime, \.outtime] as [Parameter])
    func theStepsMustBeCountable(parameter: Parameter) {
        refuses(["runtime and outtime", "0.0011185557208532341", "counted"]) { $0[keyPath: parameter] = 1e300 }
    }

    @Test(arguments: [1e-3, 1e-300])
    func anOutputTakesAtLeastAStep(outtime: Double) {
        refuses(["outtime is \(outtime)", "0.0011185557208532341"]) { $0.outtime = outtime }
    }

    /// Just inside each limit.
    @Test func theLimitsAreNoErrors() throws {
        var parameters = DiffusionParameters()
        parameters.requestedSpacing = 20
        parameters.outtime = 100  // one time step
        parameters.runtime = 1e-300
        let problem = try DiffusionProblem(parameters)
        #expect((problem.pointsPerAxis, problem.steps, problem.stepsPerOutput, problem.outputs) == (1, 0, 1, 1))
    }

    private func refuses(
        _ texts: [String], sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout DiffusionParameters) -> Void
    ) {
        var parameters = DiffusionParameters()
        change(&parameters)
        let error = #expect(throws: ParameterError.self, sourceLocation: sourceLocation) {
            _ = try DiffusionProblem(parameters)
        }
        for text in texts {
            #expect(
                error?.description.contains(text) == true, "\(text): \(error as Any)", sourceLocation: sourceLocation)
        }
    }
}
