import SystemSupport

extension ScalingResult {
    /// Returns the report: a table, the fit, and the verdict. Each line ends with a newline.
    ///
    /// - Parameter clock: A description of how the seconds were measured.
    func report(_ command: CommandUnderTest, clock: String) -> String {
        let runs = points[0].seconds.count == 1 ? "1 run" : "\(points[0].seconds.count) runs"
        var lines = [
            "\(command.text)", "\(mode) scaling, the median of \(runs) on each number of ranks; seconds: \(clock)", "",
        ]
        var rows = [["ranks", "seconds", "spread", "speed-up", "efficiency", "Karp-Flatt", "results"]]
        for point in points {
            rows.append([
                "\(point.ranks)\(point.isOversubscribed ? " *" : "")", significant(point.median),
                "\(fixed(100 * point.spread, 1)) %", fixed(speedUp(point), 2), "\(fixed(100 * efficiency(point), 1)) %",
                karpFlatt(point).map { fixed($0, 4) } ?? "-", resultText(point),
            ])
        }
        lines += aligned(rows) + [""]
        if points.contains(where: \.isOversubscribed) {
            lines.append("* more ranks than the \(Launcher.processors) processors: left out of the fit")
        }
        if let serialFraction {
            let s = fixed(serialFraction, 4)
            switch mode {
            case .strong where (0..<1).contains(serialFraction) && serialFraction > 0:
                lines.append("Amdahl: serial fraction \(s), at most \(fixed(1 / serialFraction, 1)) times as fast")
            case .strong: lines.append("Amdahl: serial fraction \(s)")
            case .weak: lines.append("Gustafson: serial fraction \(s)")
            }
        }
        lines.append(verdictText)
        return lines.map { $0 + "\n" }.joined()
    }

    private func resultText(_ point: ScalingPoint) -> String {
        switch point.verdict {
        case nil: "-"
        case .identical: "identical"
        case .withinTolerance, .different, .notComparable: point.difference ?? "different"
        }
    }

    private var verdictText: String {
        switch verdict {
        case nil: "results: not compared"
        case .identical:
            mode == .strong
                ? "identical: every run has the same result, bit for bit"
                : "identical: every run on as many ranks has the same result, bit for bit"
        case .withinTolerance, .different, .notComparable: "different: results depend on the ranks or the run"
        }
    }

    /// The line of column names in ``csv``.
    static let csvHeading =
        "mode,ranks,runs,seconds,seconds_min,seconds_max,speedup,efficiency,karp_flatt,results,oversubscribed\n"

    /// The table as comma-separated values, with a line of column names.
    var csv: String {
        Self.csvHeading
            + points.map { point in
                let columns = [
                    mode.rawValue, "\(point.ranks)", "\(point.seconds.count)", "\(point.median)",
                    "\(point.seconds.min()!)", "\(point.seconds.max()!)", "\(speedUp(point))", "\(efficiency(point))",
                    karpFlatt(point).map { "\($0)" } ?? "", point.verdict.map { "\($0)" } ?? "",
                    "\(point.isOversubscribed)",
                ]
                return columns.joined(separator: ",") + "\n"
            }.joined()
    }
}

/// Returns a time with three significant digits.
private func significant(_ seconds: Double) -> String {
    fixed(seconds, seconds >= 100 ? 0 : seconds >= 10 ? 1 : seconds >= 1 ? 2 : seconds >= 0.1 ? 3 : 4)
}

/// The document that `--json` writes for a scaling measurement.
struct ScalingDocument: Encodable {
    struct Point: Encodable {
        var ranks: Int
        var seconds: [Double]
        var median: Double
        var spread: Double
        var speedUp: Double
        var efficiency: Double
        var karpFlatt: Double?
        var results: String?
        var difference: String?
        var oversubscribed: Bool
    }

    var program = CompareRunsCommand.name
    var command: String
    var mode: ScalingMode
    /// A description of how the seconds were measured.
    var clock: String
    var processors: Int
    var points: [Point]
    var serialFraction: Double?
    var results: String?

    init(_ result: ScalingResult, _ command: CommandUnderTest, clock: String) {
        self.command = command.text
        mode = result.mode
        self.clock = clock
        processors = Launcher.processors
        points = result.points.map { point in
            Point(
                ranks: point.ranks, seconds: point.seconds, median: point.median, spread: point.spread,
                speedUp: result.speedUp(point), efficiency: result.efficiency(point),
                karpFlatt: result.karpFlatt(point), results: point.verdict.map { "\($0)" },
                difference: point.difference, oversubscribed: point.isOversubscribed)
        }
        serialFraction = result.serialFraction
        results = result.verdict.map { "\($0)" }
    }
}
