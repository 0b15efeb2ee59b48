/// How many tasks a rank gets at a time.
enum Chunk {
    /// How long a chunk should take: short against anything a user waits for, long against a message.
    static let seconds = 0.02
    static let limit = 64
}

/// What happens to a task that has failed.
struct RetryPolicy {
    /// How often it is tried again.
    var retries = 0
    /// Seconds until the first of these attempts; each later one waits twice as long.
    var backoff = 1.0
    static let longestBackoff = 60.0

    func delay(afterAttempt attempt: Int) -> Double {
        min(Self.longestBackoff, backoff * Double(1 << min(attempt - 1, 30)))
    }
}

/// Which task goes next, and what has become of each. Knows neither MPI nor processes nor files.
///
/// Tasks start in the order of the list. Short ones go out in chunks that shrink towards the end, after the guided
/// self-scheduling of Polychronopoulos and Kuck, IEEE Trans. Comput. C-36 (1987) 1425.
struct Scheduler {
    private let policy: RetryPolicy
    private let ranks: Int
    private let barriers: [Int]
    private var states: [TaskState?]
    private var attempts: [Int]
    /// The first task that has not been looked at yet.
    private var next = 0
    private var nextBarrier = 0
    /// Tasks that were given out and came back unstarted, the first one last.
    private var returned: [Int] = []
    /// Tasks to be tried again, and from when, the first one last.
    private var delayed: [(task: Int, time: Double)] = []
    private var meanSeconds: Double?
    /// Tasks that some rank has.
    private(set) var outstanding = 0
    /// Tasks that are finished with, by how.
    private(set) var doneCount = 0
    private(set) var failedCount = 0
    /// Attempts after which the task was tried again.
    private(set) var retryCount = 0

    /// - Parameters:
    ///   - states: What is known of each task from earlier.
    ///   - attempts: How often each has failed.
    ///   - barriers: Tasks that wait for all before them, in order.
    init(states: [TaskState?], attempts: [Int], barriers: [Int], policy: RetryPolicy, ranks: Int) {
        self.states = states
        self.attempts = attempts
        self.barriers = barriers
        self.policy = policy
        self.ranks = ranks
        doneCount = states.count { $0 == .done }
        failedCount = states.count { $0 == .failed }
    }

    var taskCount: Int { states.count }
    var settledCount: Int { doneCount + failedCount }
    var isSettled: Bool { settledCount == taskCount }

    /// Takes out the tasks that a rank should do next.
    ///
    /// - Returns: None if there are none at the moment.
    mutating func takeChunk(now: Double) -> [(task: Int, attempt: Int)] {
        let wanted = meanSeconds.map { Int(min(Double(Chunk.limit), Chunk.seconds / max($0, 1e-6))) } ?? 1
        let size = max(1, min(wanted, (taskCount - settledCount - outstanding) / (2 * ranks)))
        var chunk: [(task: Int, attempt: Int)] = []
        while chunk.count < size, let task = takeTask(now) {
            outstanding += 1
            chunk.append((task, attempts[task] + 1))
        }
        return chunk
    }

    private mutating func takeTask(_ now: Double) -> Int? {
        if let first = delayed.last, first.time <= now { return delayed.removeLast().task }
        if let task = returned.popLast() { return task }
        while next < taskCount {
            if nextBarrier < barriers.count && barriers[nextBarrier] == next {
                if outstanding > 0 || !delayed.isEmpty { return nil }
                nextBarrier += 1
            }
            next += 1
            if states[next - 1] == nil { return next - 1 }
        }
        return nil
    }

    /// Takes note that an attempt has ended.
    ///
    /// - Returns: What that means for the task.
    mutating func settle(_ attempt: Attempt, now: Double) -> TaskState {
        outstanding -= 1
        let task = attempt.task
        let mean = meanSeconds ?? attempt.seconds
        meanSeconds = mean + (attempt.seconds - mean) / 8
        let state = outcome(of: attempt)
        switch state {
        case .done: doneCount += 1
        case .failed: failedCount += 1
        case .retry:
            retryCount += 1
            let time = now + policy.delay(afterAttempt: attempt.attempt)
            let place = delayed.firstIndex { $0.time <= time } ?? delayed.endIndex
            delayed.insert((task, time), at: place)
        case .stopped: break
        }
        if state != .stopped { attempts[task] = attempt.attempt }
        if state == .done || state == .failed { states[task] = state }
        return state
    }

    /// What an attempt that ended so means for its task.
    func outcome(of attempt: Attempt) -> TaskState {
        switch attempt.ending {
        case .exited(0): .done
        case .stopped: .stopped
        default: attempt.attempt > policy.retries ? .failed : .retry
        }
    }

    /// Puts back tasks that a rank has not started.
    mutating func requeue(_ tasks: [Int]) {
        outstanding -= tasks.count
        returned += tasks.reversed()
    }
}
