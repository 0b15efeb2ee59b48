import FoundationEssentials
import Subprocess
import SystemPackage
import SystemSupport

/// The plotting program, run as a child that reads commands and binary data from a pipe.
///
/// Neither start-up files nor variables of the user's own gnuplot change what it draws.
package struct Gnuplot {
    private let path: String
    /// The terminal that makes the best PNG files this gnuplot can.
    package let pngTerminal: GnuplotCommands

    /// Looks for gnuplot and asks it what it can do.
    ///
    /// - Throws: ``UserError`` of status 69 if it is not there or draws no PNG.
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

    /// This program's environment without the variables that set something in gnuplot.
    private static var environment: Environment {
        let names = ProcessInfo.processInfo.environment.keys.filter { name in
            ["GNU", "GDFONTPATH", "FIT_"].contains { name.hasPrefix($0) }
        }
        return .inherit.updating(
            Dictionary(uniqueKeysWithValues: names.map { (Environment.Key(stringLiteral: $0), nil) }))
    }

    /// Runs gnuplot with what `body` gives it; the outputs that are set are files in `folder`.
    ///
    /// - Throws: what `body` throws; ``UserError`` of status 74 with gnuplot's own words if it fails.
    package func draw(in folder: String, _ body: (GnuplotInput) async throws -> Void) async throws {
        try await draw(in: FilePath(folder), output: .discarded, body)
    }

    /// Runs gnuplot with what `body` gives it, which sets no output: the picture goes to `file`.
    ///
    /// - Throws: what `body` throws; ``UserError`` of status 73 if the file cannot be made, of 74 with gnuplot's own
    ///   words if it fails.
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
                // In every locale.
                try await input("set encoding utf8")
                try await body(input)
            } catch is SubprocessError {
                // It has ended already; what it said and its exit status tell why.
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

/// What a running gnuplot reads.
package struct GnuplotInput {
    fileprivate let writer: StandardInputWriter

    /// Gives it commands.
    package func callAsFunction(_ commands: GnuplotCommands) async throws {
        _ = try await writer.write(Array((commands.text + "\n").utf8))
    }

    /// Gives it the numbers that the `'-' binary` of the last command asked for.
    package func send(_ numbers: [Double]) async throws {
        _ = try await writer.write(numbers.withUnsafeBytes { Array($0) })
    }
}
