import ArgumentParser
import CommandSupport
import Plotting
import SystemSupport

/// `compare-runs`: are two runs the same, and how does a run depend on the number of ranks?
struct CompareRunsCommand: SerialCommand {
    static let name = "compare-runs"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Compares runs of a program: their results, and their speed on several numbers of ranks.",
        version: suiteVersion,
        subcommands: [ResultsCommand.self, ScalingCommand.self])
}

extension OverwriteOptions {
    /// What `--json` may replace.
    var replaceableReports: OwnFiles? { replaceable(.reports(of: CompareRunsCommand.name)) }
    /// What `--plot` may replace.
    var replaceablePictures: OwnFiles? { replaceable(.pictures(of: CompareRunsCommand.name)) }
}
