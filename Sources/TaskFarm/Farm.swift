import SwiftMPI
import SystemSupport

/// The tags of the two kinds of messages.
private enum Tag {
    static let report = 1
    static let order = 2
}

/// One rank of the farm. Every rank runs tasks, and rank 0 also coordinates.
///
/// No rank blocks inside MPI, because that would take a processor from the tasks. A rank sleeps until a child ends or a
/// signal arrives, and polls for messages in between.
struct Farm {
    private let world: Communicator
    private var signals: Signals
    private var worker: Worker
    private let coordinator: Coordinator?
    /// The levels that the signals received by this rank ask for, that the farm is at, and that rank 0 and the other
    /// ranks have told each other.
    private var signalledLevel = StopLevel.none
    private var stopLevel = StopLevel.none
    private var toldLevel = StopLevel.none
    /// Whether rank 0 has been told that this rank is idle.
    private var hasAsked = false
    private var isFinished = false
    private(set) var messages = 0
    private(set) var bytesSent = 0

    /// - Parameter coordinator: The coordinator on rank 0; `nil` on all other ranks.
    init(on world: Communicator, signals: Signals, worker: Worker, coordinator: Coordinator?) {
        self.world = world
        self.signals = signals
        self.worker = worker
        self.coordinator = coordinator
    }

    /// Runs until all ranks have finished. Collective.
    ///
    /// - Returns: How this rank was used.
    mutating func run() throws -> RankUse {
        let start = MPI.wallTime
        while !isFinished {
            if signals.takeStopSignal(now: MPI.wallTime) { signalledLevel = signalledLevel.next }
            var isActive = try receive()
            stopLevel = max(stopLevel, signalledLevel)
            worker.stop(stopLevel)
            var report = worker.step()
            stopLevel = max(stopLevel, report.stopLevel)
            report.stopLevel = stopLevel
            if report.hasNews || report.isIdle && !hasAsked || stopLevel > toldLevel && world.rank > 0 {
                isActive = true
                hasAsked = report.isIdle
                try deliver(report)
            }
            if let coordinator, try coordinate(coordinator) { isActive = true }
            if !isActive { signals.wait(milliseconds: patience, orFor: worker.outputReadiness) }
        }
        try exchangeLastReports()
        worker.close()
        let end = MPI.wallTime
        return RankUse(
            rank: world.rank, host: MPI.processorName, tasks: worker.taskCount, busySeconds: worker.busySeconds,
            seconds: end - start, lastEnd: worker.lastEnd.map { $0 - start } ?? 0)
    }

    /// - Throws: ``UserError`` of status 74 if output of this rank's tasks was lost.
    func checkOutput() throws(UserError) { try worker.checkOutput() }

    /// The number of milliseconds that this rank may sleep. It wakes when a child ends, but not when a message arrives.
    private var patience: Int {
        world.size == 1 || world.rank > 0 && worker.isRunning ? 10 : 1
    }

    /// Receives all messages that have arrived.
    private mutating func receive() throws -> Bool {
        var isActive = false
        if let coordinator {
            while let message = try world.improbe(tag: Tag.report) {
                let rank = message.status.source
                coordinator.receive(try message.recv(Report.self), from: rank, now: MPI.wallTime)
                isActive = true
            }
        } else {
            while !isFinished, let message = try world.improbe(source: 0, tag: Tag.order) {
                isActive = true
                switch try message.recv(Order.self) {
                case .run(let assignments):
                    hasAsked = false
                    worker.take(assignments)
                case .stop(let level): stopLevel = max(stopLevel, level)
                case .finish: isFinished = true
                }
            }
        }
        return isActive
    }

    private mutating func deliver(_ report: Report) throws {
        if let coordinator {
            coordinator.receive(report, from: 0, now: MPI.wallTime)
        } else {
            toldLevel = report.stopLevel
            try send(report, to: 0, Tag.report)
        }
    }

    /// Assigns tasks to idle ranks, forwards stop requests, and ends the farm when all tasks are done.
    private mutating func coordinate(_ coordinator: Coordinator) throws -> Bool {
        coordinator.stop(stopLevel)
        stopLevel = coordinator.stopLevel
        if stopLevel > toldLevel {
            toldLevel = stopLevel
            for rank in 1..<max(1, world.size) { try send(Order.stop(stopLevel), to: rank, Tag.order) }
        }
        var isActive = false
        for (rank, tasks) in coordinator.assignments(now: MPI.wallTime) {
            isActive = true
            if rank == 0 {
                hasAsked = false
                worker.take(tasks)
            } else {
                try send(Order.run(tasks), to: rank, Tag.order)
            }
        }
        if coordinator.isOver {
            for rank in 1..<max(1, world.size) { try send(Order.finish, to: rank, Tag.order) }
            isFinished = true
            isActive = true
        }
        return isActive
    }

    /// Lets rank 0 receive the last messages of the other ranks: idle reports and stop requests that they sent before
    /// they knew that the farm was over. MPI requires that every message is received.
    private mutating func exchangeLastReports() throws {
        if world.rank > 0 { return try send(Report(isLast: true), to: 0, Tag.report) }
        var missing = world.size - 1
        while missing > 0 {
            if try world.recv(Report.self, tag: Tag.report).isLast { missing -= 1 }
        }
    }

    /// Sends an object as `send` does, and counts the bytes.
    private mutating func send(_ object: some Encodable, to rank: Int, _ tag: Int) throws {
        let payload = try world.serializer.encode(object)
        messages += 1
        bytesSent += payload.count
        try world.Send(payload, dest: rank, tag: tag)
    }
}
