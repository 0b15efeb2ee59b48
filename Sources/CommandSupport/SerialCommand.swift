public import ArgumentParser
private import Glibc
private import SwiftMPI
private import SystemSupport

/// A program of the suite that does not use MPI itself.
public protocol SerialCommand: AsyncParsableCommand {}

extension SerialCommand {
    /// Parses the command line, runs the command and exits. This call is the whole program.
    ///
    /// A failure is reported as one line on standard error, `name: message`.
    public static func runProgram() async -> Never {
        // If a child or a reader of the output ends early, the write fails instead.
        signal(SIGPIPE, SIG_IGN)
        do {
            var status = ExitCode.success
            do {
                var command = try parseAsRoot()
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
            } catch let code as ExitCode {
                status = code
            } catch  where !(error is UserError) && exitCode(for: error) == .success {
                print(fullMessage(for: error))  // --help and --version
            }
            try flushStandardOutput()
            exit(withError: status)
        } catch let error as UserError {
            fail(error.description, error.exitStatus)
        } catch {
            let line = message(for: error).split(separator: "\n").first ?? "wrong arguments"
            fail("\(line) (see \(name) --help)", ExitStatus.usage)
        }
    }

    private static var name: String { configuration.commandName! }

    private static func fail(_ line: String, _ status: Int32) -> Never {
        writeToStandardError("\(name): \(printable(line.utf8))\n")
        exit(withError: ExitCode(status))
    }
}
