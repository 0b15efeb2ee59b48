/// A task for a rank.
struct Assignment: Codable {
    /// From 0.
    var task: Int
    /// What `/bin/sh -c` gets.
    var command: Bytes
    /// From 1.
    var attempt: Int
}

/// How a command ended.
enum Ending: Codable, Hashable {
    case exited(Int32)
    case signalled(Int32)
    /// It was ended because its time was up.
    case timedOut
    /// It was ended, or ended by itself of a signal, because the farm is stopping.
    case stopped
    /// It could not be started: `errno`.
    case notStarted(Int32)
}

/// One run of a task that has ended.
struct Attempt: Codable {
    var task: Int
    var attempt: Int
    var ending: Ending
    /// Seconds since 1970.
    var start: Double
    /// By the clock, and of processors.
    var seconds: Double
    var cpuSeconds: Double
    /// The most memory that one of its processes held; 0 if it is no more than the farm's own process holds.
    var peakMemoryBytes: Int
}

extension Attempt {
    /// A task that could not be started.
    init(of assignment: Assignment, notStarted code: Int32, at date: Double) {
        self.init(
            task: assignment.task, attempt: assignment.attempt, ending: .notStarted(code), start: date, seconds: 0,
            cpuSeconds: 0, peakMemoryBytes: 0)
    }
}

/// How much of the farm shall still happen; more of it never becomes less.
enum StopLevel: Int, Codable, Comparable {
    case none
    /// No task starts any more; those that run end as they would.
    case drain
    /// Those that run are ended.
    case kill

    static func < (a: StopLevel, b: StopLevel) -> Bool { a.rawValue < b.rawValue }

    var next: StopLevel { self == .none ? .drain : .kill }
}

/// From a rank to rank 0.
struct Report: Codable {
    var ended: [Attempt] = []
    /// Tasks it was given and does not start.
    var returned: [Int] = []
    /// Whether it has nothing to do.
    var isIdle = false
    var stopLevel = StopLevel.none
    /// Whether the rank has heard that the farm is over.
    var isLast = false

    /// Whether it tells of a task.
    var hasNews: Bool { !ended.isEmpty || !returned.isEmpty }
}

/// From rank 0 to a rank.
enum Order: Codable {
    case run([Assignment])
    case stop(StopLevel)
    /// There is nothing more to do for anybody.
    case finish
}
