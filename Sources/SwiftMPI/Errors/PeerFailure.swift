/// The error of another rank, which came in the place of an object of that rank.
///
/// A lowercase collective throws it on the ranks that should have got an object of the rank that failed; that rank
/// itself throws the error. ``Communicator/together(_:)`` around the call makes a ``JobFailure`` of it on all ranks.
///
/// Where it leaves the body of ``MPI/run(threads:_:)``, the job is aborted with its message, unless the rank that
/// failed has ended the job with its own error before.
public struct PeerFailure: ExitStatusProviding, Codable, Hashable, Sendable {
    /// The rank and its error, `rank 3: the disk is full`; of a ``JobFailure`` its message alone.
    public let message: String
    /// The status that the error asks for.
    public let exitStatus: Int32

    package init(message: String, exitStatus: Int32) {
        self.message = message
        self.exitStatus = exitStatus
    }
}

extension PeerFailure: CustomStringConvertible {
    public var description: String { message }
}
