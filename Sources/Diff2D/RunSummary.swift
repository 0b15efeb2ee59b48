import CommandSupport
import Diffusion

/// What a run prints: one line before it starts, a few when it is done.
enum RunSummary {
    static func heading(_ problem: DiffusionProblem, _ grid: RanksGrid) -> String {
        let ranks = grid.rows * grid.columns
        return "diff2d \(suiteVersion): \(problem.nrows) x \(problem.nrows) points, \(problem.steps) steps of "
            + "\(problem.dt) s, \(ranks) \(ranks == 1 ? "rank" : "ranks as \(grid)")"
    }

    private static func row(_ name: String, _ seconds: RankStatistic) -> String {
        ([name] + [seconds.minimum, seconds.mean, seconds.maximum].map { fixed($0, 3) })
            .enumerated().map { $1 + String(repeating: " ", count: max(0, ($0 == 0 ? 12 : 11) - $1.count)) }.joined()
    }

    static func closing(_ problem: DiffusionProblem, _ outcome: RunOutcome, output results: ResultRequest?) -> String {
        let (report, final) = (outcome.report, outcome.final)
        var lines = [
            "time        \(problem.time(afterStep: final.step)) s",
            "mass        \(final.mass) m2",
            "density     \(final.minimum) to \(final.maximum)",
            "field hash  \(report.result.fieldHash)",
            "",
            "seconds     least      mean       most",
            row("run", report.wallSeconds), row("compute", report.computeSeconds),
            row("halo", report.communicationSeconds), row("output", report.ioSeconds), "",
            "speed       \(engineering(report.updatesPerSecond))updates/s, as if "
                + "\(engineering(report.result.effectiveBytesPerSecond))B/s were moved; a copy moves "
                + "\(engineering(report.result.copyBytesPerSecond))B/s",
            "halo        \(report.result.halo), \(report.result.haloDepth) deep: \(report.messages) messages, "
                + "\(engineering(Double(report.bytesSent)))B",
            "balance     the slowest rank computed \(fixed(100 * report.result.loadImbalance, 1)) % longer than the mean",
            "memory      up to \(engineering(report.peakMemoryBytes.maximum))B a rank",
        ]
        if let results {
            let files = [results.target.path] + results.sidecars.map { $0.path(beside: results.target.path) }
            lines.append("result      \(files.joined(separator: ", ")): \(problem.outputs) states")
        }
        return lines.joined(separator: "\n")
    }
}
