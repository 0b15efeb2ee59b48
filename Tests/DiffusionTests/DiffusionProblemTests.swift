import Diffusion
import Testing

/// What follows from the parameters, by the formulas of DESIGN.md.
@Suite struct DiffusionProblemTests {
    @Test func theDefaultProblem() throws {
        let problem = try DiffusionProblem(DiffusionParameters())
        #expect(problem.pointsPerAxis == 299)
        #expect(problem.points == 299 * 299)
        #expect(problem.steps == 13410)
        #expect(problem.stepsPerOutput == 447)
        #expect(problem.outputs == 31)
        #expect(problem.isOutput(afterStep: 13410), "the last state is output")
        #expect(problem.spacing == 20.0 / 299)
        #expect(problem.dt == 0.25 * (20.0 / 299 * (20.0 / 299)))
        #expect(abs(problem.k - 0.25) <= 1e-16)
        #expect(problem.time(afterStep: 13410) == 13410 * problem.dt)
    }

    @Test func theStatesThatAreOutput() throws {
        var parameters = DiffusionParameters()
        parameters.requestedSpacing = 1  // dt = 1/4
        parameters.runtime = 2.6
        parameters.outtime = 0.8
        let problem = try DiffusionProblem(parameters)
        #expect((problem.pointsPerAxis, problem.steps, problem.stepsPerOutput) == (20, 10, 3))
        #expect((0...10).filter { problem.isOutput(afterStep: $0) } == [0, 3, 6, 9])
        #expect(problem.outputs == 4)
    }

    /// The spacing divides the domain evenly; the one asked for is rounded to a number of points, downwards.
    @Test(arguments: [
        (20, 1, 20.0), (19, 1, 20), (10.01, 1, 20), (10, 2, 10), (1, 20, 1), (0.99, 20, 1), (1.01, 19, 20.0 / 19),
    ])
    func theSpacing(requested: Double, points: Int, effective: Double) throws {
        var parameters = DiffusionParameters()
        parameters.requestedSpacing = requested
        parameters.outtime = 100
        let problem = try DiffusionProblem(parameters)
        #expect(problem.pointsPerAxis == points)
        #expect(problem.spacing == effective)
    }

    @Test(arguments: [(-10.0, 10.0, 0.0667), (0, 1, 0.1), (3, 7.5, 0.31), (-1e-3, 1e-3, 1e-4)])
    func theCoordinates(x1: Double, x2: Double, dx: Double) throws {
        let problem = try problem(x1, x2, dx)
        let last = problem.pointsPerAxis + 1
        let tolerance = 4e-15 * max(abs(x1), abs(x2))
        #expect(problem.coordinate(0) == x1 - problem.spacing)
        #expect(abs(problem.coordinate(last) - (x2 + problem.spacing)) <= tolerance)
        for index in 0...last {
            let expected = x1 - problem.spacing + Double(index) * (x2 - x1 + 2 * problem.spacing) / Double(last)
            #expect(problem.coordinate(index) == expected)
            #expect(abs(problem.coordinate(index) + problem.coordinate(last - index) - (x1 + x2)) <= tolerance)
        }
    }

    /// A double hat over the domain: 0 at its ends and in the center, 1 in the middle of both halves, straight between.
    @Test(arguments: [(-10.0, 10.0, 0.0667), (0, 1, 0.1), (3, 7.5, 0.31)])
    func theInitialProfile(x1: Double, x2: Double, dx: Double) throws {
        let problem = try problem(x1, x2, dx)
        for index in 1...problem.pointsPerAxis {
            let s = 4 * (problem.coordinate(index) - x1) / (x2 - x1)  // 0...4 over the domain
            let expected = s <= 1 ? s : s <= 2 ? 2 - s : s <= 3 ? s - 2 : 4 - s
            #expect(abs(problem.initialProfile(index) - expected) <= 1e-13)
        }
    }

    /// A rank sets its own block, with the bits it would have in the whole.
    @Test func theInitialState() throws {
        let problem = try problem(-10, 10, 0.7)
        var whole = Field(rows: 28, columns: 28)
        problem.setInitialState(of: &whole, rows: 0..<28, columns: 0..<28)
        var block = Field(rows: 4, columns: 11)
        problem.setInitialState(of: &block, rows: 5..<9, columns: 17..<28)
        for row in 0...29 {
            for column in 0...29 {
                let isRim = [0, 29].contains(row) || [0, 29].contains(column)
                let expected = isRim ? 0 : problem.initialProfile(row) * problem.initialProfile(column)
                #expect(whole[row, column] == expected)
                #expect(abs(whole[row, column] - whole[29 - row, column]) <= 1e-14)
            }
        }
        for row in 0...5 {
            for column in 0...12 {
                let isRim = [0, 5].contains(row) || [0, 12].contains(column)
                #expect(block[row, column] == (isRim ? 0 : whole[row + 5, column + 17]))
            }
        }
    }

    private func problem(_ x1: Double, _ x2: Double, _ dx: Double) throws -> DiffusionProblem {
        var parameters = DiffusionParameters()
        (parameters.x1, parameters.x2, parameters.requestedSpacing) = (x1, x2, dx)
        (parameters.runtime, parameters.outtime) = (15 * dx * dx, 5 * dx * dx)
        return try DiffusionProblem(parameters)
    }
}
