import Diffusion
import SwiftMPI

/// How a problem is solved; the answer does not depend on it.
struct SolverOptions {
    var grid: RanksGrid
    var haloDepth: HaloDepth
    var strategy: HaloStrategy

    /// The initial state of a problem. Collective.
    func simulation(of problem: DiffusionProblem, on world: Communicator) throws(MPIError) -> Simulation {
        let decomposition = try Decomposition(world, grid: grid, points: problem.pointsPerAxis)
        return try Simulation(
            problem, decomposition, haloDepth: haloDepth.steps(points: problem.pointsPerAxis, grid), strategy)
    }
}
