import ArgumentParser
import CommandSupport

/// `compare-runs`: are two runs the same, and how does a run depend on the number of ranks?
struct CompareRunsCommand: SerialCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-runs",
        abstract: "Compares runs of a program: their results, and their speed on several numbers of ranks.",
        version: suiteVersion,
        subcommands: [ResultsCommand.self, ScalingCommand.self])
}
