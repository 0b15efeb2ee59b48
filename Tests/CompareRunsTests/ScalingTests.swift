import FoundationEssentials
import TestSupport
import Testing

/// Runs `compare-runs scaling` in a directory of its own, with a launcher that starts one process, whatever `-n` says.
private func scaling(
    _ options: [String], _ command: [String], inspect: (String) async throws -> Void = { _ in }
) async throws -> Outcome {
    try await withTemporaryDirectory { directory in
        try writeScript("shift 2\nexec \"$@\"", to: directory + "/alone")
        let outcome = try await run(
            builtProgram("compare-runs"), ["scaling", "--launcher", "./alone"] + options + ["--"] + command,
            directory: directory)
        try await inspect(directory)
        // Of the runs' own files nothing is left.
        #expect(try !FileManager.default.contentsOfDirectory(atPath: directory).contains { $0.hasPrefix(".") })
        return outcome
    }
}

/// A program that claims a time, given as an expression of the ranks.
private func claiming(_ seconds: String) -> [String] {
    ["sh", "-c", "echo '{\"wallSeconds\": {\(seconds)}}' > {report}; echo same > {output}"]
}

private func rows(_ outcome: Outcome) -> [String] {
    outcome.standardOutput.split(separator: "\n").filter { $0.first?.isNumber == true }.map {
        $0.split(separator: " ").joined(separator: " ")
    }
}

@Suite struct ScalingTests {
    /// Times that follow Amdahl's law to the letter give its serial fraction, by the fit and by Karp and Flatt.
    @Test func amdahl() async throws {
        let outcome = try await scaling(["--ranks", "1,2", "--repeat", "1"], claiming("0.1+0.9/ranks"))
        #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
        #expect(
            rows(outcome) == [
                "1 1.00 0.0 % 1.00 100.0 % - identical", "2 0.550 0.0 % 1.82 90.9 % 0.1000 identical",
            ])
        #expect(outcome.standardOutput.contains("Amdahl: serial fraction 0.1000, at most 10.0 times as fast"))
        #expect(outcome.standardOutput.hasSuffix("identical: every run has the same result, bit for bit\n"))
    }

    /// The same of Gustafson's: a problem that grows with the ranks takes N/(N − s(N − 1)) times as long.
    @Test func gustafson() async throws {
        let outcome = try await scaling(
            ["--ranks", "2,1", "--mode", "weak", "--repeat", "2"], claiming("3*ranks/(ranks-0.2*(ranks-1))"))
        #expect(outcome.status == 0, "\(outcome)")
        #expect(
            rows(outcome) == [
                "1 3.00 0.0 % 1.00 100.0 % - identical", "2 3.33 0.0 % 1.80 90.0 % 0.1111 identical",
            ])
        #expect(outcome.standardOutput.contains("Gustafson: serial fraction 0.2000"))
    }

    /// More ranks than processors are marked, and the fit does without them.
    @Test func moreRanksThanProcessors() async throws {
        let outcome = try await scaling(["--ranks", "1,2,4096", "--repeat", "1"], claiming("1/ranks"))
        #expect(rows(outcome).last == "4096 * 0.0002 0.0 % 4096.00 100.0 % 0.0000 identical", "\(outcome)")
        #expect(outcome.standardOutput.contains("* more ranks than the "))
        #expect(outcome.standardOutput.contains("Amdahl: serial fraction 0.0000\n"))
    }

    /// The median counts; numbers of ranks take turns.
    @Test func medianAndSpread() async throws {
        let command = [
            "sh", "-c",
            "echo {ranks} >> order; n=$(grep -cx {ranks} order); set -- 5 1 2 4; shift $n; "
                + "echo \"{\\\"wallSeconds\\\": $1}\" > {report}",
        ]
        let outcome = try await scaling(["--ranks", "1,2", "--repeat", "3"], command) { directory in
            let order = try Data(contentsOf: URL(filePath: directory + "/order"))
            #expect(String(decoding: order, as: UTF8.self) == "1\n2\n1\n2\n1\n2\n")
        }
        #expect(
            rows(outcome) == ["1 2.00 150.0 % 1.00 100.0 % - -", "2 2.00 150.0 % 1.00 50.0 % 1.0000 -"], "\(outcome)")
        #expect(outcome.standardOutput.hasSuffix("results: not compared\n"))
    }

    @Test func documents() async throws {
        let files = ["--json", "s.json", "--csv", "s.csv", "--plot", "s.png"]
        let outcome = try await scaling(["--ranks", "1,2", "--repeat", "2"] + files, claiming("0.25+0.75/ranks")) {
            let source = """
                import csv, json
                s = json.load(open("s.json")); rows = list(csv.DictReader(open("s.csv")))
                assert s["mode"] == "strong" and abs(s["serialFraction"] - 0.25) < 1e-12 and s["results"] == "identical"
                assert [p["ranks"] for p in s["points"]] == [1, 2] and s["points"][1]["seconds"] == [0.625, 0.625]
                assert s["points"][1]["speedUp"] == 1.6 and s["points"][1]["efficiency"] == 0.8
                assert [float(r["speedup"]) for r in rows] == [1.0, 1.6] and rows[1]["results"] == "identical"
                assert rows[0]["karp_flatt"] == "" and float(rows[1]["karp_flatt"]) == 0.25
                assert open("s.png", "rb").read(8) == b"\\x89PNG\\r\\n\\x1a\\n"
                """
            try Data(source.utf8).write(to: URL(filePath: $0 + "/check.py"))
            let check = try await run(python, ["check.py"], directory: $0)
            #expect(check.status == 0, "\(check)")
            let again = ["scaling", "--ranks", "1", "--repeat", "1"] + files + ["--", "true"]
            #expect(try await run(builtProgram("compare-runs"), again, directory: $0).status == 0)
            try Data("ranks,seconds\n".utf8).write(to: URL(filePath: $0 + "/s.csv"))
            let refused = try await run(builtProgram("compare-runs"), again, directory: $0)
            #expect(
                refused.status == 73 && refused.standardError.contains("cannot write s.csv: the file of that name was"),
                "\(refused)")
        }
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// The command is text in the picture; what a program that is not the suite's calls `--output` is its own affair.
    @Test func foreignText() async throws {
        let text = "''\n!touch p1\n`touch p2`\"; system('touch p3') #\\"
        let outcome = try await scaling(
            ["--ranks", "1,2", "--repeat", "1", "--plot", "'.png"], ["echo", "--output", text]
        ) {
            let names = try FileManager.default.contentsOfDirectory(atPath: $0).sorted()
            #expect(names == ["'.png", "alone"])
        }
        #expect(outcome.status == 0 && outcome.standardError == "", "\(outcome)")
    }

    /// Any program can be timed; what it writes is compared where its command says so.
    @Test func otherPrograms() async throws {
        let timed = try await scaling(["--ranks", "1,2", "--repeat", "1"], ["sleep", "0.2"])
        #expect(timed.status == 0 && timed.standardOutput.contains("seconds: by the clock"), "\(timed)")
        let seconds = rows(timed).compactMap { Double($0.split(separator: " ")[1]) }
        #expect(seconds.count == 2 && seconds.allSatisfy { $0 >= 0.2 }, "\(timed)")
        #expect(rows(timed).allSatisfy { $0.hasSuffix(" -") }, "\(timed)")
        let wrong = try await scaling(["--ranks", "1,2", "--repeat", "1"], ["sh", "-c", "echo {ranks} > {output}"])
        #expect(wrong.status == 1, "\(wrong)")
        #expect(rows(wrong)[1].hasSuffix(" other bytes") && wrong.standardOutput.contains("\ndifferent: "), "\(wrong)")
        // In weak scaling runs on other numbers of ranks differ; those on as many must not.
        let weak = ["--ranks", "1,2", "--mode", "weak", "--repeat", "2"]
        #expect(try await scaling(weak, ["sh", "-c", "echo {ranks} > {output}"]).status == 0)
        #expect(try await scaling(weak, ["sh", "-c", "echo $$ > {output}"]).status == 1)
    }

    /// A program of the suite that has the options for a report and a result gets the files of a run by them.
    @Test func programsWithResultAndReport() async throws {
        var found = 0
        for program in try await Manifest.read().programs {
            let help = try await run(builtProgram(program), ["--help"], environment: launcherEnvironment)
            let hasBoth = ["--output <", "--report <"].allSatisfy { help.standardOutput.contains($0) }
            if hasBoth { found += 1 }
            let outcome = try await scaling(["--ranks", "1"], ["/none/\(program)", "--report", "mine.json"])
            #expect(outcome.standardError.contains("leave --report out") == hasBoth, "\(program): \(outcome)")
        }
        #expect(found > 1)
    }

    @Test func failures() async throws {
        let one = ["--ranks", "1", "--repeat", "1"]
        let cases: [([String], [String], Int32, String)] = [
            (one, ["sh", "-c", "echo 'bad luck' >&2; exit 3"], 2, "failed on 1 rank: bad luck (exit status 3)"),
            (one, ["sh", "-c", "exit 7"], 2, "failed on 1 rank: exit status 7"),
            (one, ["sh", "-c", "kill -KILL $$"], 2, "failed on 1 rank: signal 9"),
            (one, ["sh", "-c", "echo {output}"], 2, "wrote no result on 1 rank"),
            // No more than the signature of HDF5.
            (
                ["--ranks", "1,2", "--repeat", "1"], ["sh", "-c", "printf '\\211HDF\\r\\n\\032\\n' > {output}"], 2,
                "/reference.h5: "
            ),
            (one, ["sh", "-c", "echo x > {report}"], 2, "the report of the run has no number 'wallSeconds'"),
            (one + ["--time", "none"], claiming("ranks"), 2, "the report of the run has no number 'none'"),
            (one, ["echo", "{ranks*}"], 64, "{ranks*}: "),
            (one + ["--launcher", "no-such-launcher"], ["true"], 69, "--launcher: there is no 'no-such-launcher'"),
            (one + ["--launcher", "no-such --option"], ["true"], 69, "--launcher: there is no 'no-such' on PATH"),
            (one + ["--launcher", "./none"], ["true"], 69, "--launcher: there is no './none' that can be run"),
            (one, ["no-such-program", "1"], 69, "compare-runs: there is no program 'no-such-program' on PATH\n"),
            (one, ["no-such-{ranks}"], 69, "compare-runs: there is no program 'no-such-1' on PATH\n"),
            (one, ["./none"], 69, "compare-runs: there is no program './none' that can be run\n"),
            (one, ["/"], 69, "compare-runs: there is no program '/' that can be run\n"),
            (
                one, ["sh", "-c", "printf '%s\\n' ----- 'not enough' 'slots' '' more >&2; exit 1"], 2,
                "failed on 1 rank: not enough slots (exit status 1)"
            ),
            (one + ["--launcher", " "], ["true"], 64, "--launcher names no program"),
            (one, ["diff2d", "--output", "mine.h5"], 64, "leave --output out: each run gets a file of its own"),
            (one, ["/bin/pimc", "1000", "--output=mine.h5"], 64, "leave --output out"),
            (one, ["auc", "1000", "--report", "mine.json", "--output", "{output}"], 64, "leave --report out"),
            (one + ["--scratch", "none"], ["true"], 73, "cannot write to none: No such file or directory"),
            (one + ["--json", "none/x"], ["true"], 73, "cannot write none/x: "),
            (["--ranks", "0"], ["true"], 64, "The value '0' is invalid for '--ranks <list>'"),
            (["--ranks", "1,,2"], ["true"], 64, "The value '1,,2' is invalid"),
            (["--ranks", "1", "--repeat", "0"], ["true"], 64, "--repeat is 0, but must be at least 1"),
            (["--ranks", "1"], [], 64, "there is no command after --"),
            ([], ["true"], 64, "Missing expected argument '--ranks <list>'"),
        ]
        for (options, command, status, message) in cases {
            let outcome = try await scaling(options, command)
            #expect(outcome.status == status && outcome.standardOutput == "", "\(outcome)")
            #expect(
                outcome.standardError.hasPrefix("compare-runs: ") && outcome.standardError.contains(message),
                "\(outcome)")
            #expect(outcome.standardError.split(separator: "\n").count == 1, "\(outcome)")
        }
    }

    /// A signal ends what runs, and nothing of it is left.
    @Test(arguments: ["INT", "TERM"])
    func interrupted(signal: String) async throws {
        try await withTemporaryDirectory { directory in
            let script = """
                "$@" & job=$!
                until ls .compare-runs-*/.output.h5.incomplete; do sleep 0.02; done > /dev/null 2>&1
                kill -\(signal) $job
                wait $job; status=$?
                left() {
                    for process in /proc/[0-9]*; do
                        [ "$(readlink $process/cwd)" = "$PWD" ] || continue
                        case $(cat $process/comm) in diff2d|mpiexec*) echo left;; esac
                    done 2> /dev/null
                }
                # What has been killed may take a moment to be gone.
                while [ -n "$(left)" ]; do sleep 0.01; done
                exit $status
                """
            let outcome = try await run(
                "bash",
                [
                    "-c", script, "sh", builtProgram("compare-runs"), "scaling", "--ranks", "2", "--launcher", launcher,
                    "--", builtProgram("diff2d"), "--runtime", "1e9", "--outtime", "1e9",
                ],
                environment: launcherEnvironment, directory: directory)
            let number: Int32 = signal == "INT" ? 2 : 15
            #expect(outcome.status == 128 + number && outcome.standardOutput == "", "\(outcome)")
            #expect(outcome.standardError == "compare-runs: interrupted by signal \(number)\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
        }
    }

    /// The suite's own programs, on ranks that are real.
    @Test(arguments: [
        ["diff2d", "--runtime", "0.2", "--outtime", "0.1"], ["auc", "1000000"], ["pimc", "1000000"],
    ])
    func ownPrograms(command: [String]) async throws {
        try await withTemporaryDirectory { directory in
            func scaling(_ command: [String]) async throws -> Outcome {
                try await run(
                    builtProgram("compare-runs"),
                    [
                        "scaling", "--ranks", "1,2,3", "--repeat", "1", "--launcher", launcher, "--plot", "s.png", "--",
                        builtProgram(command[0]),
                    ] + command.dropFirst(), environment: launcherEnvironment, directory: directory)
            }
            let outcome = try await scaling(command)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(rows(outcome).count == 3 && rows(outcome).allSatisfy { $0.hasSuffix(" identical") }, "\(outcome)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["s.png"])
            if command[0] == "diff2d" {
                // Not the same equation on all numbers of ranks.
                let wrong = try await scaling(command + ["--diffusion", "{1+0.001*ranks}"])
                #expect(wrong.status == 1, "\(wrong)")
                #expect(rows(wrong)[0].hasSuffix(" identical") && rows(wrong)[2].contains(" different: "), "\(wrong)")
            }
        }
    }
}
