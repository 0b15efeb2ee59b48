private import FoundationEssentials

/// An error all ranks of a job know of and have agreed on: the job ends, with one message and one exit status.
///
/// Thrown by ``Communicator/together(_:)`` on every rank alike. Where it leaves the body of ``MPI/run(threads:_:)``,
/// rank 0 prints the message, and the job ends with the status.
public struct JobFailure: ExitStatusProviding, Codable, Hashable, Sendable {
    /// One line for the user.
    public let message: String
    /// The exit status of every rank, not 0.
    public let exitStatus: Int32

    /// For an error that every rank finds by itself, such as a wrong argument; otherwise use
    /// ``Communicator/together(_:)``.
    public init(message: String, exitStatus: Int32) {
        self.message = message
        self.exitStatus = exitStatus
    }
}

extension JobFailure: CustomStringConvertible {
    public var description: String { message }
}

extension Communicator {
    /// Does the same work on every rank, and fails on all of them if it failed on any.
    ///
    /// Collective. Use it for what can go wrong on one rank only, such as opening a file: without it the other ranks
    /// would wait forever for the one that failed. `body` must not communicate in a way that needs the failed rank,
    /// except by the lowercase collectives: where a rank fails inside one of them, they return on all ranks, and this
    /// call makes them all throw, also those that did not need what the failed rank could not give.
    ///
    /// - Parameter body: Runs once on each rank.
    /// - Returns: What `body` returned on this rank.
    /// - Throws: ``JobFailure`` with the message of the lowest rank whose `body` threw.
    ///
    /// MPI: `MPI_Allreduce` and, after a failure, `MPI_Bcast`.
    public final func together<R: ~Copyable>(_ body: () throws -> R) throws -> R {
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

    /// Throws the error of the lowest rank that has one, on every rank. Collective.
    private final func agree(on error: (any Error)?) throws {
        let failedRank = try Allreduce(error == nil ? size : rank, op: .min)
        if failedRank == size { return }
        let failure = error.map {
            JobFailure(message: userText(of: $0), exitStatus: exitStatus(of: $0))
        }
        throw try bcast(failure, root: failedRank) as JobFailure
    }
}

/// The text for the user that an error brings: its own description or that of a `LocalizedError`, else its value.
func userText(of error: any Error) -> String {
    if error is any CustomStringConvertible { return "\(error)" }
    return (error as? any LocalizedError)?.errorDescription ?? "\(error)"
}

/// The exit status that an error asks for.
func exitStatus(of error: any Error) -> Int32 { (error as? any ExitStatusProviding)?.exitStatus ?? 1 }
