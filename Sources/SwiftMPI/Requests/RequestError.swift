/// The error of a failed request in a group of ``ObjectRequests``.
public struct RequestError: Error {
    /// The index of the request that failed.
    public let index: Int
    /// An ``MPIError``, or a decoding error if the message contained something else.
    public let underlying: any Error
}

extension RequestError: CustomStringConvertible {
    public var description: String { "request \(index): \(underlying)" }
}
