/// A task that is assigned to a rank.
struct Assignment: Codable {
    /// The number of the task, counted from 0.
    var task: Int
    /// The command that is passed to `/bin/sh -c`.
    var command: Bytes
    /// The number of the attempt, counted from 1.
    var attempt: Int
}

/// The way in which a command ended.
enum Ending: Codable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// The task was ended because it exceeded the time limit.
    case timedOut
    /// The task was ended, or reacted to a signal by ending itself, because the farm is stopping.
    case stopped
    /// The task could not be started, with the `errno` value.
    case notStarted(Int32)
}

/// One completed run of a task.
struct Attempt: Codable {
    var task: Int
    var attempt: Int
    var ending: Ending
    /// The start of the run, in seconds since 1970.
    var start: Double
    /// The elapsed time; `cpuSeconds` is the processor time.
    var seconds: Double
    var cpuSeconds: Double
    /// The peak memory of any of the task's processes; 0 if it does not exceed the peak memory of the farm's own
    /// process.
    var peakMemoryBytes: Int
}

extension Attempt {
    /// Creates the attempt of a task that could not be started.
    init(of assignment: Assignment, notStarted code: Int32, at date: Double) {
        self.init(
            task: assignment.task, attempt: assignment.attempt, ending: .notStarted(code), start: date, seconds: 0,
            cpuSeconds: 0, peakMemoryBytes: 0)
    }
}

/// How far shutdown has been requested; only ever increases.
enum StopLevel: Int, Codable, Comparable {
    case none
    /// No more tasks are started; running tasks finish normally.
    case drain
    /// Running tasks are ended.
    case kill

    static func < (a: StopLevel, b: StopLevel) -> Bool { a.rawValue < b.rawValue }

    var next: StopLevel { self == .none ? .drain : .kill }
}

/// A message from a rank to rank 0.
struct Report: Codable {
    var ended: [Attempt] = []
    /// Tasks that were assigned to the rank and that it will not start.
    var returned: [Int] = []
    /// Whether the rank is idle.
    var isIdle = false
    var stopLevel = StopLevel.none
    /// Whether the rank knows that the farm is over.
    var isLast = false

    /// Whether the report contains news of a task.
    var hasNews: Bool { !ended.isEmpty || !returned.isEmpty }
}

/// A message from rank 0 to another rank.
enum Order: Codable {
    case run([Assignment])
    case stop(StopLevel)
    /// The farm is over.
    case finish
}
