import FoundationEssentials
import TestSupport
import Testing

/// What tasks print arrives, or the tasks do not count.
@Suite struct OutputTests {
    private static let tasks = (1...6).map { "echo output of $TASKFARM_TASK; echo x >> ran.\($0)" }

    /// Shell that reads some lines, and whose file `gone` tells that nobody reads any more.
    private static func reading(_ count: Int) -> String { "{ head -n \(count); exec < /dev/null; touch gone; }" }
    private static let awaitingNoReader = "until test -e gone; do sleep 0.02; done; "

    /// Every byte of it, however fast it comes and however slowly it is read; on one rank in order.
    @Test(arguments: [1, 3])
    func everyByte(ranks: Int) async throws {
        let tasks = [
            "seq 40000", #"printf '\377\0\200'"#, "head -c 300000 /dev/zero | tr '\\0' a",
            "head -c 300000 /dev/zero | tr '\\0' b >&2",
        ]
        try await withTasks(tasks) { field in
            // Ends when a good part of what a pipe holds is in it.
            let full = """
                import fcntl, struct, termios, time
                while struct.unpack("i", fcntl.ioctl(0, termios.FIONREAD, bytes(4)))[0] < 32768: time.sleep(0.01)
                """
            try field.write(full, to: "full.py")
            let outcome = try await run(
                "sh",
                [
                    "-c", "\"$@\" --quiet 2> err | { '\(python)' full.py; cat; } > out", "sh", launcher, "-n",
                    "\(ranks)", builtProgram("taskfarm"), "tasks",
                ],
                environment: launcherEnvironment, directory: field.directory)
            #expect(outcome.status == 0, "\(outcome)")
            let numbers = Array((1...40000).map { "\($0)\n" }.joined().utf8)
            let expected = numbers + [0xff, 0, 0x80] + Array(repeating: UInt8(ascii: "a"), count: 300_000)
            let out = try field.bytes("out")
            #expect(ranks == 1 ? out == expected : out.sorted() == expected.sorted())
            #expect(try field.bytes("err") == Array(repeating: UInt8(ascii: "b"), count: 300_000))
        }
    }

    /// Both outputs in one file keep their order.
    @Test func bothOutputsInOneFile() async throws {
        try await withTasks(["for i in 1 2 3 4; do echo $i; echo $i >&2; done"]) { field in
            let outcome = try await field.shell("farm tasks --quiet > both 2>&1")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try field.text("both") == "1\n1\n2\n2\n3\n3\n4\n4\n")
        }
    }

    /// When standard output is gone, no task that prints has failed: all are done by the same command later.
    @Test(arguments: ["| \(reading(1))", "| \(reading(3))", "> /dev/full", ">&-"])
    func outputThatIsGone(redirection: String) async throws {
        let tasks = Self.tasks.enumerated().map { ($0 < 3 ? "" : Self.awaitingNoReader) + $1 }
        try await withTasks(tasks) { field in
            if redirection.hasPrefix(">") { try field.write("", to: "gone") }
            let broken = try await field.shell("{ farm tasks; echo $? > status; } \(redirection)")
            let reason =
                ["> /dev/full": "No space left on device", ">&-": "Bad file descriptor"][redirection] ?? "Broken pipe"
            #expect(try field.text("status") == "74\n", "\(broken)")
            #expect(complaint(broken) == "taskfarm: cannot write standard output: \(reason)", "\(broken)")
            let states = try field.states()
            #expect(states.count < 6 && states.values.allSatisfy { $0 == "done" }, "\(states)")
            #expect(try field.records().filter { !$0.isFinal }.map(\.state) == ["stopped"])
            if redirection.hasPrefix(">") { #expect(states.isEmpty) }

            let resumed = try await field.farm(2)
            #expect(resumed.status == 0, "\(resumed)")
            for number in 1...6 {
                #expect(states[number] == nil || !resumed.standardOutput.contains("output of \(number)\n"))
                #expect(states[number] != nil || resumed.standardOutput.contains("output of \(number)\n"))
            }
        }
    }

    /// The same on several ranks, where the launcher may end the job first.
    @Test(arguments: [2, 3])
    func outputOfALauncherThatIsGone(ranks: Int) async throws {
        try await withTasks((1...40).map { ($0 == 1 ? "" : Self.awaitingNoReader) + "echo \($0)" }) { field in
            _ = try await run(
                "sh",
                [
                    "-c", "\"$@\" | \(Self.reading(1))", "sh", launcher, "-n", "\(ranks)", builtProgram("taskfarm"),
                    "tasks",
                ],
                environment: launcherEnvironment, directory: field.directory)
            #expect(try field.states().values.allSatisfy { $0 == "done" })
            #expect(try await field.farm(ranks).status == 0)
            #expect(try field.states().count == 40)
        }
    }

    /// Tasks that print nothing are done all the same; only the summary has no place to go.
    @Test func summaryThatCannotBeWritten() async throws {
        try await withTasks(["touch ran"]) { field in
            let outcome = try await field.shell("farm tasks > /dev/full")
            #expect(outcome.status == 74, "\(outcome)")
            #expect(complaint(outcome).hasPrefix("taskfarm: cannot write standard output: "))
            #expect(try field.states() == [1: "done"])
            for arguments in ["--help", "--version", "tasks --dry-run"] {
                let outcome = try await field.shell("farm \(arguments) > /dev/full")
                #expect(outcome.status == 74, "\(arguments): \(outcome)")
                #expect(complaint(outcome).hasPrefix("taskfarm: cannot write standard output: "))
            }
            #expect(try await field.shell("farm tasks --quiet > /dev/full").status == 0)
        }
    }

    @Test func standardErrorThatCannotBeWritten() async throws {
        try await withTasks(["echo lost >&2"]) { field in
            let outcome = try await field.shell("farm tasks --quiet 2> /dev/full")
            #expect(outcome.status == 74, "\(outcome)")
            #expect(try field.records().map(\.state) == ["stopped"])
        }
    }

    /// A process that a task leaves behind does not keep whoever reads the output waiting.
    @Test(arguments: [1, 2])
    func outputHeldOpen(ranks: Int) async throws {
        try await withTasks(["sleep 300 & echo $! > left; echo printed", "echo too"]) { field in
            let outcome = try await field.farm(ranks, "--quiet")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.standardOutput.split(separator: "\n").sorted() == ["printed", "too"])
            let number = try field.text("left").split(separator: "\n")[0]
            #expect(try await run("kill", [String(number)]).status == 0)
        }
    }

    /// What other ranks have to say when rank 0 has done everything alone is received all the same: MPI wants no
    /// message left behind, and MPICH's transport reports it on standard output.
    @Test(arguments: 1...5)
    func noMessageIsLeftBehind(ranks: Int) async throws {
        try await withTasks(["echo one", "echo two"]) { field in
            let outcome = try await field.farm(ranks, "--quiet", with: "late")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.standardOutput == "one\ntwo\n")
            #expect(outcome.standardError == "")
        }
    }
}
