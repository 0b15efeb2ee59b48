import FoundationEssentials
import TestSupport
import Testing

/// A task that is ended goes with all that it has started, and has time to go.
@Suite struct TimeoutTests {
    /// Processes that leave the task's process group, session or parent.
    private static let escapes = [
        "sleep 300 & sleep 300", "setsid sleep 300 & sleep 300", "(setsid sleep 300 & ); sleep 300",
        "timeout 300 sleep 300", "timeout --foreground 300 sh -c 'sleep 300; true'",
        "setsid sh -c '(sleep 300; true) & (setsid sleep 300; true) & wait' & wait",
        "setsid sh -c \"trap '' TERM; while :; do sleep 0.1; done\" & wait",
        "bash -c 'set -m; sleep 300 & sleep 300 & wait'", "kill -STOP $$",
    ]

    @Test(arguments: [1, 3])
    func noProcessIsLeft(ranks: Int) async throws {
        try await withTasks(Self.escapes) { field in
            let outcome = try await field.farm(ranks, "--timeout", "1", "--grace", "1")
            #expect(try await field.processes().isEmpty)
            #expect(outcome.status == 1, "\(outcome)")
            for record in try field.records() { #expect(record.ending == "timeout", "\(record)") }
        }
    }

    /// The launcher of a nested job ends its ranks itself, which takes it some time.
    @Test(arguments: [1, 2])
    func nestedJob(ranks: Int) async throws {
        try await withTasks(["\(launcher) -n 2 sleep 300"]) { field in
            let outcome = try await field.farm(ranks, "--timeout", "2", "--retries", "1", "--backoff", "0")
            #expect(try await field.processes().isEmpty)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try field.records().map(\.state) == ["retry", "failed"])
        }
    }

    /// What handles the signal has its time, though the shell above it dies at once; a repetition waits for that. A
    /// task sets its trap in a few milliseconds, for which it has three seconds.
    @Test(arguments: [1, 2])
    func grace(ranks: Int) async throws {
        let save = """
            sh -c 'trap "sleep 1; echo end >> $0; exit 75" TERM; echo begin >> $0; while :; do sleep 0.05; done' \
            log.$TASKFARM_TASK; true
            """
        let tasks = [save, "setsid " + save, "(\(save)) & wait", "timeout 300 " + save]
        try await withTasks(tasks.map { $0.replacing("\\\n", with: "") }) { field in
            let outcome = try await field.farm(
                ranks, "--timeout", "3", "--retries", "1", "--backoff", "0", "--grace", "30")
            #expect(outcome.status == 1, "\(outcome)")
            for (index, task) in tasks.enumerated() {
                #expect(try field.text("log.\(index + 1)") == "begin\nend\nbegin\nend\n", "\(task)")
            }
            #expect(try field.records().map(\.ending) == Array(repeating: "timeout", count: 8))
        }
    }

    /// The same for what runs when a second signal ends the farm.
    @Test func graceOfAStop() async throws {
        let task = "sh -c 'trap \"sleep 1; touch saved; exit\" TERM; touch began; while :; do sleep 0.05; done'; true"
        try await withTasks([task]) { field in
            let ended = try await field.farm(
                1, beside: "await began; kill -USR1 $(ranks); hearing; sleep 0.3; kill -USR1 $(ranks); wait $job")
            #expect(ended.status == 75, "\(ended)")
            #expect(try field.listing().contains("saved"))
            #expect(try field.records().map(\.state) == ["stopped"])
        }
    }

    /// What an earlier task has left behind is none of a later one's.
    @Test func othersAreSpared() async throws {
        try await withTasks(["sleep 300 & echo $! > left", "sleep 0.2", "setsid sleep 300 & sleep 300"]) { field in
            let outcome = try await field.farm(1, "--timeout", "10")
            #expect(outcome.status == 1 && complaint(outcome).contains("1 of 3 tasks failed"), "\(outcome)")
            #expect(try await field.processes() == ["sleep 300 "])
            let number = try field.text("left").split(separator: "\n")[0]
            #expect(try await run("kill", [String(number)]).status == 0)
        }
    }

    /// There is no terminal for a task to wait for.
    @Test(arguments: [1, 2])
    func terminal(ranks: Int) async throws {
        try await withTasks(["read line < /dev/tty", "cat", "stty -a < /dev/tty"]) { field in
            let words = "\(launcher) -n \(ranks) \(builtProgram("taskfarm")) tasks"
            let outcome = try await run(
                "script", ["-qec", words, "/dev/null"], environment: launcherEnvironment, directory: field.directory)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try field.states() == [1: "failed", 2: "done", 3: "failed"])
        }
    }
}
