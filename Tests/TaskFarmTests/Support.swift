import FoundationEssentials
import TestSupport
import Testing

/// A record of a journal.
struct Record: Hashable {
    var task: Int
    var state: String
    var ending: String
    var attempt: Int
    var rank: Int
    var command: String

    init(_ line: Substring) throws {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        try #require(fields.count == 11, "\(line)")
        task = try #require(Int(fields[0]))
        state = fields[1]
        ending = fields[2]
        attempt = try #require(Int(fields[3]))
        rank = try #require(Int(fields[4]))
        command = fields[10]
        let seconds = try #require(Double(fields[7]))
        #expect(try #require(Double(fields[6])) > 1.7e9 && seconds >= 0, "\(line)")
    }

    var isFinal: Bool { state == "done" || state == "failed" }
}

/// A directory with a list of tasks in it, and what a farm makes of it.
struct Field {
    let directory: String

    var journal: String { directory + "/tasks.journal" }

    func write(_ text: String, to name: String = "tasks") throws {
        try Data(text.utf8).write(to: URL(filePath: directory + "/" + name))
    }

    func write(_ bytes: [UInt8], to name: String = "tasks") throws {
        try Data(bytes).write(to: URL(filePath: directory + "/" + name))
    }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: directory + "/" + name)))
    }

    /// Runs a piece of shell, in which `farm` is the program, without a launcher.
    func shell(_ script: String, _ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
        try await run(
            "sh", ["-c", "farm() { \(builtProgram("taskfarm")) \"$@\"; }; \(script)", "sh"] + arguments,
            environment: launcherEnvironment.merging(environment) { $1 }, directory: directory)
    }

    /// What runs in the directory.
    func processes() async throws -> [String] {
        let script = """
            for process in /proc/[0-9]*; do
                test "$(readlink $process/cwd)" = "$1" && tr '\\0' ' ' < $process/cmdline && echo
            done 2> /dev/null
            true
            """
        let outcome = try await run("sh", ["-c", script, "sh", directory], directory: "/")
        return outcome.standardOutput.split(separator: "\n").map(String.init)
    }

    func listing() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory).sorted() }

    func farm(
        _ ranks: Int, _ arguments: String..., with library: String? = nil, environment: [String: String] = [:]
    ) async throws -> Outcome {
        let words = try await words(with: library)
        return try await mpiexec(
            ranks, words[0], words.dropFirst() + ["tasks"] + arguments, environment: environment, directory: directory)
    }

    /// Starts a farm and runs a piece of shell beside it, in which `$job` is the launcher, `ranks` lists the farm's
    /// processes, `await` waits for a file, and `hearing` until all ranks know what one of them has been told; the
    /// piece ends with the farm's exit status.
    ///
    /// - Parameter library: Of Tests/Interposer, to be loaded into the ranks.
    func farm(
        _ ranks: Int, _ arguments: [String] = [], with library: String? = nil, beside script: String
    ) async throws -> Outcome {
        let functions = """
            ranks() {
                for process in /proc/[0-9]*; do
                    if [ "$(readlink $process/cwd)" = "$PWD" ] && [ "$(cat $process/comm)" = taskfarm ]; then
                        echo ${process#/proc/}
                    fi
                done 2> /dev/null
            }
            await() { until test -e "$1"; do sleep 0.02; done; }
            # A rank looks for signals and messages, and sleeps, over and over. A signal comes to rank 0 and from there
            # to the others while each has done so a few times, one after the other, and again.
            sleeps() { sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' /proc/$1/status; }
            hearing() {
                for round in 1 2 3; do
                    for rank in $(ranks); do
                        last=$(($(sleeps $rank) + 5))
                        while kill -0 $rank && test $(sleeps $rank) -lt $last; do sleep 0.01; done
                    done
                done 2> /dev/null
            }
            "$@" & job=$!

            """
        return try await run(
            "sh",
            ["-c", functions + script, "sh", launcher, "-n", "\(ranks)"] + (try await words(with: library)) + ["tasks"]
                + arguments,
            environment: launcherEnvironment, directory: directory)
    }

    /// The program, with a library of Tests/Interposer if there is one.
    private func words(with library: String?) async throws -> [String] {
        guard let library else { return [builtProgram("taskfarm")] }
        let libraries = [try await interposer(library, in: directory), launcherEnvironment["LD_PRELOAD"]]
        return [
            "/usr/bin/env", "LD_PRELOAD=\(libraries.compactMap { $0 }.joined(separator: ":"))",
            builtProgram("taskfarm"),
        ]
    }

    func records() throws -> [Record] {
        try text("tasks.journal").split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst().map(Record.init)
    }

    /// The tasks that are finished with, by state. Each has one record that says so.
    func states() throws -> [Int: String] {
        try Dictionary(records().filter(\.isFinal).map { ($0.task, $0.state) }) { first, second in
            Issue.record("a task is \(first) and \(second)")
            return second
        }
    }
}

/// Gives `body` a field with these tasks.
func withTasks<R>(_ tasks: [String], _ body: (Field) async throws -> R) async throws -> R {
    try await withTemporaryDirectory { directory in
        let field = Field(directory: directory)
        try field.write(tasks.map { $0 + "\n" }.joined())
        return try await body(field)
    }
}

/// The line of the farm itself on standard error.
func complaint(_ outcome: Outcome) -> String {
    outcome.ownErrorLines.filter { $0.hasPrefix("taskfarm: ") }.joined(separator: "\n")
}
