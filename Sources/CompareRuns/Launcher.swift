import FoundationEssentials
private import Glibc
import Subprocess
import SystemPackage
import SystemSupport

/// The program that starts a command on a number of ranks: `mpiexec` or `srun`, with its options.
struct Launcher {
    private let words: [String]
    private let path: String

    /// - Parameter text: The program and its options, separated by blanks.
    /// - Throws: ``UserError`` of status 64 if `text` is empty, 69 if the program cannot be found.
    init(_ text: String) throws(UserError) {
        words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let name = words.first else {
            throw UserError("--launcher names no program", exitStatus: ExitStatus.usage)
        }
        path = try requireProgram(name, "--launcher: there is no")
    }

    /// The number of ranks that can have a processor of their own: the tasks of the allocation, or the processors of
    /// this machine.
    static var processors: Int {
        if let tasks = ProcessInfo.processInfo.environment["SLURM_NTASKS"].flatMap({ Int($0) }) { return tasks }
        return ProcessInfo.processInfo.activeProcessorCount
    }

    /// Runs a command to its end.
    ///
    /// If the task is canceled, all processes that were started are ended.
    ///
    /// - Parameter name: The name of the command in messages.
    /// - Returns: The elapsed seconds, including the start of the ranks.
    /// - Throws: ``UserError`` of status 2 with the command's message if the command fails.
    func run(_ arguments: [String], named name: String, ranks: Int) async throws -> Double {
        var environment = Environment.inherit
        if ranks > Self.processors {
            // Open MPI must be told to oversubscribe, version 4 and version 5 in different ways.
            environment = environment.updating([
                "OMPI_MCA_rmaps_base_oversubscribe": "1", "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
            ])
        }
        var options = PlatformOptions()
        // In its own session, because a terminal would send its signals to the launcher as well.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(10))]
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(Array(words.dropFirst()) + ["-n", "\(ranks)"] + arguments),
            environment: environment, platformOptions: options, output: .discarded, error: .string(limit: 1 << 24))
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let message = firstMessage(result.standardError)
            let status =
                switch result.terminationStatus {
                case .exited(let code): "exit status \(code)"
                case .signaled(let signal): "signal \(signal)"
                }
            throw UserError(
                "\(name) failed on \(counted(ranks, "rank")): " + (message.isEmpty ? status : "\(message) (\(status))"),
                exitStatus: Verdict.notComparable.exitStatus)
        }
        return (clock.now - start) / .seconds(1)
    }
}

/// Returns the path of a program, found as a shell finds it.
///
/// - Parameter lack: The beginning of the message if the program cannot be found.
/// - Throws: ``UserError`` of status 69.
func requireProgram(_ name: String, _ lack: String) throws(UserError) -> String {
    if let path = pathOfProgram(name) { return path }
    throw UserError(
        "\(lack) '\(name)' \(name.contains("/") ? "that can be run" : "on PATH")", exitStatus: ExitStatus.unavailable)
}

/// Returns the first line that contains words, or, if Open MPI has framed its message with dashes, the first paragraph.
func firstMessage(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.contains(where: \.isLetter) }) else { return "" }
    let isFramed = first > 0 && lines[first - 1].hasPrefix("-----")
    let paragraph = lines[first...].prefix { $0.contains(where: \.isLetter) }
    return (isFramed ? paragraph : paragraph.prefix(1)).joined(separator: " ")
}

/// Reads a number from a report that `--report` wrote.
///
/// - Throws: ``UserError`` of status 2 if the report has no such number.
func number(_ key: String, ofReport path: String) throws -> Double {
    struct Report: Decodable {
        static let key = CodingUserInfoKey(rawValue: "key")!
        var value: Double

        init(from decoder: any Decoder) throws {
            let name = decoder.userInfo[Self.key] as? String ?? ""
            value = try decoder.container(keyedBy: NamedKey.self).decode(Double.self, forKey: NamedKey(name))
        }
    }
    let decoder = JSONDecoder()
    decoder.userInfo[Report.key] = key
    do {
        return try decoder.decode(Report.self, from: Data(contentsOf: URL(filePath: path))).value
    } catch {
        throw UserError(
            "the report of the run has no number '\(key)'", exitStatus: Verdict.notComparable.exitStatus)
    }
}

/// A directory for the files of the runs, which all nodes must see; it is removed with all its contents.
struct RunDirectory {
    let path: String

    /// - Throws: ``UserError`` of status 73 if the directory cannot be created.
    init(in parent: String) throws(UserError) {
        var template = Array((parent + "/.compare-runs-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            let reason = systemError()
            throw UserError("cannot write to \(parent): \(reason)", exitStatus: ExitStatus.cannotCreate)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
