import FoundationEssentials
import Subprocess
import SystemPackage
import SystemSupport

/// The gnuplot program, run as a child process that reads commands and binary data from a pipe.
///
/// The user's start-up files and environment variables for gnuplot do not influence the pictures.
package struct Gnuplot {
    private let path: String
    /// The best PNG terminal that this gnuplot supports.
    package let pngTerminal: GnuplotCommands

    /// Finds gnuplot and queries its terminals.
    ///
    /// - Throws: ``UserError`` of status 69 if gnuplot is not installed or cannot draw PNG files.
    package init() async throws {
        guard let path = pathOfProgram("gnuplot") else {
            throw UserError(
                "pictures need gnuplot, which is not on PATH (Debian: gnuplot-nox)", exitStatus: ExitStatus.unavailable)
        }
        self.path = path
        let answer = try await Subprocess.run(
            .path(FilePath(path)), arguments: ["-e", "set print '-'; print GPVAL_TERMINALS", Self.withoutStartUpFiles],
            environment: Self.environment, output: .string(limit: 1 << 20), error: .discarded)
        let terminals = answer.standardOutput.split(whereSeparator: \.isWhitespace)
        if terminals.contains("pngcairo") {
            pngTerminal = "pngcairo"
        } else if terminals.contains("png") {
            pngTerminal = "png"
        } else {
            throw UserError("\(path) cannot make PNG files", exitStatus: ExitStatus.unavailable)
        }
    }

    private static let withoutStartUpFiles = "--default-settings"

    /// The environment of this program without the variables that influence gnuplot.
    private static var environment: Environment {
        let names = ProcessInfo.processInfo.environment.keys.filter { name in
            ["GNU", "GDFONTPATH", "FIT_"].contains { name.hasPrefix($0) }
        }
        return .inherit.updating(
            Dictionary(uniqueKeysWithValues: names.map { (Environment.Key(stringLiteral: $0), nil) }))
    }

    /// Runs gnuplot with the input from `body`; output files are relative to `folder`.
    ///
    /// - Throws: Any error that `body` throws; ``UserError`` of status 74 with gnuplot's own message if gnuplot fails.
    package func draw(in folder: String, _ body: (GnuplotInput) async throws -> Void) async throws {
        try await draw(in: FilePath(folder), output: .discarded, body)
    }

    /// Runs gnuplot with the input from `body`, which must not set an output: the picture goes to `file`.
    ///
    /// - Throws: Any error that `body` throws; ``UserError`` of status 73 if the file cannot be created, of status 74
    ///   with gnuplot's own message if gnuplot fails.
    package func draw(to file: String, _ body: (GnuplotInput) async throws -> Void) async throws {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(file), .writeOnly, options: [.create, .truncate], permissions: FilePermissions(rawValue: 0o666)
            )
        } catch {
            throw UserError("cannot write \(file): \(error)", exitStatus: ExitStatus.cannotCreate)
        }
        try await draw(in: nil, output: .fileDescriptor(descriptor, closeAfterSpawningProcess: true), body)
    }

    private func draw(
        in folder: FilePath?, output: some OutputProtocol, _ body: (GnuplotInput) async throws -> Void
    ) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: [Self.withoutStartUpFiles, "-"], environment: Self.environment,
            workingDirectory: folder, input: .inputWriter, output: output, error: .string(limit: 1 << 20)
        ) { gnuplot in
            do {
                let input = GnuplotInput(writer: gnuplot.standardInputWriter)
                // Makes the encoding independent of the locale.
                try await input("set encoding utf8")
                try await body(input)
            } catch is SubprocessError {
                // gnuplot has exited already; its messages and exit status give the reason.
            }
            try? await gnuplot.standardInputWriter.finish()
        }
        guard case .exited(0) = result.terminationStatus else {
            let lines = result.standardError.split(separator: "\n").filter { $0.contains(where: \.isLetter) }
            throw UserError(
                "gnuplot failed: \(lines.last.map(String.init) ?? "\(result.terminationStatus)")",
                exitStatus: ExitStatus.ioError)
        }
    }
}

/// The input of a running gnuplot.
package struct GnuplotInput {
    fileprivate let writer: StandardInputWriter

    /// Sends commands to gnuplot.
    package func callAsFunction(_ commands: GnuplotCommands) async throws {
        _ = try await writer.write(Array((commands.text + "\n").utf8))
    }

    /// Sends the numbers that `'-' binary` in the last command requested.
    package func send(_ numbers: [Double]) async throws {
        _ = try await writer.write(numbers.withUnsafeBytes { Array($0) })
    }
}
