public import ArgumentParser
public import SwiftMPI
private import SystemSupport

/// A program of the suite: arguments that every rank parses alike, and work that all ranks do together.
public protocol ParallelCommand: ParsableArguments {
    /// The name users type.
    static var commandName: String { get }
    /// What `--help` says first.
    static var abstract: String { get }

    /// What a finished run leaves to be done once MPI has ended; nothing in most programs.
    associatedtype Outcome = Void

    /// What `--help` says further: an example, and what the exit statuses mean.
    static var discussion: String { get }

    /// Does what must be done before MPI starts; nothing in most programs.
    static func prepare()

    /// Does the work, on every rank.
    func run(on world: Communicator) throws -> Outcome

    /// Does what `run` has left to be done once MPI has ended; nothing in most programs.
    static func finish(_ outcome: Outcome)
}

extension ParallelCommand {
    public static func prepare() {}
    public static func finish(_ outcome: Outcome) {}
}

extension ParallelCommand {
    /// Starts MPI, parses the command line and runs the command; the whole program is this call.
    ///
    /// What goes wrong for all ranks alike ends the job with one line from rank 0, `name: what was wrong`.
    public static func runProgram() {
        prepare()
        do {
            let outcome = try MPI.run { world in
                do {
                    let outcome = try parse(on: world)?.run(on: world)
                    try world.together { try flushStandardOutput() }
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

    /// - Returns: The parsed arguments; `nil` where a request for help or the version has been answered.
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
            // What looks like an option is a number.
            if let number = line.firstMatch(of: /^Unknown option '(-[0-9.][^']*)'/)?.output.1 {
                line = "\(number) is negative: no negative number is expected there"
            }
            throw JobFailure(message: "\(line) (see \(commandName) --help)", exitStatus: ExitStatus.usage)
        }
    }
}

/// The arguments with the program's name and version around them.
private struct Program<Arguments: ParallelCommand>: ParsableCommand {
    @OptionGroup var arguments: Arguments

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Arguments.commandName, abstract: Arguments.abstract, discussion: Arguments.discussion,
            version: suiteVersion)
    }
}
