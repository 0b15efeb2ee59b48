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

    /// A value may begin with what begins a comment. Carriage return and line feed end a line like a line feed; rows of
    /// nothing but separators are rows.
    @Test func rows() async throws {
        #expect(
            try await commands(
                "color,x\n#ff0000,1\n# no,2\n#\n## no\n #00ff00,3\n\"# yes\",4\n", "echo", "{color}", "{x}")
                == ["1\techo '#ff0000' 1", "2\techo '#00ff00' 3", "3\techo '# yes' 4"])
        #expect(
            try await commands("\u{feff}a,b\r\n1,\"2\"\r\n\r\n# no\r\n3,4", "echo", "{a}", "{b}")
                == ["1\techo 1 2", "2\techo 3 4"])
        #expect(try await commands("a\tb\n\t\nx\t\n", "echo", "{a}", "{b}") == ["1\techo '' ''", "2\techo x ''"])
    }

    /// Text that is plain stands where it is put, but never continues the name of a variable, nor is it an assignment.
    @Test func plainValues() async throws {
        #expect(
            try await commands("a,b\n1.5,x=2\n", "echo $(({a})) $dir{a} \"{a}\" '{a}' {b}")
                == [
                    "1\t_taskfarm1=1.5; _taskfarm2=x=2; "
                        + "echo $((1.5)) $dir\"${_taskfarm1}\" \"1.5\" '1.5' \"${_taskfarm2}\""
                ])
        #expect(try await commands("a\nx=2\n", "{a}", "{a}") == ["1\t'x=2' x=2"])
    }

    /// A template as a list of words or a piece of shell, in which each value is printed exactly.
    private static let templates = [
        ["printf", "%s", "{v}"], ["printf %s {v} | cat"], ["printf %s \"{v}\""], ["printf %s '{v}'"],
        ["x=$(printf %sE {v}); printf %s \"${{x%E}\""], ["x=\"$(printf %sE {v})\"; printf %s \"${{x%E}\""],
        ["x=`printf %sE {v}`; printf %s \"${{x%E}\""], ["f() { printf %s \"$1\"; }; f {v}"],
        ["# it's \"\nprintf %s {v} # {v} '"], ["sh -c 'printf %s \"$1\"' sh {v}"], ["(printf %s {v})"],
        ["case x in x) printf %s {v} ;; esac"], ["printf %s it\\'s'\"'{v} | sed 's/^it.s.//'"],
    ]

    /// The bytes of a value reach the program as they are, and nothing in them is run.
    @Test(arguments: [1, 2])
    func bytes(ranks: Int) async throws {
        let texts = [
            "plain", "two words", "it's", "$HOME `id` \\", "", "*", "-n", "\"", "a;b|c&d>e", "é", "a\nb", "a\r\nb",
            "a\rb",
            "'; touch ran; '", "'\u{301}; touch ran; '", "\"; touch ran; \"", "\"\u{301}; touch ran; \"",
            "\\\u{301}'; touch ran; '", "$(touch ran)", "`touch ran`", "$\u{301}(touch ran)", "a[$(touch ran)]", "#x",
            "\nX\ntouch ran\n", "\u{c}x\u{b}y\u{85}z\u{2028}t\u{2029}u\u{feff}", "~", "!", "x=1", "{v}", "}",
            "${_taskfarm1}",
        ]
        let values = texts.map { Array($0.utf8) } + [[0xff], [0xe9, 0x27, 0xcc, 0x81], (1...255).map { UInt8($0) }]
        let table =
            Array("v\n".utf8)
            + values.flatMap { value in [0x22] + value.flatMap { $0 == 0x22 ? [$0, $0] : [$0] } + [0x22, 0x0a] }
        try await withTasks([]) { field in
            try field.write(table, to: "table")
            for template in Self.templates {
                let outcome = try await mpiexec(
                    ranks, "taskfarm",
                    ["--table", "table", "--logs", "logs", "--journal", "j", "--quiet", "--"] + template,
                    directory: field.directory)
                #expect(outcome.status == 0, "\(template): \(outcome)")
                for (index, value) in values.enumerated() {
                    let number = "\(index < 9 ? "0" : "")\(index + 1)"
                    // A line feed at the end of a value would go through $( ).
                    #expect(try field.bytes("logs/\(number).out") == value, "\(template): \(value)")
                }
                #expect(try !field.listing().contains("ran"), "\(template)")
                _ = try await run("rm", ["-r", "logs", "j"], directory: field.directory)
            }
        }
    }

    /// Tables that Python's csv module writes, of random bytes; the template has bytes that are not UTF-8, too.
    @Test(arguments: [1, 2, 3])
    func tablesOfPython(seed: Int) async throws {
        let source = #"""
            import csv, os, random, subprocess, sys
            farm, source = sys.argv[1], random.Random(int(sys.argv[2]))
            pieces = ["'", '"', ',', '\n', '\r', '\r\n', '\t', ' ', '#', '\\', '$(touch ran)', '`touch ran`', ';',
                      '{a}']
            def value():
                return ''.join(source.choice(pieces) if source.random() < 0.5 else chr(source.randrange(1, 256))
                               for _ in range(source.randrange(8)))
            rows = [[value() for _ in 'abc'] for _ in range(200)]
            for delimiter in ',\t':
                with open('table', 'w', encoding='latin-1', newline='') as file:
                    writer = csv.writer(file, delimiter=delimiter, lineterminator=source.choice(['\n', '\r\n']),
                                        quoting=csv.QUOTE_ALL)
                    writer.writerow('abc')
                    writer.writerows(rows)
                for words in ([b'printf', b'%s\\0', b'{a}', b'{b}\xe9', b'{c}'],
                              [b'printf "%s\\0" {a} \'{b}\xe9\' "{c}"']):
                    out = subprocess.run([farm, '--table', 'table', '--journal', 'j', '--quiet', '--'] + words,
                                         check=True, stdout=subprocess.PIPE).stdout
                    expected = ''.join(f'{a}\0{b}\xe9\0{c}\0' for a, b, c in rows).encode('latin-1')
                    assert out == expected, (words, out, expected)
                    os.remove('j')
            assert not os.path.exists('ran')
            """#
        try await withTasks([]) { field in
            try field.write(source, to: "check.py")
            let check = try await run(
                python, ["check.py", builtProgram("taskfarm"), "\(seed)"], environment: launcherEnvironment,
                directory: field.directory)
            #expect(check.status == 0, "\(check)")
        }
    }
}
