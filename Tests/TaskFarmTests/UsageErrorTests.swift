import TestSupport
import Testing

@Suite struct UsageErrorTests {
    private static let cases: [(arguments: [String], status: Int32, message: String)] = [
        ([], 64, "There is neither a list of tasks nor a --table. (see taskfarm --help)"),
        (["tasks", "--table", "table"], 64, "There are both a list of tasks and a --table."),
        (["tasks", "--", "echo"], 64, "A command after -- needs a --table."),
        (["--table", "table"], 64, "--table needs a command after --."),
        (["none"], 64, "cannot read none: No such file or directory"),
        (["."], 64, "cannot read .: Is a directory"),
        (["empty"], 64, "empty has no tasks"),
        (["misspelt"], 64, "misspelt:2: '#TASKFARM BARIER' is no directive, only '#TASKFARM BARRIER' is"),
        (["zero"], 64, "zero:1: there is a zero byte in it"),
        (["--table", "table", "--", "echo", "{y}"], 64, "{y} is no column of table, which has x, z"),
        (["--table", "ragged", "--", "echo", "{x}"], 64, "ragged:3: 3 values for 2 columns (x, z)"),
        (["--table", "open", "--", "echo", "{x}"], 64, "open:2: a quote is not closed"),
        (["--table", "after", "--", "echo", "{x}"], 64, "after:2: text after a closing quote"),
        (["--table", "return", "--", "echo", "{x}"], 64, "return:2: a carriage return that does not end the line"),
        (["--table", "comment", "--", "echo", "{x}"], 64, "comment:2: a carriage return that does not end the line"),
        (["--table", "end", "--", "echo", "{x}"], 64, "end:3: a carriage return that does not end the line"),
        (["--table", "twofold", "--", "echo", "{x}"], 64, "twofold:2: a carriage return that does not end the line"),
        (["--table", "tab", "--", "echo", "{x}"], 64, "tab:2: a tab before a quote"),
        (["joined"], 64, "joined:2: '#TASKFARMBARRIER' is no directive, only '#TASKFARM BARRIER' is"),
        (["--table", "twice", "--", "echo", "{x}"], 64, "twice:1: there are two columns 'x'"),
        (["--table", "number", "--", "echo", "{x}"], 64, "number:1: '1' cannot be the name of a column"),
        (["--table", "empty", "--", "echo", "{x}"], 64, "empty:1: there is no line with the names of columns"),
        (["--table", "code", "--", "echo $(({x}))"], 64, "code:2: the value '$(touch ran)' of {x} cannot stand in "),
        (["--table", "code", "--", "echo ${{y:-{x}}"], 64, "code:2: the value '$(touch ran)' of {x} cannot stand in "),
        (["--table", "code", "--", "a[{x}]=1"], 64, "code:2: the value '$(touch ran)' of {x} cannot stand in "),
        (["--table", "code", "--", "cat <<X\n{x}\nX"], 64, "code:2: the value '$(touch ran)' of {x} cannot stand in "),
        (
            ["--table", "code", "--", "echo \"`echo {x}`\""], 64,
            "code:2: the value '$(touch ran)' of {x} cannot stand in "
        ),
        (
            ["--table", "table", "--", "echo ${x}"], 64,
            "{x} stands behind a $ or a backslash; ${{x} is the shell's own"
        ),
        (["--table", "table", "--", "echo \\{x}"], 64, "{x} stands behind a $ or a backslash; "),
        (["--table", "invisible", "--", "echo"], 64, #"invisible:1: 'x\u{200B}\xff\u{07}' cannot be the name of a"#),
        (["tasks", "--timeout", "0"], 64, "--timeout is 0.0, it must be more than 0."),
        (["tasks", "--grace=-1"], 64, "--grace is -1.0, it must be 0 or more."),
        (["tasks", "--backoff=-1"], 64, "--backoff is -1.0, it must be 0 or more."),
        (["tasks", "--retries=-1"], 64, "--retries is -1, it must be 0 or more."),
        (["tasks", "--max-failures", "0"], 64, "--max-failures is 0, it must be 1 or more."),
        (["tasks", "--failed-logs-only"], 64, "--failed-logs-only needs --logs."),
        (["tasks", "--journal", "none/j"], 73, "cannot write none/j: No such file or directory"),
        (["tasks", "--journal", "."], 73, "cannot write .: Is a directory"),
        (["tasks", "--logs", "none/logs"], 73, "cannot write to none/logs: No such file or directory"),
        (["tasks", "--logs", "tasks"], 73, "cannot write tasks/log: "),
        (["tasks", "--report", "table"], 73, "cannot write table: the file of that name was not written by taskfarm"),
        (["tasks", "--report", "none/r"], 73, "cannot write none/r: directory none: No such file or directory"),
    ]

    @Test(arguments: [1, 3])
    func refused(ranks: Int) async throws {
        try await withTasks(["touch ran"]) { field in
            let files = [
                "empty": "# nothing\n\n", "misspelt": "true\n#TASKFARM BARIER\n", "zero": "echo \u{0}\n",
                "table": "x,z\n1,2\n", "ragged": "x,z\n1,2\n1,2,3\n", "open": "x,z\n\"1,2\n",
                "return": "x,z\n1,2\r3,4\n", "comment": "x,z\n# 1\r3,4\n5,6\n", "end": "x,z\n1,2\n3,4\r",
                "twofold": "x,z\n1,2\r\r\n", "tab": "x,z\n1,\t\"2,3\"\n", "joined": "true\n#TASKFARMBARRIER\n",
                "after": "x,z\n\"1\"2,3\n",
                "twice": "x,x\n", "number": "1,2\n", "code": "x,y\n$(touch ran),2\n",
                // Bash would evaluate what the name stands for.
                "names": "a,b\nx[$(touch ran)],_taskfarm1\n",
            ]
            try field.write(Array("x\u{200b}".utf8) + [0xff, 7, 0x0a], to: "invisible")
            for (name, text) in files { try field.write(text, to: name) }
            // On three ranks a few stand for all: who speaks and how all end is the same for each.
            let cases = ranks == 1 ? Self.cases : Self.cases.enumerated().filter { $0.offset % 9 == 0 }.map(\.element)
            for (arguments, status, message) in cases {
                let outcome = try await mpiexec(ranks, "taskfarm", arguments, directory: field.directory)
                #expect(outcome.status == status && outcome.standardOutput == "", "\(arguments): \(outcome)")
                #expect(outcome.ownErrorLines.count == 1, "\(arguments): \(outcome)")
                #expect(complaint(outcome).hasPrefix("taskfarm: \(message)"), "\(arguments): \(outcome)")
            }
            #expect(try !field.listing().contains("ran"))
        }
    }

    /// A journal that cannot be written any more ends the farm: nothing that ran since would count.
    @Test func fullDisk() async throws {
        guard await canMount() else { return }
        try await withTasks(Array(repeating: "sleep 0.01", count: 3000)) { field in
            let script = """
                mkdir small && mount -t tmpfs -o size=64k none small && cp tasks small/tasks && cd small &&
                exec "$0" -n 2 "$1" tasks --journal journal
                """
            let outcome = try await runWithOwnMounts(
                "set -- \(launcher) \(builtProgram("taskfarm")); sh -c '\(script)' \"$@\"", directory: field.directory)
            #expect(outcome.status == 74, "\(outcome)")
            #expect(complaint(outcome) == "taskfarm: cannot write journal: No space left on device", "\(outcome)")
        }
    }

    @Test func help() async throws {
        let outcome = try await mpiexec(2, "taskfarm", ["--help"])
        #expect(outcome.status == 0 && outcome.standardOutput.contains("--max-failures"), "\(outcome)")
    }
}
