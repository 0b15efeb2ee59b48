import FoundationEssentials
import TestSupport
import Testing

@Suite struct RunTests {
    /// Each task runs once, whatever the number of ranks; more ranks than tasks have nothing to do.
    @Test(arguments: [1, 2, 3, 5])
    func everyTaskOnce(ranks: Int) async throws {
        for count in [2, 60] {
            let tasks = (1...count).map { "echo $TASKFARM_TASK $TASKFARM_RANK >> ran.$TASKFARM_TASK # \($0)" }
            try await withTasks(["# a comment", "", "   "] + tasks) { field in
                let outcome = try await field.farm(ranks)
                #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
                #expect(outcome.standardOutput.contains("\ndone          \(count)\n"), "\(outcome)")
                let records = try field.records()
                #expect(records.map(\.task).sorted() == Array(1...count))
                for record in records {
                    #expect(record.state == "done" && record.ending == "exit 0" && record.attempt == 1)
                    #expect(record.command == tasks[record.task - 1])
                    #expect(try field.text("ran.\(record.task)") == "\(record.task) \(record.rank)\n")
                }
            }
        }
    }

    /// While one rank has a long task, the others do the rest.
    @Test(arguments: [2, 3])
    func longTasksHoldNobodyUp(ranks: Int) async throws {
        // The short ones make the chunks large before the long one comes.
        let short = Array(repeating: "true", count: 200)
        let rest = "until test $(grep -c 'done.*touch' tasks.journal) = 20; do sleep 0.02; done; touch end"
        try await withTasks(short + [rest] + Array(repeating: "touch x", count: 20)) { field in
            let outcome = try await field.farm(ranks, "--timeout", "300")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try field.listing().contains("end"))
        }
    }

    @Test(arguments: [1, 3])
    func barrier(ranks: Int) async throws {
        let first = (1...7).map { "sleep 0.05; touch a.\($0)" }
        try await withTasks(
            first + ["#TASKFARM BARRIER", "ls a.* > seen", "ls a.* > seen.too", "#TASKFARM BARRIER", "cat seen > last"]
        ) { field in
            let outcome = try await field.farm(ranks)
            #expect(outcome.status == 0, "\(outcome)")
            for name in ["seen", "seen.too", "last"] {
                #expect(try field.text(name).split(separator: "\n").count == 7)
            }
        }
    }

    /// A task that is an MPI program is alone in the world, and one may start a job of its own.
    @Test(arguments: [1, 2])
    func tasksWithMPI(ranks: Int) async throws {
        let auc = builtProgram("auc")
        try await withTasks([
            "\(auc) 1000 --output a.h5 > alone.1", "\(auc) 1000 --output b.h5 > alone.2",
            "\(launcher) -n 2 \(auc) 1000 --output c.h5 > job",
        ]) { field in
            let outcome = try await field.farm(ranks)
            #expect(outcome.status == 0, "\(outcome)")
            for (name, size) in [("alone.1", 1), ("alone.2", 1), ("job", 2)] {
                #expect(try field.text(name).contains("on \(size) rank\(size > 1 ? "s" : "")\n"), "\(name)")
            }
        }
    }

    /// What the launcher has told the ranks does not reach the tasks; what the user says does.
    @Test func environmentOfTasks() async throws {
        try await withTasks(["env > environment; echo \"$0\" >> environment; wc -c > input; ls -l /proc/self/fd > open"]
        ) {
            let outcome = try await $0.farm(2, environment: ["MINE": "1", "OMPI_MCA_btl_base_verbose": "0"])
            #expect(outcome.status == 0, "\(outcome)")
            let names = Set(try $0.text("environment").split(separator: "\n").map { $0.prefix { $0 != "=" } })
            for name in names {
                #expect(
                    !name.hasPrefix("PMI") && !name.hasPrefix("OMPI_COMM_WORLD") && !name.hasPrefix("HYD"), "\(name)")
            }
            for name in [
                "MINE", "OMPI_MCA_btl_base_verbose", "PATH", "TASKFARM_TASK", "TASKFARM_ATTEMPT", "TASKFARM_RANK",
            ] {
                #expect(names.contains(name[...]), "\(name)")
            }
            #expect(try $0.text("input") == "0\n")
            let descriptors = try $0.text("open").split(separator: "\n").filter { $0.contains("->") }
            // Standard input, output, error, and the listing itself.
            #expect(descriptors.count == 4, "\(descriptors)")
        }
    }

    @Test(arguments: [1, 2])
    func report(ranks: Int) async throws {
        try await withTasks(["sleep 1", "true", "exit 3", "true"]) { field in
            let outcome = try await field.farm(ranks, "--report", "r.json", "--quiet")
            #expect(outcome.status == 1 && outcome.standardOutput == "", "\(outcome)")
            let source = """
                import json; r = json.load(open('r.json')); s = r['result']
                assert r['program'] == 'taskfarm' and r['ranks'] == \(ranks) and r['updates'] == 4
                assert (s['tasks'], s['done'], s['failed'], s['left'], s['before']) == (4, 3, 1, 0, 0)
                rows = [row.split('\t') for row in open('tasks.journal') if row[0].isdigit()]
                seconds, task = max((float(row[7]), int(row[0])) for row in rows)
                assert s['longest']['task'] == task and abs(s['longest']['seconds'] - seconds) < 1e-5 and seconds >= 1
                assert len(s['perRank']) == \(ranks) and sum(p['tasks'] for p in s['perRank']) == 4
                busy = [p['busySeconds'] for p in s['perRank']]
                assert 1 <= sum(busy) and max(busy) == r['computeSeconds'] and 0 < s['utilisation'] <= 1
                assert s['failures'] == [{'task': 3, 'line': 3, 'ending': 'exit 3', 'attempts': 1, 'command': 'exit 3'}]
                """
            try field.write(source, to: "check.py")
            let check = try await run(python, ["check.py"], directory: field.directory)
            #expect(check.status == 0, "\(check)")
        }
    }

    @Test func progressOnATerminal() async throws {
        try await withTasks(Array(repeating: "sleep 0.05", count: 20)) { field in
            let words = "\(launcher) -n 2 \(builtProgram("taskfarm")) tasks"
            let outcome = try await run(
                "script", ["-qec", words, "/dev/null"], environment: launcherEnvironment, directory: field.directory)
            #expect(outcome.status == 0 && outcome.standardOutput.contains("task "), "\(outcome)")
            #expect(outcome.standardOutput.contains(" of 20, ") && outcome.standardOutput.contains("tasks/s, "))
        }
    }
}
