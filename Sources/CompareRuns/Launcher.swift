import CommandSupport
import FoundationEssentials
private import Glibc
import Subprocess
import SystemPackage

/// What starts a command on a number of ranks: `mpiexec` or `srun`, with options of its own.
struct Launcher {
    private let words: [String]
    private let path: String

    /// - Parameter text: The program and its options, separated by blanks.
    /// - Throws: ``UserError`` of status 64 if it is empty, 69 if the program cannot be found.
    init(_ text: String) throws(UserError) {
        words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let name = words.first else {
            throw UserError("--launcher names no program", exitStatus: ExitStatus.usage)
        }
        path = try requireProgram(name, "--launcher: there is no")
    }

    /// How many ranks have a processor of their own: the tasks of the allocation, or this machine's processors.
    static var processors: Int {
        if let tasks = ProcessInfo.processInfo.environment["SLURM_NTASKS"].flatMap({ Int($0) }) { return tasks }
        return ProcessInfo.processInfo.activeProcessorCount
    }

    /// Runs a command to its end.
    ///
    /// Cancelling the task ends all that was started.
    ///
    /// - Parameter name: What to call the command in messages.
    /// - Returns: Seconds by the clock, the start of the ranks included.
    /// - Throws: ``UserError`` of status 2 with what the command said if it fails.
    func run(_ arguments: [String], named name: String, ranks: Int) async throws -> Double {
        var environment = Environment.inherit
        if ranks > Self.processors {
            // Open MPI wants to be told, 4 and 5 each in its own way.
            environment = environment.updating([
                "OMPI_MCA_rmaps_base_oversubscribe": "1", "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
            ])
        }
        var options = PlatformOptions()
        // Away from the terminal, which would send its signals to the launcher as well.
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

/// Where a program is, as a shell finds it.
///
/// - Parameter lack: How the message about one that cannot be found begins.
/// - Throws: ``UserError`` of status 69.
func requireProgram(_ name: String, _ lack: String) throws(UserError) -> String {
    if let path = pathOfProgram(name) { return path }
    throw UserError(
        "\(lack) '\(name)' \(name.contains("/") ? "that can be run" : "on PATH")", exitStatus: ExitStatus.unavailable)
}

/// The first line of words, or, in the frame of dashes that Open MPI puts around its messages, the first paragraph.
func firstMessage(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.contains(where: \.isLetter) }) else { return "" }
    let isFramed = first > 0 && lines[first - 1].hasPrefix("-----")
    let paragraph = lines[first...].prefix { $0.contains(where: \.isLetter) }
    return (isFramed ? paragraph : paragraph.prefix(1)).joined(separator: " ")
}

/// A number of a report that `--report` wrote.
///
/// - Throws: ``UserError`` of status 2.
func number(_ key: String, ofReport path: String) throws -> Double {
    struct Report: Decodable {
        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        static let key = CodingUserInfoKey(rawValue: "key")!
        var value: Double

        init(from decoder: any Decoder) throws {
            let name = decoder.userInfo[Self.key] as? String ?? ""
            value = try decoder.container(keyedBy: Key.self).decode(Double.self, forKey: Key(stringValue: name)!)
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

/// A directory for the files of the runs, where all nodes see it; removed with all that is in it.
struct RunDirectory {
    let path: String

    /// - Throws: ``UserError`` of status 73.
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
