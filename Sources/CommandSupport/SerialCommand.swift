public import ArgumentParser
private import Glibc
private import SwiftMPI
private import SystemSupport

/// A program of the suite that is no MPI program itself.
public protocol SerialCommand: AsyncParsableCommand {}

extension SerialCommand {
    /// Parses the command line, runs the command and ends the program; the whole program is this call.
    ///
    /// What goes wrong is one line on standard error, `name: what was wrong`.
    public static func runProgram() async -> Never {
        // A child, or a reader of the output, that ends early is noticed by the write that fails.
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
