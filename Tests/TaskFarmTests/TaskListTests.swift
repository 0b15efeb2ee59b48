import FoundationEssentials
import TestSupport
import Testing

/// Lists of tasks, and what surrounds tasks, are bytes.
@Suite struct TaskListTests {
    /// Only a line feed, or a carriage return before it, ends a command.
    @Test(arguments: [1, 2])
    func separators(ranks: Int) async throws {
        let inner: [[UInt8]] = [
            [0x0c], [0x0b], [0x0d], [0xc2, 0x85], [0xe2, 0x80, 0xa8], [0xe2, 0x80, 0xa9], [0x1c], [0x1e], [0xff],
            [0xe9],
            [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88], [0xc2, 0xa0], [0xef, 0xbb, 0xbf], [0xcc, 0x81],
        ]
        for end in [[0x0a], [0x0d, 0x0a]] as [[UInt8]] {
            let list = inner.map { Array("printf %s 'a".utf8) + $0 + Array("b'".utf8) }
            try await withTasks([]) { field in
                try field.write([0xef, 0xbb, 0xbf] + list.flatMap { $0 + end })
                let outcome = try await field.farm(ranks, "--logs", "logs", "--quiet")
                #expect(outcome.status == 0, "\(outcome)")
                #expect(try field.states().count == inner.count)
                for (index, bytes) in inner.enumerated() {
                    let number = "\(index < 9 ? "0" : "")\(index + 1)"
                    #expect(try field.bytes("logs/\(number).out") == Array("a".utf8) + bytes + Array("b".utf8))
                }
            }
        }
    }

    /// A byte order mark, carriage returns at the ends of lines, a last line without end; blanks that are escaped.
    @Test func lines() async throws {
        let list = "\u{feff}echo 1\r\n\r\n  # no\r\n\t\r\n#TASKFARM BARRIER\r\n  echo 2\r\nprintf '%s|' \\ \necho 3"
        try await withTasks([]) { field in
            try field.write(list)
            let outcome = try await field.shell("farm tasks --dry-run")
            #expect(outcome.standardOutput == "1\techo 1\n2\techo 2\n3\tprintf '%s|' \\ \n4\techo 3\n", "\(outcome)")
            #expect(try await field.farm(1, "--logs", "logs").status == 0)
            #expect(try field.text("logs/3.out") == " |")
        }
    }

    /// The environment passes through, in whatever encoding; that of an outer farm does not.
    @Test(arguments: [1, 2])
    func environment(ranks: Int) async throws {
        try await withTasks(["env -0 > environment.$TASKFARM_RANK"]) { field in
            let script = """
                LATIN=$(printf 'caf\\351') BYTES=$(printf '\\377\\201\\nx') TASKFARM_TASK=77 TASKFARM_ATTEMPT=78 \\
                    TASKFARM_RANK=79 exec "$@"
                """
            let outcome = try await run(
                "sh",
                [
                    "-c", "export LATIN BYTES; \(script)", "sh", launcher, "-n", "\(ranks)", builtProgram("taskfarm"),
                    "tasks",
                ],
                environment: launcherEnvironment, directory: field.directory)
            #expect(outcome.status == 0, "\(outcome)")
            let name = try #require(try field.listing().first { $0.hasPrefix("environment") })
            let variables = try field.bytes(name).split(separator: 0).map { Array($0) }
            #expect(variables.contains(Array("LATIN=caf".utf8) + [0xe9]))
            #expect(variables.contains(Array("BYTES=".utf8) + [0xff, 0x81, 0x0a, 0x78]))
            let own = variables.filter { $0.starts(with: "TASKFARM_".utf8) }.map { String(decoding: $0, as: UTF8.self) }
            #expect(Set(own) == ["TASKFARM_TASK=1", "TASKFARM_ATTEMPT=1", "TASKFARM_RANK=\(name.suffix(1))"])
            #expect(own.count == 3)
        }
    }

    /// What cannot be seen, or is not UTF-8, is shown as an escape, and is exact in the journal.
    @Test func commandsInMessages() async throws {
        try await withTasks([]) { field in
            try field.write(Array("false \u{1b}[31m\u{85} ".utf8) + [0xff, 0x0a])
            let outcome = try await field.farm(1, "--report", "r.json")
            #expect(outcome.status == 1)
            #expect(outcome.standardOutput.contains(#"exit 1  false \u{1B}[31m\u{0085} \xff"#), "\(outcome)")
            #expect(try field.text("r.json").contains(#"xff"#))
            let record = try #require(try field.bytes("tasks.journal").split(separator: 0x0a).last)
            #expect(record.suffix(12) == Array(#"\x1b[31m"#.utf8) + [0xc2, 0x85, 0x20, 0xff], "\(record)")
        }
    }
}
