import CommandSupport
import Diffusion

/// What a run prints: one line before it starts, a few when it is done.
enum RunSummary {
    static func heading(_ problem: DiffusionProblem, _ grid: RanksGrid) -> String {
        let ranks = grid.rows * grid.columns
        return "diff2d \(suiteVersion): \(problem.nrows) x \(problem.nrows) points, \(problem.steps) steps of "
            + "\(problem.dt) s, \(ranks) \(ranks == 1 ? "rank" : "ranks as \(grid)")"
    }

    static func closing(_ problem: DiffusionProblem, _ outcome: RunOutcome, output: String?) -> String {
        let (report, final) = (outcome.report, outcome.final)
        var lines = [
            "time        \(problem.time(afterStep: final.step)) s",
            "mass        \(final.mass) m2",
            "density     \(final.minimum) to \(final.maximum)",
            "field hash  \(report.result.fieldHash)",
            "run time    \(fixed(report.wallSeconds.maximum, 2)) s: compute "
                + "\(fixed(report.computeSeconds.maximum, 2)) s, halo \(fixed(report.communicationSeconds.maximum, 2)) s, "
                + "output \(fixed(report.ioSeconds.maximum, 2)) s",
            "speed       \(engineering(report.updatesPerSecond))updates/s",
        ]
        if let output { lines.append("result      \(output), \(problem.outputs) states") }
        if problem.parameters.graphics {
            lines.append("graphics    not drawn: this version has no pictures yet")
        }
        return lines.joined(separator: "\n")
    }
}
