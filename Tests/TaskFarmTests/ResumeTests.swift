import FoundationEssentials
import TestSupport
import Testing

@Suite struct ResumeTests {
    /// Many tasks, of which some crash and some run out of time; the whole job is killed in the middle and started
    /// again, on another number of ranks. It does not come further than the middle before.
    @Test(arguments: [2, 3])
    func killedJob(ranks: Int) async throws {
        func runsOutOfTime(_ number: Int) -> Bool { number > 400 && number % 50 == 7 }
        func fails(_ number: Int) -> Bool { number % 10 == 3 || runsOutOfTime(number) }
        let tasks = (1...500).map { number in
            if number % 10 == 3 { return "echo x >> ran.\(number); kill -SEGV $$" }
            if runsOutOfTime(number) { return "echo x >> ran.\(number); sleep 1000" }
            return "\(number > 300 ? "until test -e go; do sleep 0.02; done; " : "")echo x >> ran.\(number)"
        }
        try await withTasks(tasks) { field in
            let killed = try await field.farm(
                ranks, ["--quiet"],
                beside: """
                    until [ "$(grep -c done tasks.journal 2> /dev/null)" -gt 100 ]; do sleep 0.02; done
                    kill -KILL $job $(ranks)
                    wait $job
                    """)
            #expect(killed.status == 137, "\(killed)")
            try field.write("", to: "go")
            let before = try field.states()
            #expect(before.count > 100 && before.count < 500)
            // The last record as a crash of the whole node might leave it.
            let journal = try field.text("tasks.journal")
            try field.write(journal + "499\tdone\tex", to: "tasks.journal")

            let resumed = try await field.farm(5 - ranks, "--timeout", "5", "--quiet")
            #expect(resumed.status == 1 && complaint(resumed).contains("52 of 500 tasks failed"), "\(resumed)")
            let states = try field.states()
            #expect(states.count == 500)
            for (number, state) in states {
                #expect(state == (fails(number) ? "failed" : "done"), "\(number)")
                // Only a task whose record was lost with the job ran twice, never one that counted before.
                let runs = try field.text("ran.\(number)").split(separator: "\n").count
                #expect(runs == 1 || runs == 2 && before[number] == nil, "\(number) ran \(runs) times")
            }
            #expect(before.allSatisfy { states[$0] == $1 })
        }
    }

    /// A rank that is killed takes its task along: it must not run beside its own repetition.
    @Test(arguments: [2])
    func killedRanksLeaveNoTask(ranks: Int) async throws {
        try await withTasks(["touch here; until test -e go; do sleep 0.02; done; touch late"]) { field in
            let killed = try await field.farm(
                ranks, beside: "await here; kill -KILL $(ranks); wait $job")
            #expect(killed.status != 0, "\(killed)")
            let deadline = ContinuousClock.now + .seconds(hangLimit)
            while try await !field.processes().isEmpty { try #require(ContinuousClock.now < deadline) }
            try field.write("", to: "go")
            #expect(try !field.listing().contains("late"))
            #expect(try await field.farm(ranks).status == 0)
        }
    }

    /// A first signal lets what runs end, and starts nothing more.
    @Test(arguments: [(1, "USR1"), (3, "TERM"), (5, "INT")])
    func drain(ranks: Int, signal: String) async throws {
        let tasks = (1...18).map { "touch began.\($0); until test -e go; do sleep 0.02; done; echo x >> ran.\($0)" }
        try await withTasks(tasks) { field in
            // One rank hears it, and tells the others.
            let drained = try await field.farm(
                ranks, beside: "await began.1; kill -\(signal) $(ranks | tail -n 1); hearing; touch go; wait $job")
            #expect(drained.status == 75, "\(drained)")
            let states = try field.states()
            #expect((1...ranks).contains(states.count), "\(states)")
            #expect(states.values.allSatisfy { $0 == "done" })
            #expect(
                complaint(drained)
                    == "taskfarm: stopped with \(18 - states.count) of 18 tasks left; the same command goes on")
            #expect(try field.listing().filter { $0.hasPrefix("began") }.count == states.count)

            let resumed = try await field.farm(ranks)
            #expect(resumed.status == 0, "\(resumed)")
            #expect(try field.states().count == 18)
            for number in 1...18 { #expect(try field.text("ran.\(number)") == "x\n") }
        }
    }

    /// A second signal ends what runs; it runs again the next time.
    @Test(arguments: [1, 2])
    func secondSignal(ranks: Int) async throws {
        let task = "touch began.$TASKFARM_TASK; until test -e again; do sleep 0.02; done"
        try await withTasks(Array(repeating: task, count: 4)) { field in
            let ended = try await field.farm(
                ranks,
                // Two signals within a fifth of a second are one.
                beside: """
                    await began.1; kill -USR1 $(ranks); hearing; sleep 0.3; kill -USR1 $(ranks); wait $job
                    """)
            #expect(ended.status == 75, "\(ended)")
            #expect(try field.states().isEmpty)
            #expect(try Set(field.records().map(\.state)) == ["stopped"])
            try field.write("", to: "again")
            #expect(try await field.farm(ranks).status == 0)
            #expect(try field.states().count == 4)
            #expect(try field.records().filter(\.isFinal).allSatisfy { $0.attempt == 1 })
        }
    }

    /// A task's own trap hears the signal, wherever in the task it is set.
    @Test(arguments: [
        "trap 'touch heard' USR1; kill -USR1 $$", "sh script", "./script", "bash -c '. ./script'", "(sh script; true)",
    ])
    func trapOfATask(task: String) async throws {
        try await withTasks([task]) { field in
            try writeScript("trap 'touch heard' USR1; kill -USR1 $$", to: field.directory + "/script")
            let outcome = try await field.farm(1)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try field.listing().contains("heard"))
        }
    }

    /// A signal to the farm is none to its tasks, whether they have a trap for it or would die of it.
    @Test(arguments: [(1, "USR1"), (3, "USR1"), (2, "INT")])
    func signalsStayWithTheFarm(ranks: Int, signal: String) async throws {
        let wait = "touch began; until test -e go; do sleep 0.02; done"
        try await withTasks(["trap 'touch heard' \(signal); \(wait)", wait, wait]) { field in
            let drained = try await field.farm(
                ranks, beside: "await began; kill -\(signal) $(ranks); hearing; touch go; wait $job")
            #expect(try !field.listing().contains("heard"))
            let states = try field.states()
            #expect(drained.status == (states.count == 3 ? 0 : 75), "\(drained)")
            #expect(states.values.allSatisfy { $0 == "done" }, "\(states)")
        }
    }

    /// A batch system may send its signal to the tasks as well, before or after the farm. What ends by it, or says that
    /// it can go on, has not failed.
    @Test(arguments: [1, 2])
    func signalToEverything(ranks: Int) async throws {
        let loop = "touch began.$TASKFARM_TASK; until test -e go; do sleep 0.02; done"
        let tasks = [
            loop, "sh -c '\(loop)'; exit $?", "exec sh -c 'trap \"exit 75\" USR1; \(loop)'",
            "exec sh -c 'trap \"touch saved; exit 0\" USR1; \(loop)'",
        ]
        for task in tasks {
            // The task's end is noticed before the farm's own signal comes; or the other way round. Time stands still,
            // as the farm does not wait long for its signal.
            for order in [
                "$(tasks); while test -n \"$(tasks)\"; do :; done; hearing; kill -USR1 $(ranks)",
                "$(ranks) $(tasks)",
            ] {
                try await withTasks([task]) { field in
                    let stopped = try await field.farm(
                        ranks, with: "clock",
                        beside: """
                            tasks() {
                                for process in /proc/[0-9]*; do
                                    if [ "$(readlink $process/cwd)" = "$PWD" ] && [ "$(cat $process/comm)" = sh ]; then
                                        grep -qsz '^TASKFARM_TASK=' $process/environ && echo ${process#/proc/}
                                    fi
                                done 2> /dev/null
                            }
                            await began.1; kill -USR1 \(order); wait $job
                            """)
                    let isSaved = try field.listing().contains("saved")
                    #expect(stopped.status == (isSaved ? 0 : 75), "\(task): \(stopped)")
                    #expect(isSaved == task.contains("saved"))
                    try field.write("", to: "go")
                    #expect(try await field.farm(ranks).status == 0)
                    #expect(try field.states() == [1: "done"])
                }
            }
        }
    }

    /// The launcher passes a signal on. That of MPICH 4.0 then often ends with 0 whatever its ranks end with.
    @Test func signalOfTheLauncher() async throws {
        // Without the signal it would take minutes.
        try await withTasks((1...2000).map { "touch began.\($0); sleep 0.2" }) { field in
            let drained = try await field.farm(2, beside: "await began.1; kill -USR1 $job; wait $job")
            #expect(drained.status == 75 || launcher.hasSuffix("mpich") && drained.status == 0, "\(drained)")
            #expect(complaint(drained).hasPrefix("taskfarm: stopped with "), "\(drained)")
            #expect(try field.states().count < 2000)
        }
    }

    /// A list that has changed is refused; so is what is no journal.
    @Test func otherLists() async throws {
        try await withTasks(["true", "# about", "echo one", "echo two"]) { field in
            #expect(try await field.farm(2).status == 0)
            let journal = try field.text("tasks.journal")
            let other = "tasks.journal was begun with"
            let lists = [
                ("true\n# about\necho 1\necho two\n", "tasks:3: not the command that \(other)"),
                ("true\necho one\n\n#TASKFARM BARRIER\necho two\n", "tasks:5: not the command that \(other)"),
                ("true\necho one\n", "tasks has 2 tasks, \(other) 3"),
                ("true\necho one\necho two\ntrue\n", "tasks has 4 tasks, \(other) 3"),
            ]
            for (list, message) in lists {
                try field.write(list)
                let outcome = try await field.farm(2)
                #expect(outcome.status == 64 && complaint(outcome).hasPrefix("taskfarm: \(message)"), "\(outcome)")
                #expect(try field.text("tasks.journal") == journal)
            }
            // Comments and blank lines may change.
            try field.write("\ntrue\necho one\n#\necho two")
            #expect(try await field.farm(2).status == 0)
        }
    }

    @Test func garbageInTheJournal() async throws {
        try await withTasks(["true", "true"]) { field in
            #expect(try await field.farm(1).status == 0)
            let good = try field.text("tasks.journal")
            let header = good.split(separator: "\n").prefix(3).map { $0 + "\n" }.joined()
            let last = good.split(separator: "\n").last! + "\n"
            let bad: [(journal: String, message: String)] = [
                ("something else\n", "tasks.journal is not a journal of taskfarm"),
                (header + "garbage\n" + last, "tasks.journal:4: this is no record of a task"),
                (header + last.replacing("2\tdone", with: "9\tdone"), "tasks.journal:4: this is no record of a task"),
                (header + last.replacing("done", with: "gone"), "tasks.journal:4: this is no record of a task"),
                (good + last, "tasks.journal:6: task 2 was done before"),
                (
                    header + last.replacing("\t1\t0\t", with: "\t\(Int.max)\t0\t"),
                    "tasks.journal:4: this is no record of a task"
                ),
                // A file of something else loses nothing, not even what is no whole line.
                ("something else", "tasks.journal is not a journal of taskfarm"),
                ("something\nelse", "tasks.journal is not a journal of taskfarm"),
                (header + "garbage\n2\tdo", "tasks.journal:4: this is no record of a task"),
                ("# taskfarm journal 1: \u{0}\u{0}\n", "tasks has 2 tasks, tasks.journal was begun with 0"),
            ]
            for (journal, message) in bad {
                try field.write(journal, to: "tasks.journal")
                let outcome = try await field.farm(2)
                #expect(outcome.status == 64 && complaint(outcome).hasPrefix("taskfarm: \(message)"), "\(outcome)")
                #expect(try field.text("tasks.journal") == journal)
            }
            // What a kill may leave: a part of the header, a part of a record.
            for part in ["", "# taskf", String(header.dropLast(3)), header, header + "2\tdone\texit 0\t1\t0\tn"] {
                try field.write(part, to: "tasks.journal")
                let outcome = try await field.farm(2)
                #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
                #expect(try field.states() == [1: "done", 2: "done"])
            }
            try Data([0x23, 0xff, 0xfe, 0x0a]).write(to: URL(filePath: field.journal))
            let binary = try await field.farm(1)
            #expect(binary.status == 64 && complaint(binary).contains("tasks.journal"), "\(binary)")
        }
    }

    /// A kill may cut the last record within a character, and the bytes of a command need not be characters.
    @Test(arguments: [1, 2])
    func journalCutWithinACharacter(ranks: Int) async throws {
        try await withTasks([]) { field in
            try field.write(Array("true # né €\ntrue # ".utf8) + [0xe9, 0xff] + Array(" 𝄞é\n".utf8))
            #expect(try await field.farm(ranks).status == 0)
            let whole = try field.bytes("tasks.journal")
            let records = whole.split(separator: UInt8(ascii: "\n"))
            // The command is there as it was written.
            #expect(records.contains { $0.suffix(9) == [0xe9, 0xff] + Array(" 𝄞é".utf8) })
            for removed in 1...9 {
                try field.write(Array(whole.dropLast(removed)), to: "tasks.journal")
                let outcome = try await field.farm(ranks)
                #expect(outcome.status == 0 && outcome.standardOutput.contains("1 of them ended before"), "\(outcome)")
                #expect(try field.states() == [1: "done", 2: "done"])
            }
        }
    }

    /// Two farms on one journal would run everything twice.
    @Test func secondFarmAtATime() async throws {
        try await withTasks(["touch here; until test -e go; do sleep 0.02; done"]) { field in
            let outcome = try await field.farm(
                1, beside: "await here; \"$@\"; status=$?; touch go; wait $job && exit $status")
            #expect(outcome.status == 73, "\(outcome)")
            #expect(complaint(outcome) == "taskfarm: tasks.journal is being written by another taskfarm")
            #expect(try field.records().count == 1)
        }
    }
}
