import TestSupport
import Testing

/// What the command lines of all programs have in common.
@Suite struct CommandLineTests {
    /// Every option that takes a number which must not be negative, and what is said of one that is.
    private static let numbers: [String: [(arguments: [String], message: String)]] = [
        "diff2d": [
            (["--dx", "-1"], "dx is -1.0, "), (["--runtime", "-1"], "runtime is -1.0, "),
            (["--outtime", "-1"], "outtime is -1.0, "), (["--diffusion", "-1"], "D is -1.0, "),
            (
                ["--ranks-grid", "-1x2"],
                "The value '-1x2' is invalid for '--ranks-grid <PxQ>': it must be two whole numbers from 1 up"
            ),
            (
                ["--halo-depth", "-1"],
                "The value '-1' is invalid for '--halo-depth <K|auto>': it must be auto or a whole number from 1 up"
            ),
            (
                ["--checkpoint-every", "-1", "--checkpoint", "c"],
                "The value '-1' is invalid for '--checkpoint-every <seconds|auto>': it must be auto or a positive "
                    + "number"
            ), (["--mtbf", "-1", "--checkpoint", "c"], "--mtbf is -1.0, it must be a positive number"),
        ],
        "pimc": [
            (["-5"], "-5 is negative"),
            (["--", "-5"], "The value '-5' is invalid for '<samples>': it must be a whole"),
            (
                ["--seed", "-1"],
                "The value '-1' is invalid for '--seed <seed>': it must be a whole number from 0 to "
                    + "18446744073709551615"
            ), (["--target-error", "-1"], "--target-error is -1.0, it must be positive"),
            (["--streams", "-1"], "--streams is -1, it must be from 1"),
            (
                ["--checkpoint-every", "-1", "--checkpoint", "c"],
                "The value '-1' is invalid for '--checkpoint-every <seconds|auto>': it must be auto or a positive "
                    + "number"
            ), (["--mtbf", "-1", "--checkpoint", "c"], "--mtbf is -1.0, it must be a positive number"),
        ],
        "auc": [
            (["-5"], "-5 is negative"), (["--tolerance", "-1"], "--tolerance is -1.0, it must be positive"),
            (["--skip", "-1", "--data", "f"], "--skip is -1, it must not be negative"),
        ],
        "taskfarm": [
            (["--timeout", "-1", "list"], "--timeout is -1.0, it must be more than 0."),
            (["--grace", "-1", "list"], "--grace is -1.0, it must be 0 or more."),
            (["--retries", "-1", "list"], "--retries is -1, it must be 0 or more."),
            (["--backoff", "-1", "list"], "--backoff is -1.0, it must be 0 or more."),
            (["--max-failures", "-1", "list"], "--max-failures is -1, it must be 1 or more."),
        ],
        "plotdens": [
            (["--width", "-1", "f"], "--width is -1, but must be"),
            (["--rate", "-1", "f"], "--rate is -1, but must be"),
        ],
        "compare-runs results": [
            (["--tolerance", "-1", "a", "b"], "--tolerance is -1.0, but must be a number from 0 up")
        ],
        "compare-runs scaling": [
            (
                ["--ranks", "-1", "--", "true"],
                "The value '-1' is invalid for '--ranks <list>': it must be a list of whole numbers from 1 up"
            ), (["--repeat", "-1", "--ranks", "1", "--", "true"], "--repeat is -1, but must be at least 1"),
        ],
    ]

    /// The options that take a text, or a number that may be negative.
    private static let others: Set = [
        "--x1", "--x2", "--output", "--report", "--halo", "--checkpoint", "--restart", "--function", "--from", "--to",
        "--rule", "--points", "--data", "--x", "--y", "--columns", "--table", "--journal", "--logs", "--frames",
        "--line",
        "--scale", "--plot", "--json", "--mode", "--launcher", "--time", "--scratch", "--csv",
    ]

    @Test func everyProgramIsHere() async throws {
        let programs = Set(Self.numbers.keys.map { Self.words($0)[0] })
        #expect(try await programs == Set(Manifest.read().programs))
    }

    /// It is said that a value must not be negative, not that it is missing.
    @Test(arguments: numbers.keys.sorted())
    func negativeNumbers(program: String) async throws {
        for (arguments, message) in Self.numbers[program]! {
            try await expectRefusal(program, arguments, saying: message)
        }
        let help = try await command(program, ["--help"])
        let options = help.standardOutput.split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^ +(--[a-z0-9-]+) </).map { String($0.output.1) }
        }
        #expect(!options.isEmpty, "\(help)")
        let named = Set(Self.numbers[program]!.flatMap(\.arguments))
        for option in options where !Self.others.contains(option) {
            #expect(named.contains(option), "\(option) of \(program) is in neither list")
        }
    }

    private static let contradictions: [(program: String, arguments: [String], message: String)] =
        [
            ("diff2d", "--output o"), ("pimc", "--output o"), ("pimc", "--convergence"), ("auc", "--output o"),
            ("auc", "--partials"), ("diff2d", "--xdmf"), ("diff2d", "--openpmd"), ("diff2d", "--compress"),
        ].map { program, option in
            (
                program, ["--no-output"] + words(option),
                "\(words(option)[0]) is about the result file, which --no-output leaves out."
            )
        }
        + [
            "--output o", "--compress", "--xdmf", "--openpmd", "--graphics", "--report r", "--checkpoint c",
            "--restart c",
        ].map { option in
            (
                "diff2d", ["--verify"] + words(option),
                "\(words(option)[0]) is about the run, which --verify leaves out."
            )
        }
        + [
            (
                "plotdens", words("f --no-animation --rate 5"),
                "--rate is about the animation, which --no-animation leaves out"
            ),
            (
                "diff2d", words("--checkpoint c --checkpoint-every 5 --mtbf 9"),
                "--mtbf is for --checkpoint-every auto, not for a time that is given."
            ),
        ]

    /// What is asked for and switched off is refused, and nothing is written.
    @Test func contradictions() async throws {
        for (program, arguments, message) in Self.contradictions {
            try await expectRefusal(program, arguments, saying: message)
        }
    }

    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    /// Runs a program, or a command of one, on one rank.
    private func command(_ program: String, _ arguments: [String], directory: String? = nil) async throws -> Outcome {
        let words = Self.words(program)
        return try await run(
            builtProgram(words[0]), words.dropFirst() + arguments, environment: launcherEnvironment,
            directory: directory)
    }

    private func expectRefusal(_ program: String, _ arguments: [String], saying message: String) async throws {
        try await withTemporaryDirectory { directory in
            let name = Self.words(program)[0]
            try await TestSupport.expectRefusal(
                of: name, in: directory, status: 64, saying: ["\(name): \(message)"],
                sourceLocation: #_sourceLocation
            ) {
                let outcome = try await command(program, arguments, directory: directory)
                #expect(outcome.standardOutput == "", "\(program) \(arguments): \(outcome)")
                return outcome
            }
        }
    }
}
