import CommandSupport
import Diffusion
import SystemSupport

/// The text that a run prints: a heading before it starts, and a summary after it is done.
enum RunSummary {
    static func heading(_ problem: DiffusionProblem, _ grid: RanksGrid) -> String {
        let ranks = grid.rows * grid.columns
        let arrangement = ranks == 1 ? "" : " as \(grid)"
        let heading =
            "diff2d \(suiteVersion): \(problem.pointsPerAxis) x \(counted(problem.pointsPerAxis, "point")), "
            + "\(counted(problem.steps, "step")) of \(rounded(problem.dt, to: 6)) s, "
            + "\(counted(ranks, "rank"))\(arrangement)"
        return ([heading] + roundings(problem)).joined(separator: "\n")
    }

    /// Returns a line for each requested time that is not a whole number of steps.
    private static func roundings(_ problem: DiffusionProblem) -> [String] {
        let parameters = problem.parameters
        let times: [(DiffusionParameter.Path, steps: Int)] = [
            (\.runtime, problem.steps), (\.outtime, problem.stepsPerOutput),
        ]
        return times.compactMap { path, steps in
            let (requested, effective) = (parameters[keyPath: path], problem.time(afterStep: steps))
            if abs(effective - requested) <= 1e-9 * requested { return nil }
            return "\(parameters.statement(path)) s, rounded down to \(counted(steps, "step")), "
                + "\(rounded(effective, to: 6)) s"
        }
    }

    static func closing(_ problem: DiffusionProblem, _ outcome: RunOutcome, output results: ResultRequest?) -> String {
        let (statistics, result, final) = (outcome.report.statistics, outcome.report.result, outcome.final)
        let seconds = [
            ("run", statistics.wallSeconds), ("compute", statistics.computeSeconds),
            ("halo", statistics.communicationSeconds), ("output", statistics.ioSeconds),
        ]
        var lines = labeledLines([
            ("time", "\(rounded(problem.time(afterStep: final.step), to: 6)) s"),
            ("mass", "\(rounded(final.mass, to: 6)) m2"),
            ("density", "\(rounded(final.minimum, to: 6)) to \(rounded(final.maximum, to: 6))"),
            ("field hash", result.fieldHash),
        ])
        lines.append("")
        lines += aligned(
            [["seconds", "least", "mean", "most"]]
                + seconds.map { name, rank in [name] + [rank.minimum, rank.mean, rank.maximum].map { fixed($0, 4) } })
        lines.append("")
        lines += aligned([
            [
                "speed",
                "\(engineering(statistics.updatesPerSecond))updates/s, as if "
                    + "\(engineering(result.effectiveBytesPerSecond))B/s were moved"
                    + (result.copyBytesPerSecond.map { "; a copy moves \(engineering($0))B/s" } ?? ""),
            ],
            [
                "halo",
                "\(result.halo), \(result.haloDepth) deep: \(statistics.messages) messages, "
                    + "\(engineering(Double(statistics.bytesSent)))B",
            ],
            [
                "balance",
                "the slowest rank computed \(fixed(100 * result.loadImbalance, 1)) % longer than the mean",
            ],
            ["memory", "up to \(engineering(statistics.peakMemoryBytes.maximum))B a rank"],
        ])
        if let results {
            let files = [results.target.path] + results.sidecars.map { $0.path(beside: results.target.path) }
            lines += labeledLines([
                ("result", "\(files.joined(separator: ", ")): \(counted(problem.outputs, "state"))")
            ])
        }
        return lines.joined(separator: "\n")
    }
}
