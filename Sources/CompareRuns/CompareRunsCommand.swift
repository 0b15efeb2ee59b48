import ArgumentParser
import CommandSupport
import Plotting
import SystemSupport

/// The `compare-runs` command: compares two runs, and measures how a run depends on the number of ranks.
struct CompareRunsCommand: SerialCommand {
    static let name = "compare-runs"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Compares runs of a program: their results, and their speed on several numbers of ranks.",
        version: suiteVersion,
        subcommands: [ResultsCommand.self, ScalingCommand.self])
}

extension OverwriteOptions {
    /// The files that `--json` may replace.
    var replaceableReports: OwnFiles? { replaceable(.reports(of: CompareRunsCommand.name)) }
    /// The files that `--plot` may replace.
    var replaceablePictures: OwnFiles? { replaceable(.pictures(of: CompareRunsCommand.name)) }
}
