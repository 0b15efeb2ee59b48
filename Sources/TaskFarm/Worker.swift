private import CChildren
private import Glibc
import SwiftMPI
import SystemSupport

/// The directory for the output of tasks, with one file per task and stream: `DIRECTORY/0017.out` and `.err`.
struct LogDirectory: Codable {
    var path: String
    /// The number of digits in a task's number.
    var digits: Int
    /// Whether the files of successful tasks are removed.
    var keepsOnlyFailed: Bool

    func file(_ task: Int, _ suffix: String) -> String {
        let number = "\(task + 1)"
        return "\(path)/\(String(repeating: "0", count: max(0, digits - number.count)))\(number).\(suffix)"
    }
}

/// Runs the tasks that are assigned to a rank, one after the other.
struct Worker {
    /// The number of seconds after which a running task no longer delays the tasks queued behind it: these are returned
    /// to rank 0, which assigns them to other ranks.
    static let patience = 0.05

    private let environment: [Bytes]
    private var orphanGuard: OrphanGuard
    private var relays: OutputRelays
    private let logs: LogDirectory?
    private let timeout: Double?
    private let grace: Double
    private var queue: ArraySlice<Assignment> = []
    private var running: RunningTask?
    private var ended: [Attempt] = []
    private var reportTime = 0.0
    private var stopLevel = StopLevel.none
    /// The total time in seconds during which tasks ran, and the number of tasks that ran.
    private(set) var busySeconds = 0.0
    private(set) var taskCount = 0
    /// The time at which the last task ended.
    private(set) var lastEnd: Double?

    /// - Parameters:
    ///   - timeout: The number of seconds after which a task is ended.
    ///   - grace: The number of seconds between `SIGTERM` and `SIGKILL`.
    ///   - rank: The value of `TASKFARM_RANK` for the tasks.
    init(timeout: Double?, grace: Double, logs: LogDirectory?, rank: Int) throws(ChildProcess.StartError) {
        self.timeout = timeout
        self.grace = grace
        self.logs = logs
        environment = ChildEnvironment.inherited + [Bytes("TASKFARM_RANK=\(rank)".utf8)]
        relays = try OutputRelays()
        orphanGuard = try OrphanGuard(environment: environment)
        CChildrenAdoptOrphans()
    }

    var isRunning: Bool { running != nil }

    /// The conditions under which output of tasks can be forwarded.
    var outputReadiness: [OutputRelay.Readiness] { relays.readiness }

    mutating func take(_ assignments: [Assignment]) {
        queue = assignments[...]
    }

    mutating func stop(_ level: StopLevel) { stopLevel = max(stopLevel, level) }

    /// Does all work that is possible without blocking.
    ///
    /// - Returns: A report for rank 0; short tasks are reported several at a time.
    mutating func step() -> Report {
        var returned: [Int] = []
        while true {
            relays.pass()
            // The running task cannot be counted as done, because its output is lost. Other ranks may be able to run
            // the later tasks.
            if relays.hasFailed { stop(.kill) }
            if running != nil {
                let now = MPI.wallTime
                if let attempt = running?.step(relays, stopLevel, now: now) {
                    finish(attempt, now)
                } else {
                    endOverdueTask(now)
                    if running!.seconds(at: now) > Self.patience || stopLevel > .none {
                        returned += returnQueuedTasks()
                    }
                    break
                }
            } else if stopLevel > .none {
                returned += returnQueuedTasks()
                break
            } else if let next = queue.popFirst() {
                start(next)
            } else {
                break
            }
        }
        let isIdle = running == nil && queue.isEmpty
        if isIdle { orphanGuard.watch(nil) }
        var report = Report(returned: returned, isIdle: isIdle, stopLevel: relays.hasFailed ? .drain : .none)
        if !ended.isEmpty && (isIdle || MPI.wallTime >= reportTime) { swap(&report.ended, &ended) }
        return report
    }

    /// Stops the orphan guard when no task is left.
    mutating func close() { orphanGuard.finish() }

    /// Checks that all output of tasks was forwarded.
    ///
    /// - Throws: ``UserError`` of exit status 74 if output of tasks was lost.
    func checkOutput() throws(UserError) { try relays.checkSuccess() }

    /// Empties the queue and returns its tasks, which rank 0 assigns to other ranks.
    private mutating func returnQueuedTasks() -> [Int] {
        defer { queue = [] }
        return queue.map(\.task)
    }

    private mutating func start(_ assignment: Assignment) {
        func output(_ suffix: String) -> ChildOutput? {
            logs.map { .file($0.file(assignment.task, suffix), isEmptied: assignment.attempt == 1) }
        }
        do throws(ChildProcess.StartError) {
            let task = try RunningTask(
                assignment,
                environment: environment + [
                    Bytes("TASKFARM_TASK=\(assignment.task + 1)".utf8),
                    Bytes("TASKFARM_ATTEMPT=\(assignment.attempt)".utf8),
                ], output: output("out") ?? relays.output, error: output("err") ?? relays.error,
                orphanGuard: orphanGuard.process.processID)
            orphanGuard.watch(task.processID)
            running = task
        } catch {
            note(Attempt(of: assignment, notStarted: error.code, at: secondsSince1970()))
        }
    }

    /// Ends the running task if its time limit has passed, or if the farm is being stopped immediately.
    private mutating func endOverdueTask(_ now: Double) {
        if stopLevel == .kill {
            running?.end(because: .stopped, now: now, grace: grace)
        } else if running!.seconds(at: now) >= timeout ?? .infinity {
            running?.end(because: .timedOut, now: now, grace: grace)
        }
    }

    private mutating func finish(_ attempt: Attempt, _ now: Double) {
        running = nil
        busySeconds += attempt.seconds
        lastEnd = now
        if let logs, logs.keepsOnlyFailed, attempt.ending == .exited(0) {
            for suffix in ["out", "err"] { unlink(logs.file(attempt.task, suffix)) }
        }
        note(attempt)
    }

    private mutating func note(_ attempt: Attempt) {
        taskCount += 1
        if ended.isEmpty { reportTime = MPI.wallTime + Chunk.seconds }
        ended.append(attempt)
    }
}
