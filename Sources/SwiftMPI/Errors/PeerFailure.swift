/// The error of another rank, received in place of an object from that rank.
///
/// If a rank fails in a lowercase collective, that rank throws its own error, and the ranks that should have received
/// its object throw a peer failure. Wrapped in ``Communicator/failingTogether(_:)``, the call throws a ``JobFailure``
/// on all ranks.
///
/// If a peer failure leaves the body of ``MPI/run(threads:_:)``, the job is aborted with its message, unless the failed
/// rank has already ended the job with its own error.
public struct PeerFailure: ExitStatusProviding, Codable, Hashable, Sendable {
    /// The rank and its error, such as `rank 3: the disk is full`; for a ``JobFailure``, only its message.
    public let message: String
    /// The exit status of the rank's error.
    public let exitStatus: Int32

    package init(message: String, exitStatus: Int32) {
        self.message = message
        self.exitStatus = exitStatus
    }
}

extension PeerFailure: CustomStringConvertible {
    public var description: String { message }
}
