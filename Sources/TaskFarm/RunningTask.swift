private import Glibc
import SwiftMPI

/// A task from its start until nothing of it runs and its output is passed on.
struct RunningTask {
    /// Seconds between two looks at what still runs of a task that is being ended.
    private static let lookInterval = 0.05
    /// For how many seconds a task that ended as if it had been told to waits for word that the farm is to stop: a
    /// batch system tells all processes of a job, in any order.
    private static let stopDelay = 0.5

    let assignment: Assignment
    private let child: ChildProcess
    private let tree: ProcessTree
    private let start: Double
    private let date: Double
    /// Why it is being ended, and when it is killed if it has not ended.
    private var end: (reason: Ending, killTime: Double)?
    private var nextLook = 0.0
    /// How the shell ended, and when.
    private var exit: (result: ChildProcess.Result, time: Double)?
    /// Where the relays are when they have passed on its output.
    private var outputEnds: [Int] = []

    /// - Parameter environment: `name=value` each.
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

    /// Tells all of its processes to end, and kills them if they have not after a time of grace.
    mutating func end(because reason: Ending, now: Double, grace: Double) {
        if end != nil || exit != nil { return }
        // A stopped process takes the signal only when it goes on.
        tree.signal(SIGTERM, SIGCONT)
        end = (reason, now + grace)
        nextLook = now
    }

    /// Does what there is to do to bring it to its end.
    ///
    /// - Returns: The attempt when it is over.
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
        // Output that is lost makes the task run again.
        if !isPassedOn { ending = .stopped }
        return Attempt(
            task: assignment.task, attempt: assignment.attempt, ending: ending, start: date,
            seconds: exit.time - start, cpuSeconds: exit.result.cpuSeconds,
            peakMemoryBytes: exit.result.peakMemoryBytes)
    }

    /// Whether nothing of a task that is being ended runs any more. What survives being killed, as a process does that
    /// waits for a disk, is not waited for without end.
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
    /// Whether a task that is told to stop ends so: by one of the signals, in its shell or below, or with
    /// `EX_TEMPFAIL`, with which the programs of this suite say that the same command goes on.
    fileprivate var isAnswerToStop: Bool {
        let signals = [SIGTERM, SIGUSR1, SIGINT]
        return switch self {
        case .signalled(let signal): signals.contains(signal)
        case .exited(let status): status == 75 || signals.contains(status - 128)
        default: false
        }
    }
}
