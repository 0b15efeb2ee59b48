import CommandSupport
import SwiftMPI

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Where the output of the tasks is kept: a file a task and stream, `DIRECTORY/0017.out` and `.err`.
struct LogDirectory: Codable {
    var path: String
    /// Digits of a task's number.
    var digits: Int
    /// Whether the files of tasks that succeed are removed.
    var keepsOnlyFailed: Bool

    func file(_ task: Int, _ suffix: String) -> String {
        let number = "\(task + 1)"
        return "\(path)/\(String(repeating: "0", count: max(0, digits - number.count)))\(number).\(suffix)"
    }
}

/// Runs the tasks that a rank is given, one after the other.
struct Worker {
    /// A task that ran for longer than this does not keep those behind it waiting: they go back to be given to others.
    static let patience = 0.05
    /// How long after `SIGTERM` comes `SIGKILL`.
    static let grace = 2.0

    private struct Running {
        var assignment: Assignment
        var child: ChildProcess
        var start: Double
        var date: Double
        /// Why it is being ended, and when it is killed if it does not end.
        var end: (reason: Ending, killTime: Double)?
    }

    private let environment: [String]
    private var orphanGuard: OrphanGuard
    private let logs: LogDirectory?
    private let timeout: Double?
    private var queue: ArraySlice<Assignment> = []
    private var running: Running?
    private var ended: [Attempt] = []
    private var reportTime = 0.0
    private var stopLevel = StopLevel.none
    /// Seconds in which a task ran, and how many ran.
    private(set) var busySeconds = 0.0
    private(set) var taskCount = 0
    /// When the last one ended.
    private(set) var lastEnd: Double?

    /// - Parameters:
    ///   - timeout: Seconds after which a task is ended.
    ///   - rank: What tasks see as `TASKFARM_RANK`.
    init(timeout: Double?, logs: LogDirectory?, rank: Int) throws(ChildProcess.StartError) {
        self.timeout = timeout
        self.logs = logs
        environment = ChildEnvironment.inherited.map { "\($0)=\($1)" } + ["TASKFARM_RANK=\(rank)"]
        orphanGuard = try OrphanGuard(environment: environment)
    }

    var isRunning: Bool { running != nil }

    mutating func take(_ assignments: [Assignment]) {
        queue = assignments[...]
    }

    mutating func stop(_ level: StopLevel) { stopLevel = max(stopLevel, level) }

    /// Does what there is to do now, without waiting.
    ///
    /// - Returns: What rank 0 should know; short tasks are reported several at once.
    mutating func step() -> Report {
        var returned: [Int] = []
        while true {
            if let task = running {
                if task.child.hasEnded {
                    finish(task)
                } else {
                    let now = MPI.wallTime
                    hasten(task, now)
                    if now - task.start > Self.patience || stopLevel > .none { returned += giveBack() }
                    break
                }
            } else if stopLevel > .none {
                returned += giveBack()
                break
            } else if let next = queue.popFirst() {
                start(next)
            } else {
                break
            }
        }
        let isIdle = running == nil && queue.isEmpty
        if isIdle { orphanGuard.watch(nil) }
        var report = Report(returned: returned, isIdle: isIdle)
        if !ended.isEmpty && (isIdle || MPI.wallTime >= reportTime) { swap(&report.ended, &ended) }
        return report
    }

    /// Ends the guard. Nothing runs any more.
    mutating func close() { orphanGuard.finish() }

    private mutating func giveBack() -> [Int] {
        defer { queue = [] }
        return queue.map(\.task)
    }

    private mutating func start(_ assignment: Assignment) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let date = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        let start = MPI.wallTime
        func output(_ suffix: String) -> ChildOutput {
            logs.map { .file($0.file(assignment.task, suffix), isEmptied: assignment.attempt == 1) } ?? .inherited
        }
        do throws(ChildProcess.StartError) {
            let child = try ChildProcess(
                // Slurm sends a job's warning to all its processes, and what runs is to end as it would.
                shell: "trap '' USR1; " + assignment.command,
                environment: environment + [
                    "TASKFARM_TASK=\(assignment.task + 1)", "TASKFARM_ATTEMPT=\(assignment.attempt)",
                ], output: output("out"), error: output("err"))
            orphanGuard.watch(child.processID)
            running = Running(assignment: assignment, child: child, start: start, date: date)
        } catch {
            note(
                Attempt(
                    task: assignment.task, attempt: assignment.attempt, ending: .notStarted(error.code), start: date,
                    seconds: 0, cpuSeconds: 0, peakMemoryBytes: 0))
        }
    }

    /// Ends a task whose time is up, or all that runs if the farm wants that.
    private mutating func hasten(_ task: Running, _ now: Double) {
        if let end = task.end {
            if now >= end.killTime { task.child.signal(SIGKILL) }
        } else if stopLevel == .kill || now - task.start >= timeout ?? .infinity {
            task.child.signal(SIGTERM)
            // A stopped process takes the signal only when it goes on.
            task.child.signal(SIGCONT)
            running?.end = (stopLevel == .kill ? .stopped : .timedOut, now + Self.grace)
        }
    }

    private mutating func finish(_ task: Running) {
        // What a task that was to end has started ends with it; its number is not free before it is reaped.
        if task.end != nil { task.child.signal(SIGKILL) }
        let (ending, cpuSeconds, peakMemoryBytes) = task.child.reap()
        running = nil
        let now = MPI.wallTime
        busySeconds += now - task.start
        lastEnd = now
        let attempt = Attempt(
            task: task.assignment.task, attempt: task.assignment.attempt,
            ending: task.end?.reason ?? ending.whileStopping(stopLevel), start: task.date, seconds: now - task.start,
            cpuSeconds: cpuSeconds, peakMemoryBytes: peakMemoryBytes)
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

extension Ending {
    /// A batch system sends its signals to every process of a job: a task that one of them ends has not failed.
    fileprivate func whileStopping(_ level: StopLevel) -> Ending {
        guard level > .none, case .signalled(let signal) = self, [SIGTERM, SIGUSR1, SIGINT].contains(signal) else {
            return self
        }
        return .stopped
    }
}
