import ArgumentParser
import CommandSupport
import SwiftMPI

/// `compare-runs`: are two runs the same?
struct CompareRunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-runs",
        abstract: "Compares two runs of a program.",
        version: suiteVersion,
        subcommands: [ResultsCommand.self])

    /// Parses the command line, runs the subcommand and ends the program; mistakes are one line on standard error.
    static func runProgram() -> Never {
        do {
            var command = try parseAsRoot()
            try command.run()
            exit(withError: nil)
        } catch let error as UserError {
            fail(error.description, error.exitStatus)
        } catch  where error is ExitCode || exitCode(for: error) == .success {
            exit(withError: error)  // also --help and --version
        } catch {
            let line = message(for: error).split(separator: "\n").first ?? "wrong arguments"
            fail("\(line) (see compare-runs --help)", ExitStatus.usage)
        }
    }

    private static func fail(_ line: String, _ status: Int32) -> Never {
        writeToStandardError("compare-runs: \(line)\n")
        exit(withError: ExitCode(status))
    }
}
