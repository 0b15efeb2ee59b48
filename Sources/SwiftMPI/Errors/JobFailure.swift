private import FoundationEssentials

/// An error that all ranks of a job have agreed on: the job ends with one message and one exit status.
///
/// ``Communicator/failingTogether(_:)`` throws the same failure on every rank. If it leaves the body of
/// ``MPI/run(threads:_:)``, rank 0 prints the message and the job ends with the status.
public struct JobFailure: ExitStatusProviding, Codable, Hashable, Sendable {
    /// The message for the user, in one line.
    public let message: String
    /// The exit status of every rank; not 0.
    public let exitStatus: Int32

    /// Creates a failure for an error that every rank detects on its own, such as a wrong argument.
    ///
    /// For any other error, use ``Communicator/failingTogether(_:)``.
    public init(message: String, exitStatus: Int32) {
        self.message = message
        self.exitStatus = exitStatus
    }
}

extension JobFailure: CustomStringConvertible {
    public var description: String { message }
}

extension Communicator {
    /// Runs `body` on every rank, and throws on all ranks if it throws on any.
    ///
    /// Collective. Use this method for work that can fail on a single rank, such as opening a file: otherwise the other
    /// ranks would wait forever for the failed rank. `body` must not communicate in a way that needs the failed rank,
    /// except through the lowercase collectives: if a rank fails inside a lowercase collective, the collective returns
    /// on all ranks, and this method throws on all of them, including those that did not need the missing data.
    ///
    /// - Parameter body: The work of one rank; called once.
    /// - Returns: The value that `body` returned on this rank.
    /// - Throws: ``JobFailure`` with the message of the lowest rank whose `body` threw.
    ///
    /// MPI: `MPI_Allreduce` and, after a failure, `MPI_Bcast`.
    public final func failingTogether<R: ~Copyable>(_ body: () throws -> R) throws -> R {
        let result: R
        do {
            result = try body()
        } catch {
            try agree(on: error)
            throw error  // not reached: agreeing on an error throws
        }
        try agree(on: nil)
        return result
    }

    /// Throws the error of the lowest rank that has an error, on every rank. Collective.
    private final func agree(on error: (any Error)?) throws {
        let failedRank = try Allreduce(error == nil ? size : rank, op: .min)
        if failedRank == size { return }
        let failure = error.map {
            JobFailure(message: userText(of: $0), exitStatus: exitStatus(of: $0))
        }
        throw try bcast(failure, root: failedRank) as JobFailure
    }
}

/// Returns the text of an error for the user: its own description, or that of a `LocalizedError`, or else its value.
func userText(of error: any Error) -> String {
    if error is any CustomStringConvertible { return "\(error)" }
    return (error as? any LocalizedError)?.errorDescription ?? "\(error)"
}

/// Returns the exit status of an error.
func exitStatus(of error: any Error) -> Int32 { (error as? any ExitStatusProviding)?.exitStatus ?? 1 }
