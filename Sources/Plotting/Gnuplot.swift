import CommandSupport
import Subprocess
import SystemPackage

/// The plotting program, run as a child that reads commands and binary data from a pipe.
package struct Gnuplot {
    private let path: String
    /// The terminal that makes the best PNG files this gnuplot can.
    package let pngTerminal: String

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
            .path(FilePath(path)), arguments: ["-e", "set print '-'; print GPVAL_TERMINALS"],
            output: .string(limit: 1 << 20), error: .discarded)
        let terminals = answer.standardOutput.split(whereSeparator: \.isWhitespace)
        guard let terminal = ["pngcairo", "png"].first(where: { terminals.contains(Substring($0)) }) else {
            throw UserError("\(path) cannot make PNG files", exitStatus: ExitStatus.unavailable)
        }
        pngTerminal = terminal
    }

    /// Runs gnuplot with what `body` gives it.
    ///
    /// - Throws: what `body` throws; ``UserError`` of status 74 with gnuplot's own words if it fails.
    package func draw(in folder: String, _ body: (GnuplotInput) async throws -> Void) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: ["-"], workingDirectory: FilePath(folder), input: .inputWriter,
            output: .discarded, error: .string(limit: 1 << 20)
        ) { gnuplot in
            do {
                try await body(GnuplotInput(writer: gnuplot.standardInputWriter))
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
    package func callAsFunction(_ commands: String) async throws {
        _ = try await writer.write(Array((commands + "\n").utf8))
    }

    /// Gives it the numbers that the `'-' binary` of the last command asked for.
    package func send(_ numbers: [Double]) async throws {
        _ = try await writer.write(numbers.withUnsafeBytes { Array($0) })
    }
}

extension String {
    /// In gnuplot's single quotes.
    package var quotedForGnuplot: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
