public import ArgumentParser
public import SwiftMPI
private import SystemSupport

/// An MPI program of the suite: arguments that every rank parses, and work that all ranks do together.
public protocol ParallelCommand: ParsableArguments {
    /// The name of the command.
    static var commandName: String { get }
    /// The first line of the help text.
    static var abstract: String { get }

    /// The result of a run, which is available after MPI has ended. Most programs have none.
    associatedtype Outcome = Void

    /// The rest of the help text: an example, and the meaning of the exit statuses.
    static var discussion: String { get }

    /// Does the work that must be done before MPI starts; does nothing in most programs.
    static func prepare()

    /// Does the work, on every rank.
    func run(on world: Communicator) throws -> Outcome

    /// Does the work that remains after MPI has ended; does nothing in most programs.
    static func finish(_ outcome: Outcome)
}

extension ParallelCommand {
    public static func prepare() {}
    public static func finish(_ outcome: Outcome) {}
}

extension ParallelCommand {
    /// Starts MPI, parses the command line and runs the command. This call is the whole program.
    ///
    /// A ``JobFailure``, which all ranks throw together, ends the job with one line from rank 0, `name: message`.
    public static func runProgram() {
        prepare()
        do {
            let outcome = try MPI.run { world in
                do {
                    let outcome = try parse(on: world)?.run(on: world)
                    try world.failingTogether { try flushStandardOutput() }
                    return outcome
                } catch let failure as JobFailure {
                    throw JobFailure(
                        message: "\(commandName): \(printable(failure.message.utf8))", exitStatus: failure.exitStatus)
                }
            }
            if let outcome { finish(outcome) }
        } catch {
            writeToStandardError("\(commandName): \(error)\n")
            Program<Self>.exit(withError: ExitCode.failure)
        }
    }

    /// Returns the parsed arguments; `nil` if the command line requested help or the version.
    private static func parse(on world: Communicator) throws -> Self? {
        do {
            return try Program<Self>.parse().arguments
        } catch {
            let program = Program<Self>.self
            if program.exitCode(for: error) == .success {
                if world.rank == 0 { print(program.fullMessage(for: error)) }
                return nil
            }
            var line = program.message(for: error).split(separator: "\n").first ?? "wrong arguments"
            // A negative number looks like an option.
            if let number = line.firstMatch(of: /^Unknown option '(-[0-9.][^']*)'/)?.output.1 {
                line = "\(number) is negative: no negative number is expected there"
            }
            throw JobFailure(message: "\(line) (see \(commandName) --help)", exitStatus: ExitStatus.usage)
        }
    }
}

/// A command that consists of the arguments, with the name and the version of the program.
private struct Program<Arguments: ParallelCommand>: ParsableCommand {
    @OptionGroup var arguments: Arguments

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Arguments.commandName, abstract: Arguments.abstract, discussion: Arguments.discussion,
            version: suiteVersion)
    }
}
