/// The size of the chunks in which ranks get tasks.
enum Chunk {
    /// The intended duration of a chunk in seconds: short compared with anything a user waits for, long compared with a
    /// message.
    static let seconds = 0.02
    static let limit = 64
}

/// The policy for tasks that fail.
struct RetryPolicy {
    /// The number of times that a failed task is tried again.
    var retries = 0
    /// The number of seconds before the first of these attempts; the delay doubles with each attempt.
    var backoff = 1.0
    static let longestBackoff = 60.0

    func delay(afterAttempt attempt: Int) -> Double {
        min(Self.longestBackoff, backoff * Double(1 << min(attempt - 1, 30)))
    }
}

/// Decides which task is next, and tracks the state of each task. Independent of MPI, processes and files.
///
/// Tasks start in the order of the list. Short tasks are assigned in chunks that shrink towards the end, after the
/// guided self-scheduling of Polychronopoulos and Kuck, IEEE Trans. Comput. C-36 (1987) 1425.
struct Scheduler {
    private let policy: RetryPolicy
    private let ranks: Int
    private let barriers: [Int]
    private var states: [TaskState?]
    private var attempts: [Int]
    /// The first task that has not been considered yet.
    private var next = 0
    private var nextBarrier = 0
    /// Tasks that were assigned and came back unstarted; the next one to run is last.
    private var returned: [Int] = []
    /// Tasks to be tried again and the earliest time for it; the next one to run is last.
    private var delayed: [(task: Int, time: Double)] = []
    private var meanSeconds: Double?
    /// The number of tasks that are assigned to ranks.
    private(set) var outstanding = 0
    /// The number of tasks that are done; `failedCount` is the number of tasks that have failed for good.
    private(set) var doneCount = 0
    private(set) var failedCount = 0
    /// The number of attempts after which the task was tried again.
    private(set) var retryCount = 0

    /// - Parameters:
    ///   - states: The final state of each task from earlier runs, if any.
    ///   - attempts: The number of failed attempts of each task.
    ///   - barriers: The tasks that wait for all tasks before them, in ascending order.
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

    /// Removes and returns the next tasks for a rank.
    ///
    /// - Returns: The tasks; empty if no task can start now.
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

    /// Records that an attempt has ended.
    ///
    /// - Returns: The resulting state of the task.
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

    /// Returns the state of the task that results from an attempt.
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
