import TestSupport
import Testing

@Suite struct TableTests {
    /// What the commands are, by `--dry-run`.
    private func commands(_ table: String, _ template: String...) async throws -> [String] {
        try await withTasks([]) { field in
            try field.write(table, to: "table")
            let outcome = try await run(
                builtProgram("taskfarm"), ["--table", "table", "--dry-run", "--"] + template,
                environment: launcherEnvironment, directory: field.directory)
            #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
            #expect(try field.listing() == ["table", "tasks"])
            return outcome.standardOutput.split(separator: "\n").map(String.init)
        }
    }

    @Test func values() async throws {
        #expect(
            try await commands("x,seed\n0.5,1\n# not this\n\n -1.5 , 2 \r\n", "run", "--x", "{x}", "--seed={seed}")
                == ["1\trun --x 0.5 --seed=1", "2\trun --x -1.5 --seed=2"])
        #expect(try await commands("a\tb\n1,5\t2\n", "run {b} {a}") == ["1\trun 2 1,5"])
        #expect(
            try await commands("a\n\"x, y\"\n\"say \"\"so\"\"\"\n", "echo", "{a}.{task}")
                == ["1\techo 'x, y.1'", "2\techo 'say \"so\".2'"])
    }

    /// Braces that are not around a name are the command's own.
    @Test func braces() async throws {
        #expect(
            try await commands("a\n7\n", "awk '{print $1}' {a} {} {1} ${{a} {{b} { a }")
                == ["1\tawk '{print $1}' 7 {} {1} ${a} {b} { a }"])
    }

    /// Whatever is in a value reaches the program as it is.
    @Test(arguments: [1, 2])
    func quoting(ranks: Int) async throws {
        let values = ["plain", "two words", "it's", "$HOME `id` \\", "", "*", "-n", "\"", "a;b|c&d>e", "é"]
        let table = "value\n" + values.map { "\"\($0.replacing("\"", with: "\"\""))\"\n" }.joined()
        try await withTasks([]) { field in
            try field.write(table, to: "table")
            for template in [["printf", "%s", "{value}"], ["printf %s {value} | cat"]] {
                let outcome = try await mpiexec(
                    ranks, "taskfarm",
                    ["--table", "table", "--logs", "logs", "--journal", "j\(template.count)", "--"] + template,
                    directory: field.directory)
                #expect(outcome.status == 0, "\(outcome)")
                for (index, value) in values.enumerated() {
                    let number = index == 9 ? "10" : "0\(index + 1)"
                    #expect(try field.text("logs/\(number).out") == value)
                }
            }
        }
    }
}
