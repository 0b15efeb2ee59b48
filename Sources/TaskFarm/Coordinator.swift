import CommandSupport
import SwiftMPI
import SystemSupport

/// Rank 0's second task: gives out the tasks, keeps the journal, and decides when the farm is over.
final class Coordinator {
    let list: TaskList
    let journal: Journal
    private(set) var scheduler: Scheduler
    private let hosts: [String]
    private let failureLimit: Int?
    private var progress: ProgressLine
    /// Ranks that have nothing to do, in the order in which they said so.
    private var idle: [Int] = []
    private(set) var stopLevel = StopLevel.none
    /// Why the journal could not be written, if so.
    private var journalFailure: UserError?
    /// What has failed for good in this run.
    private(set) var failures: [Attempt] = []
    private(set) var longest: Attempt?
    private let settledBefore: Int

    /// - Parameters:
    ///   - hosts: The node of each rank.
    ///   - failureLimit: How many tasks may fail before no more are started.
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

    /// Takes what a rank has to tell.
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

    /// The next tasks for ranks that have none.
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

    /// A record is in the journal before its task counts. Without a journal there is no point in going on.
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

    /// - Throws: ``UserError`` of status 74 if the journal is not complete on the disk.
    func finish() throws(UserError) {
        progress.finish()
        if let journalFailure { throw journalFailure }
        try journal.synchronize()
    }
}
