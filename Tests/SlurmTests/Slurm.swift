import FoundationEssentials
import TestSupport
import Testing

/// The job templates, beside which the tests look for nothing.
let templates = [
    "diff2d", "auc", "pimc", "serial", "array", "tasks", "compare", "scaling", "restart",
].map { "\(packageDirectory)/jobs/\($0).sbatch" }

/// A job, or a task of an array, as Slurm tells of it.
struct Job {
    /// What Slurm names it by: `17`, or `17_2`.
    let name: String
    private let fields: [String: String]

    init(name: String, line: Substring) {
        self.name = name
        fields = Dictionary(
            line.split(separator: " ").compactMap { field in
                let parts = field.split(separator: "=", maxSplits: 1)
                return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
            }, uniquingKeysWith: { first, _ in first })
    }

    subscript(field: String) -> String { fields[field] ?? "" }

    /// `COMPLETED`, `FAILED`, `CANCELLED` …
    var state: String { self["JobState"] }
    /// As the batch script left it: `0:0`, or status and signal.
    var exitCode: String { self["ExitCode"] }
}

/// A directory to submit from, with what users have in theirs.
func withJobDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    try await withTemporaryDirectory { directory in
        for file in ["diff2dparams.py", "sweep.txt"] {
            try FileManager.default.copyItem(
                atPath: "\(packageDirectory)/params/\(file)", toPath: "\(directory)/\(file)")
        }
        return try await body(directory)
    }
}

/// Submits a template.
///
/// - Parameter options: Of sbatch; they override those in the template.
/// - Returns: The job's number.
func submit(
    _ template: String, _ options: [String] = [], arguments: [String] = [], environment: [String: String] = [:],
    in directory: String
) async throws -> String {
    let outcome = try await slurm(
        "sbatch", ["--parsable"] + options + ["\(packageDirectory)/jobs/\(template).sbatch"] + arguments,
        environment: environment, in: directory)
    try #require(outcome.status == 0, "\(outcome)")
    return String(outcome.standardOutput.split(separator: "\n")[0])
}

/// Waits until a job has left the queue.
func ended(_ job: String) async throws -> [Job] {
    try await until("job \(job) has ended") {
        try await slurm("squeue", ["-h", "-j", job]).standardOutput.isEmpty
    }
    return try await show(job)
}

/// A job, or the tasks of an array in the order of their numbers.
func show(_ job: String) async throws -> [Job] {
    let outcome = try await slurm("scontrol", ["-o", "show", "job", job])
    try #require(outcome.status == 0, "\(outcome)")
    return outcome.standardOutput.split(separator: "\n").map { Job(name: job, line: $0) }
        .sorted { (Int($0["ArrayTaskId"]) ?? 0) < (Int($1["ArrayTaskId"]) ?? 0) }
}

/// Waits for something to be so.
func until(_ what: String, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(hangLimit)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "not within \(hangLimit) s: \(what)")
        try await Task.sleep(for: .milliseconds(200))
    }
}

/// Runs a command of Slurm with the programs of this package on the path, which jobs inherit.
@discardableResult
func slurm(
    _ command: String, _ arguments: [String], environment: [String: String] = [:], in directory: String? = nil
) async throws -> Outcome {
    try #require(
        ProcessInfo.processInfo.environment["SLURM_CONF"] != nil, "needs Slurm: run these tests by make test")
    return try await run(
        command, arguments, environment: ["PATH": searchPath].merging(environment) { _, given in given },
        directory: directory)
}

/// `PATH` with the programs of this package before all others.
let searchPath: String = {
    let programs = builtProgram("diff2d").split(separator: "/").dropLast().joined(separator: "/")
    return "/\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
}()

/// Runs one of the programs directly, for comparison.
func direct(_ program: String, _ arguments: [String], in directory: String) async throws {
    let outcome = try await mpiexec(1, program, arguments, directory: directory)
    try #require(outcome.status == 0, "\(outcome)")
}

/// Two results have the same bits.
func expectSame(_ a: String, _ b: String, in directory: String, sourceLocation: SourceLocation = #_sourceLocation)
    async throws
{
    let outcome = try await run(builtProgram("compare-runs"), ["results", a, b], directory: directory)
    #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.standardOutput.contains("identical"), sourceLocation: sourceLocation)
}

func contents(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path))
}
