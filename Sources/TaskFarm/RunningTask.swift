private import Glibc
import SwiftMPI

/// A task from its start until none of its processes runs and its output has been forwarded.
struct RunningTask {
    /// The number of seconds between two checks for remaining processes of a task that is being ended.
    private static let lookInterval = 0.05
    /// The number of seconds to wait for a stop request after a task ended as if it had been told to stop: a batch
    /// system signals all processes of a job in any order.
    private static let stopDelay = 0.5

    let assignment: Assignment
    private let child: ChildProcess
    private let tree: ProcessTree
    private let start: Double
    private let date: Double
    /// The reason why the task is being ended, and the time at which it is killed if it has not ended by then.
    private var end: (reason: Ending, killTime: Double)?
    private var nextLook = 0.0
    /// The result of the shell and the time at which it ended.
    private var exit: (result: ChildProcess.Result, time: Double)?
    /// The counts that the relays reach when they have forwarded the task's output.
    private var outputEnds: [Int] = []

    /// - Parameter environment: The task's environment, as `name=value` strings.
    init(
        _ assignment: Assignment, environment: [Bytes], output: ChildOutput, error: ChildOutput, orphanGuard: Int32
    ) throws(ChildProcess.StartError) {
        date = secondsSince1970()
        start = MPI.wallTime
        self.assignment = assignment
        child = try ChildProcess(shell: assignment.command, environment: environment, output: output, error: error)
        tree = ProcessTree(shell: child.processID, orphanGuard: orphanGuard)
    }

    var processID: Int32 { child.processID }

    func seconds(at now: Double) -> Double { now - start }

    /// Sends `SIGTERM` to all processes of the task. They are killed if they have not ended after `grace` seconds.
    mutating func end(because reason: Ending, now: Double, grace: Double) {
        if end != nil || exit != nil { return }
        // A stopped process handles the signal only when it continues.
        tree.signal(SIGTERM, SIGCONT)
        end = (reason, now + grace)
        nextLook = now
    }

    /// Advances the task towards its end, without blocking.
    ///
    /// - Returns: The attempt when it is over, otherwise `nil`.
    mutating func step(_ relays: OutputRelays, _ level: StopLevel, now: Double) -> Attempt? {
        if exit == nil {
            guard end == nil ? child.hasEnded : isGone(now) else { return nil }
            exit = (child.reap(), now)
            outputEnds = relays.ends
        }
        let isPassedOn = relays.havePassed(outputEnds)
        guard let exit, isPassedOn || relays.hasFailed || level == .kill else { return nil }
        var ending = end?.reason ?? exit.result.ending
        if end == nil && ending.isAnswerToStop {
            if level == .none && now < exit.time + Self.stopDelay { return nil }
            if level > .none { ending = .stopped }
        }
        // A task whose output is lost runs again.
        if !isPassedOn { ending = .stopped }
        return Attempt(
            task: assignment.task, attempt: assignment.attempt, ending: ending, start: date,
            seconds: exit.time - start, cpuSeconds: exit.result.cpuSeconds,
            peakMemoryBytes: exit.result.peakMemoryBytes)
    }

    /// Returns whether no process of a task that is being ended is left. A process that survives `SIGKILL`, as it does
    /// while it waits for a disk, is not waited for indefinitely.
    private mutating func isGone(_ now: Double) -> Bool {
        guard let end, now >= nextLook else { return false }
        nextLook = now + Self.lookInterval
        let isEmpty = now < end.killTime ? tree.isEmpty : !tree.signal(SIGKILL)
        return child.hasEnded && (isEmpty || now > end.killTime + 10)
    }
}

func secondsSince1970() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

extension Ending {
    /// Whether a task that is told to stop ends in this way: by one of the signals, in its shell or below, or with
    /// `EX_TEMPFAIL`, which programs of this suite use to say that the same command resumes the run.
    fileprivate var isAnswerToStop: Bool {
        let signals = [SIGTERM, SIGUSR1, SIGINT]
        return switch self {
        case .signalled(let signal): signals.contains(signal)
        case .exited(let status): status == 75 || signals.contains(status - 128)
        default: false
        }
    }
}
