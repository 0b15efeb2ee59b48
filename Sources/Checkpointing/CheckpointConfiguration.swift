/// The directory and the interval of a run's checkpoints.
public struct CheckpointConfiguration: Hashable, Sendable {
    /// The directory of the checkpoints.
    public var directory: String
    /// Whether the directory must have a checkpoint to restart from. If this is false, the run restarts from a
    /// checkpoint only if there is one.
    public var mustRestart: Bool
    /// The time between two checkpoints.
    public var interval: CheckpointInterval
    /// The mean time between failures of the machine, in seconds, which ``CheckpointInterval/automatic`` uses.
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
    /// The best interval for the cost of a checkpoint and the failure rate of the machine.
    case automatic
    case seconds(Double)
}
