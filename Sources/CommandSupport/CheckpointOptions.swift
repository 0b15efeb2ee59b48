public import ArgumentParser
public import Checkpointing

/// What the command line of a program says of checkpoints.
public struct CheckpointOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Save the state to this directory from time to time, and go on from there if there is one already.",
            discussion: """
                To go on, a run that was stopped or killed needs the directory, and its unfinished result \
                .NAME.RUN.incomplete if there is one, where RUN is what DIR/run says. DIR/.lock keeps other runs away \
                while one saves its state there.
                """, valueName: "dir"))
    public var checkpoint: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Time between two checkpoints; auto weighs what one costs against --mtbf (default auto).",
            valueName: "seconds|auto"),
        transform: reading("auto or a positive number of seconds") { CheckpointInterval($0) })
    public var checkpointEvery: CheckpointInterval?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Mean time between two failures of the machine, for auto (default 86400).", valueName: "seconds"))
    public var mtbf: Double?
    @Option(
        help: ArgumentHelp(
            "Go on from the newest checkpoint in this directory, which there must be; keep saving there.",
            valueName: "dir"))
    public var restart: String?

    public init() {}

    /// Takes note from here on of signals that ask the run to stop, if the command line says anything of checkpoints.
    ///
    /// For the beginning of a program: a signal that comes while MPI starts does not end the run then.
    public static func startWatchingForSignals() {
        let options = ["--checkpoint", "--restart"]
        if CommandLine.arguments.contains(where: { argument in options.contains { argument.hasPrefix($0) } }) {
            StopSignal.startWatching()
        }
    }

    /// Where and how often to save the state; `nil` if the options ask for no checkpoints.
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
    /// Reads what `--checkpoint-every` says.
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
