import FoundationEssentials
import TestSupport
import Testing

@Suite struct FailureTests {
    /// What goes wrong in a task is written down as it was, and costs no other.
    @Test(arguments: [1, 3])
    func endings(ranks: Int) async throws {
        let tasks = [
            ("true", "done", "exit 0"), ("exit 3", "failed", "exit 3"), ("kill -SEGV $$", "failed", "signal 11"),
            ("kill -KILL $$", "failed", "signal 9"), ("no-such-program", "failed", "exit 127"),
            ("/etc/passwd", "failed", "exit 126"), ("echo ok", "done", "exit 0"),
        ]
        try await withTasks(tasks.map(\.0)) { field in
            let outcome = try await field.farm(ranks)
            #expect(outcome.status == 1, "\(outcome)")
            #expect(complaint(outcome) == "taskfarm: 5 of 7 tasks failed; see tasks.journal", "\(outcome)")
            for record in try field.records() {
                let expected = tasks[record.task - 1]
                #expect(record.state == expected.1 && record.ending == expected.2, "\(record)")
            }
            #expect(try field.states().count == tasks.count)
            #expect(outcome.standardOutput.contains("\nfailed        5\n"), "\(outcome)")
            #expect(outcome.standardOutput.contains("tasks:3  signal 11  kill -SEGV $$"), "\(outcome)")
        }
    }

    @Test(arguments: [1, 3])
    func timeLimit(ranks: Int) async throws {
        try await withTasks(["sleep 1000", "trap '' TERM; while :; do sleep 0.1; done"]) { field in
            let outcome = try await field.farm(ranks, "--timeout", "1", "--grace", "1")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(complaint(outcome) == "taskfarm: 2 of 2 tasks failed; see tasks.journal", "\(outcome)")
            for record in try field.records() {
                #expect(record.state == "failed" && record.ending == "timeout", "\(record)")
            }
            #expect(outcome.standardOutput.contains("failed        2, 2 by time limit"), "\(outcome)")
        }
    }

    @Test(arguments: [1, 3])
    func retries(ranks: Int) async throws {
        try await withTasks(["test $TASKFARM_ATTEMPT = 3", "false", "true"]) { field in
            let outcome = try await field.farm(ranks, "--retries", "2", "--backoff", "0.2")
            #expect(outcome.status == 1, "\(outcome)")
            let records = try field.records()
            #expect(records.filter { $0.task == 1 }.map(\.state) == ["retry", "retry", "done"])
            #expect(records.filter { $0.task == 1 }.map(\.attempt) == [1, 2, 3])
            #expect(records.filter { $0.task == 2 }.map(\.state) == ["retry", "retry", "failed"])
            #expect(outcome.standardOutput.contains("tried again   4"), "\(outcome)")
        }
    }

    /// The wait doubles, which two records show.
    @Test func backoff() async throws {
        try await withTasks(["date +%s%N >> times; false"]) { field in
            _ = try await field.farm(1, "--retries", "2", "--backoff", "0.3")
            let times = try field.text("times").split(separator: "\n").compactMap { Double($0) }.map { $0 / 1e9 }
            try #require(times.count == 3)
            #expect(times[1] - times[0] >= 0.3 && times[2] - times[1] >= 0.6, "\(times)")
        }
    }

    @Test(arguments: [1, 2])
    func tooManyFailures(ranks: Int) async throws {
        try await withTasks(Array(repeating: "sleep 0.03; false", count: 40)) { field in
            let outcome = try await field.farm(ranks, "--max-failures", "3")
            #expect(outcome.status == 1, "\(outcome)")
            let count = try field.states().count
            #expect((3...(3 + ranks)).contains(count), "\(count)")
            #expect(
                complaint(outcome).contains(" left; see tasks.journal") || complaint(outcome).contains("are left; see"))
        }
    }

    /// Failed tasks stay failed, until the user wants them tried again.
    @Test func retryFailed() async throws {
        try await withTasks(["test -e there", "echo x >> once"]) { field in
            #expect(try await field.farm(2).status == 1)
            let again = try await field.farm(2)
            #expect(again.status == 1 && again.standardOutput.contains("2 of them ended before"), "\(again)")
            #expect(try field.records().count == 2)
            try field.write("", to: "there")
            let retried = try await field.farm(2, "--retry-failed")
            #expect(retried.status == 0, "\(retried)")
            #expect(try field.text("once") == "x\n")
            #expect(try field.records().last?.state == "done")
            #expect(try await field.farm(2, "--retry-failed").status == 0)
        }
    }

    @Test(arguments: [1, 2])
    func logs(ranks: Int) async throws {
        let tasks = ["echo out; echo err >&2"] + Array(repeating: "true", count: 8) + ["echo $TASKFARM_ATTEMPT; false"]
        try await withTasks(tasks) { field in
            let outcome = try await field.farm(ranks, "--logs", "logs", "--retries", "1", "--backoff", "0", "--quiet")
            #expect(outcome.status == 1 && outcome.standardOutput == "", "\(outcome)")
            #expect(try field.text("logs/01.out") == "out\n" && field.text("logs/01.err") == "err\n")
            #expect(try field.text("logs/10.out") == "1\n2\n" && field.text("logs/02.out") == "")
        }
        try await withTasks(tasks) { field in
            _ = try await field.farm(ranks, "--logs", "logs", "--failed-logs-only")
            let kept = try FileManager.default.contentsOfDirectory(atPath: field.directory + "/logs").sorted()
            #expect(kept == ["10.err", "10.out"])
        }
    }
}
