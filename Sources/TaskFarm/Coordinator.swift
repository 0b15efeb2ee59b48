import CommandSupport
import SwiftMPI
import SystemSupport

/// The second role of rank 0: assigns the tasks, keeps the journal, and decides when the farm is over.
final class Coordinator {
    let list: TaskList
    let journal: Journal
    private(set) var scheduler: Scheduler
    private let hosts: [String]
    private let failureLimit: Int?
    private var progress: ProgressLine
    /// Idle ranks, in the order in which they reported that they are idle.
    private var idle: [Int] = []
    private(set) var stopLevel = StopLevel.none
    /// The error that occurred when writing the journal, if any.
    private var journalFailure: UserError?
    /// The attempts of this run after which a task counts as failed.
    private(set) var failures: [Attempt] = []
    private(set) var longest: Attempt?
    private let settledBefore: Int

    /// - Parameters:
    ///   - hosts: The node of each rank.
    ///   - failureLimit: The number of failed tasks after which no more tasks are started.
    init(
        _ list: TaskList, _ journal: Journal, _ scheduler: Scheduler, hosts: [String], failureLimit: Int?,
        progress: ProgressLine
    ) {
        self.list = list
        self.journal = journal
        self.scheduler = scheduler
        self.hosts = hosts
        self.failureLimit = failureLimit
        self.progress = progress
        settledBefore = scheduler.settledCount
    }

    var isOver: Bool { scheduler.outstanding == 0 && (stopLevel > .none || scheduler.isSettled) }

    /// Handles a report from a rank.
    func receive(_ report: Report, from rank: Int, now: Double) {
        record(report.ended, rank: rank)
        for attempt in report.ended {
            if scheduler.settle(attempt, now: now) == .failed { failures.append(attempt) }
            if attempt.seconds > longest?.seconds ?? 0 { longest = attempt }
        }
        scheduler.requeue(report.returned)
        if report.isIdle && !idle.contains(rank) { idle.append(rank) }
        stop(report.stopLevel)
        if let failureLimit, failures.count >= failureLimit { stop(.drain) }
        progress.update(scheduler.settledCount - settledBefore)
    }

    func stop(_ level: StopLevel) { stopLevel = max(stopLevel, level) }

    /// Returns the next tasks for idle ranks.
    func assignments(now: Double) -> [(rank: Int, tasks: [Assignment])] {
        var all: [(rank: Int, tasks: [Assignment])] = []
        while stopLevel == .none, let rank = idle.first {
            let chunk = scheduler.takeChunk(now: now)
            if chunk.isEmpty { break }
            idle.removeFirst()
            all.append(
                (
                    rank,
                    chunk.map { Assignment(task: $0.task, command: list.tasks[$0.task].command, attempt: $0.attempt) }
                ))
        }
        return all
    }

    /// Writes the records to the journal before the attempts count. The farm cannot continue without a journal.
    private func record(_ attempts: [Attempt], rank: Int) {
        if journalFailure != nil { return }
        do throws(UserError) {
            try journal.append(
                attempts.map {
                    JournalRecord(
                        attempt: $0, state: scheduler.outcome(of: $0), rank: rank, host: hosts[rank],
                        command: list.tasks[$0.task].command)
                })
        } catch {
            journalFailure = error
            stop(.kill)
        }
    }

    /// - Throws: ``UserError`` of status 74 if the journal could not be written completely to the disk.
    func finish() throws(UserError) {
        progress.finish()
        if let journalFailure { throw journalFailure }
        try journal.synchronize()
    }
}
