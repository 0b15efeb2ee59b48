/// Where and how often a run saves its state.
public struct CheckpointConfiguration: Hashable, Sendable {
    /// The directory of the checkpoints.
    public var directory: String
    /// Whether the directory must have a checkpoint to restart from. If not, the run restarts from one where there is one.
    public var mustRestart: Bool
    /// The time between two checkpoints.
    public var interval: CheckpointInterval
    /// The mean time between two failures of the machine, in seconds, which ``CheckpointInterval/automatic`` needs.
    public var meanTimeBetweenFailures: Double

    public init(
        directory: String, mustRestart: Bool = false, interval: CheckpointInterval = .automatic,
        meanTimeBetweenFailures: Double = 86400
    ) {
        self.directory = directory
        self.mustRestart = mustRestart
        self.interval = interval
        self.meanTimeBetweenFailures = meanTimeBetweenFailures
    }
}

/// The time between two checkpoints.
public enum CheckpointInterval: Hashable, Sendable {
    /// As long as is best for what a checkpoint costs and how often the machine fails.
    case automatic
    case seconds(Double)
}
