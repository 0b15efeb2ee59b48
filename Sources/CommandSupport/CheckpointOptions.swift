public import ArgumentParser
public import Checkpointing

/// The command-line options for checkpoints.
public struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Save the state to this directory at intervals, and resume from there if it has a checkpoint.",
            discussion: """
                To resume, a run that was stopped or killed needs the directory and, if there is one, its unfinished \
                result .NAME.RUN.incomplete, where the file DIR/run contains RUN. DIR/.lock keeps other runs from \
                saving to the directory at the same time.
                """, valueName: "dir"))
    public var checkpoint: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Time between two checkpoints; auto weighs their cost against --mtbf (default auto).",
            valueName: "seconds|auto"),
        transform: reading("auto or a positive number of seconds") { CheckpointInterval($0) })
    public var checkpointEvery: CheckpointInterval?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Mean time between failures of the machine, for auto (default 86400).", valueName: "seconds"))
    public var mtbf: Double?
    @Option(
        help: ArgumentHelp(
            "Resume from the newest checkpoint in this directory, which must have one; continue saving there.",
            valueName: "dir"))
    public var restart: String?

    public init() {}

    /// Starts recording signals that ask the run to stop, if the command line has options for checkpoints.
    ///
    /// Call this function at the start of a program, so that a signal that arrives while MPI starts does not terminate
    /// the run.
    public static func startWatchingForSignals() {
        let options = ["--checkpoint", "--restart"]
        if CommandLine.arguments.contains(where: { argument in options.contains { argument.hasPrefix($0) } }) {
            StopSignal.startWatching()
        }
    }

    /// The configuration of checkpoints; `nil` if the options request none.
    public var configuration: CheckpointConfiguration? {
        guard let directory = restart ?? checkpoint else { return nil }
        var configuration = CheckpointConfiguration(directory: directory, mustRestart: restart != nil)
        if let checkpointEvery { configuration.interval = checkpointEvery }
        if let mtbf { configuration.meanTimeBetweenFailures = mtbf }
        return configuration
    }

    public func validate() throws {
        if let mtbf, !(mtbf > 0 && mtbf.isFinite) {
            throw ValidationError("--mtbf is \(mtbf), it must be a positive number of seconds.")
        }
        if checkpoint == "" || restart == "" { throw ValidationError("the name of a checkpoint directory is empty.") }
        if let checkpoint, let restart, checkpoint != restart {
            throw ValidationError(
                "--checkpoint is \(checkpoint) and --restart is \(restart), they must be the same directory.")
        }
        if checkpoint == nil, restart == nil, checkpointEvery != nil || mtbf != nil {
            throw ValidationError("--checkpoint-every and --mtbf need --checkpoint.")
        }
        if case .seconds? = checkpointEvery, mtbf != nil {
            throw ValidationError("--mtbf is for --checkpoint-every auto, not for a time that is given.")
        }
    }
}

extension CheckpointInterval {
    /// Parses the value of `--checkpoint-every`.
    fileprivate init?(_ text: String) {
        if text == "auto" {
            self = .automatic
        } else if let seconds = Double(text), seconds > 0, seconds.isFinite {
            self = .seconds(seconds)
        } else {
            return nil
        }
    }
}
