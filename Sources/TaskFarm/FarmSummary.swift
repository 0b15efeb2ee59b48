import CommandSupport
import SystemSupport

/// The use of a rank.
struct RankUse: Codable {
    var rank: Int
    var host: String
    /// The number of tasks that the rank ran, repeated attempts included.
    var tasks: Int
    /// The number of seconds in which a task ran.
    var busySeconds: Double
    /// The duration of the farm in seconds.
    var seconds: Double
    /// The number of seconds from the start of the farm to the end of the rank's last task.
    var lastEnd: Double
}

/// The program-specific part of the report.
struct FarmOutcome: Encodable {
    /// The number of tasks in the list, and how many of them are done, failed, and left.
    var tasks: Int
    var done: Int
    var failed: Int
    var left: Int
    /// How many of the done or failed tasks had ended before this run.
    var before: Int
    /// The number of attempts of this run after which the task was tried again.
    var retried: Int
    /// The number of tasks that failed in this run by exceeding the time limit.
    var timedOut: Int
    /// The fraction of the ranks' time in which a task ran.
    var utilisation: Double
    /// The relative excess of the busiest rank's busy time over the mean.
    var loadImbalance: Double
    /// The number of seconds at the end in which at least one rank had no work left.
    var tailSeconds: Double
    var longest: Extreme?
    var perRank: [RankUse]
    var failures: [Failure]

    struct Extreme: Codable {
        var task: Int
        var seconds: Double
    }

    struct Failure: Encodable {
        var task: Int
        var line: Int
        var ending: String
        var attempts: Int
        var command: String
    }
}

/// Returns the command as text for JSON, unchanged if it is valid UTF-8.
private func exactText(_ command: Bytes) -> String { String(validating: command, as: UTF8.self) ?? printable(command) }

extension FarmOutcome {
    init(_ coordinator: Coordinator, before: Int, busy: RankStatistic, _ perRank: [RankUse]) {
        let scheduler = coordinator.scheduler
        let list = coordinator.list
        tasks = scheduler.taskCount
        done = scheduler.doneCount
        failed = scheduler.failedCount
        left = scheduler.taskCount - scheduler.settledCount
        self.before = before
        retried = scheduler.retryCount
        timedOut = coordinator.failures.count { $0.ending == .timedOut }
        let seconds = perRank.map(\.seconds).max() ?? 0
        utilisation = seconds > 0 ? busy.mean / seconds : 0
        loadImbalance = busy.imbalance
        tailSeconds = seconds - (perRank.map(\.lastEnd).min() ?? 0)
        longest = coordinator.longest.map { Extreme(task: $0.task + 1, seconds: $0.seconds) }
        self.perRank = perRank
        failures = coordinator.failures.map {
            Failure(
                task: $0.task + 1, line: list.tasks[$0.task].line, ending: $0.ending.description, attempts: $0.attempt,
                command: exactText(list.tasks[$0.task].command))
        }
    }

    /// Returns the summary that the program prints at the end.
    func text(seconds: Double, source: String) -> String {
        var rows = [["tasks", "\(tasks)\(before > 0 ? ", \(before) of them ended before this run" : "")"]]
        rows.append(["done", "\(done)"])
        if failed > 0 { rows.append(["failed", "\(failed)\(timedOut > 0 ? ", \(timedOut) by time limit" : "")"]) }
        if retried > 0 { rows.append(["tried again", "\(retried)"]) }
        if left > 0 { rows.append(["left", "\(left)"]) }
        let ran = perRank.map(\.tasks).reduce(0, +)
        rows.append(["time", "\(fixed(seconds, 3)) s, \(engineering(Double(ran) / max(seconds, 1e-9)))tasks/s"])
        rows.append([
            "utilisation",
            "\(fixed(100 * utilisation, 1)) % of \(counted(perRank.count, "rank")), "
                + "imbalance \(fixed(100 * loadImbalance, 1)) %",
        ])
        if let longest {
            rows.append(["longest task", "\(fixed(longest.seconds, 3)) s, number \(longest.task)"])
            rows.append(["tail", "\(fixed(tailSeconds, 3)) s with a rank without work"])
        }
        let shown = 10
        var lines = aligned(rows)
        if !failures.isEmpty {
            lines += ["", "failed\(failures.count > shown ? ", the first \(shown)" : ""):"]
            lines += aligned(
                failures.prefix(shown).map {
                    let command = printable($0.command.utf8).prefix(100)
                    return ["  task \($0.task)", "\(source):\($0.line)", $0.ending, String(command)]
                })
        }
        return lines.joined(separator: "\n")
    }
}
