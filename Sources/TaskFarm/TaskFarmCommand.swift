import ArgumentParser
import CommandSupport
private import Glibc
import SwiftMPI
import SystemSupport

/// The `taskfarm` command: its arguments, and a run from beginning to end.
struct TaskFarmCommand: ParallelCommand {
    static var commandName: String { "taskfarm" }
    static var abstract: String {
        """
        Runs many independent shell commands on the MPI ranks of a job. Each rank runs one command at a time, and \
        takes the next when it is free.
        """
    }
    static var discussion: String {
        """
        Example: mpiexec -n 8 taskfarm commands.txt --timeout 3600 --retries 1

        A journal records which tasks have ended: rerunning the same command resumes a farm that was stopped or \
        killed. After SIGUSR1, SIGTERM or SIGINT, running tasks finish and no more are started; a second signal ends \
        the running tasks.

        Tasks see their number as TASKFARM_TASK, from 1, the attempt as TASKFARM_ATTEMPT and their rank as \
        TASKFARM_RANK. A task may be an MPI program or an mpiexec of its own.

        Exit status: 0 if all tasks are done; 1 if some failed; 64 for wrong arguments, lists or tables; 71 if the \
        system cannot start processes; 73 if journal, logs or report cannot be created; 74 if output cannot be \
        written; 75 if some tasks are left.
        """
    }

    @Argument(
        help: ArgumentHelp(
            """
            A file with one shell command per line; blank lines and lines that begin with # are skipped. Tasks after \
            the line '#TASKFARM BARRIER' wait for all tasks before it.
            """, valueName: "tasks"))
    var list: String?
    @Option(
        help: ArgumentHelp(
            """
            Take the tasks from a table instead: a line of names, then a line of values for each task, separated by \
            commas or tabs. Lines that begin with # and a blank are skipped.
            """, valueName: "file"))
    var table: String?
    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp(
            """
            With --table, after --: the command, with {name} for the value in the column of that name and {task} for \
            the number of the task; {{ is a brace. A single word is a piece of shell. Values are text to that shell, \
            never code. A command that evaluates text itself, such as sh -c or eval, would run values as code: pass \
            them as arguments.
            """, valueName: "command"))
    var template: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds after which a task is ended and counts as failed.", valueName: "seconds"))
    var timeout: Double?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds from SIGTERM, sent at the --timeout or when the farm stops, until a task is killed.",
            valueName: "seconds"))
    var grace = 10.0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often a failed task is tried again.", valueName: "count"))
    var retries = 0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds before a failed task is tried again, doubled each time, up to a minute.", valueName: "seconds"))
    var backoff = 1.0
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Start no more tasks after this many have failed.", valueName: "count"))
    var maxFailures: Int?
    @Option(
        help: ArgumentHelp(
            "The journal of ended tasks (default: the name of the list or table and .journal).", valueName: "file"))
    var journal: String?
    @Flag(help: "Run tasks again that have failed according to the journal.")
    var retryFailed = false
    @Option(
        help: ArgumentHelp(
            "Write the output of each task to files like 0017.out and 0017.err (default: pass it on).",
            valueName: "directory"))
    var logs: String?
    @Flag(help: "With --logs, keep only the output of failed tasks.")
    var failedLogsOnly = false
    @Flag(help: "Print the commands without running them.")
    var dryRun = false
    @OptionGroup var overwriting: OverwriteOptions
    @OptionGroup var reporting: ReportOptions
    @OptionGroup var verbosity: VerbosityOptions

    func validate() throws {
        if let timeout, !(timeout > 0 && timeout.isFinite) {
            throw ValidationError("--timeout is \(timeout), it must be more than 0.")
        }
        guard grace >= 0 && grace.isFinite else {
            throw ValidationError("--grace is \(grace), it must be 0 or more.")
        }
        guard backoff >= 0 && backoff.isFinite else {
            throw ValidationError("--backoff is \(backoff), it must be 0 or more.")
        }
        guard retries >= 0 else { throw ValidationError("--retries is \(retries), it must be 0 or more.") }
        if let maxFailures, maxFailures < 1 {
            throw ValidationError("--max-failures is \(maxFailures), it must be 1 or more.")
        }
        switch (list, table) {
        case (nil, nil): throw ValidationError("There is neither a list of tasks nor a --table.")
        case (_?, _?): throw ValidationError("There are both a list of tasks and a --table.")
        case (_?, nil) where !template.isEmpty: throw ValidationError("A command after -- needs a --table.")
        case (nil, _?) where template.isEmpty: throw ValidationError("--table needs a command after --.")
        default: break
        }
        guard !failedLogsOnly || logs != nil else { throw ValidationError("--failed-logs-only needs --logs.") }
    }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        if dryRun { return try world.failingTogether { try printCommands(on: world.rank) } }
        let signals = Signals()
        let hosts = try world.gather(MPI.processorName)
        let coordinator = try world.failingTogether { try hosts.map(makeCoordinator) }
        let before = coordinator?.scheduler.settledCount ?? 0
        let count = try world.bcast(coordinator?.list.tasks.count)
        let logDirectory = logs.map {
            LogDirectory(path: $0, digits: "\(count)".count, keepsOnlyFailed: failedLogsOnly)
        }
        setCloseOnExec()
        let worker = try world.failingTogether {
            try withStatus(ExitStatus.systemError) { () throws -> Worker in
                try Worker(timeout: timeout, grace: grace, logs: logDirectory, rank: world.rank)
            }
        }

        var farm = Farm(on: world, signals: signals, worker: worker, coordinator: coordinator)
        let use = try farm.run()
        try world.failingTogether { try coordinator?.finish() }
        let perRank = try world.gather(use)
        let seconds = MPI.wallTime - start
        let statistics = try RunStatistics(
            wallSeconds: seconds, computeSeconds: use.busySeconds, ioSeconds: coordinator?.journal.seconds ?? 0,
            updates: world.Allreduce(use.tasks, op: .sum), loopSeconds: seconds, messages: farm.messages,
            bytesSent: farm.bytesSent, over: world)
        try world.failingTogether {
            guard let coordinator, let perRank else { return try farm.checkOutput() }
            let outcome = FarmOutcome(coordinator, before: before, busy: statistics.computeSeconds, perRank)
            try reporting.write(RunReport(program: Self.commandName, statistics, result: outcome), overwriting)
            try farm.checkOutput()
            if !verbosity.quiet {
                let text = outcome.text(seconds: statistics.wallSeconds.maximum, source: coordinator.list.source)
                try writeToStandardOutput(text + "\n")
            }
            try conclude(outcome, coordinator)
        }
    }
}

extension TaskFarmCommand {
    /// Returns the tasks that the list or the table describes.
    private func tasks() throws(UserError) -> TaskList {
        if let list { return try TaskList(commands: readBytes(of: list), source: list) }
        let table = try ParameterTable(readBytes(of: table!), source: table!)
        return try TaskList(table: table, template: templateBytes)
    }

    /// The template exactly as the user wrote it: the last words of the command line, as bytes, because `String` would
    /// force them to UTF-8.
    private var templateBytes: [Bytes] {
        let count = Int(CommandLine.argc)
        return (count - template.count..<count).map { index in
            let word = CommandLine.unsafeArgv[index]!
            return Bytes(UnsafeRawBufferPointer(start: word, count: strlen(word)))
        }
    }

    private func printCommands(on rank: Int) throws(UserError) {
        if rank > 0 { return }
        let lines = try tasks().tasks.enumerated().map { index, task in
            Bytes("\(index + 1)\t".utf8) + task.command + [UInt8(ascii: "\n")]
        }
        try writeToStandardOutput(Bytes(lines.joined()))
    }

    /// Creates the coordinator of rank 0 from the list of tasks and the journal.
    private func makeCoordinator(hosts: [String]) throws(UserError) -> Coordinator {
        let list = try tasks()
        let journalPath = journal ?? list.source + ".journal"
        try requireDistinct(inputs: [list.source], outputs: [journalPath] + [reporting.report].compactMap { $0 })
        try reporting.prepare(for: Self.commandName, overwriting)
        if let logs { try makeDirectory(logs) }
        let journal = try Journal(journalPath, for: list)
        var (states, attempts) = (journal.contents.states, journal.contents.attempts)
        for task in states.indices where states[task] == .failed && retryFailed {
            states[task] = nil
            attempts[task] = 0
        }
        let left = states.count { $0 == nil }
        return Coordinator(
            list, journal,
            Scheduler(
                states: states, attempts: attempts, barriers: list.barriers,
                policy: RetryPolicy(retries: retries, backoff: backoff), ranks: hosts.count),
            hosts: hosts, failureLimit: maxFailures,
            progress: ProgressLine(total: left, of: "task", unit: "tasks", workPerStep: 1, isWanted: !verbosity.quiet))
    }

    private func makeDirectory(_ path: String) throws(UserError) {
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            let reason = systemError()
            throw UserError("cannot write to \(path): \(reason)", exitStatus: ExitStatus.cannotCreate)
        }
        // Also fails if the path is a file.
        try PublishedFile(path + "/log", replacing: nil).prepare()
    }

    /// Checks the outcome of the farm.
    ///
    /// - Throws: ``UserError`` unless all tasks are done.
    private func conclude(_ outcome: FarmOutcome, _ coordinator: Coordinator) throws(UserError) {
        func count(_ count: Int) -> String { "\(count) of \(outcome.tasks) tasks" }
        if outcome.left > 0 && coordinator.failures.count < maxFailures ?? .max {
            throw UserError(
                "stopped with \(count(outcome.left)) left; the same command goes on", exitStatus: ExitStatus.stopped)
        }
        if outcome.failed > 0 {
            let rest = outcome.left > 0 ? ", \(outcome.left) are left" : ""
            throw UserError("\(count(outcome.failed)) failed\(rest); see \(coordinator.journal.path)", exitStatus: 1)
        }
    }
}
