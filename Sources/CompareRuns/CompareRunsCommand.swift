import ArgumentParser
import CommandSupport
import SwiftMPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `compare-runs`: are two runs the same, and how does a run depend on the number of ranks?
struct CompareRunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare-runs",
        abstract: "Compares runs of a program: their results, and their speed on several numbers of ranks.",
        version: suiteVersion,
        subcommands: [ResultsCommand.self, ScalingCommand.self])

    /// Parses the command line, runs the subcommand and ends the program; mistakes are one line on standard error.
    static func runProgram() async -> Never {
        // A gnuplot that ends early is noticed by what it says.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
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
