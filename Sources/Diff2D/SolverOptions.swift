import Diffusion
import SwiftMPI

/// The options of the solver, which do not affect the solution.
struct SolverOptions {
    var grid: RanksGrid
    var haloDepth: HaloDepth
    var strategy: HaloStrategy

    /// Returns the initial state of a problem. Collective.
    func simulation(of problem: DiffusionProblem, on world: Communicator) throws(MPIError) -> Simulation {
        let decomposition = try Decomposition(world, grid: grid, points: problem.pointsPerAxis)
        return try Simulation(
            problem, decomposition, haloDepth: haloDepth.steps(points: problem.pointsPerAxis, grid), strategy)
    }
}
