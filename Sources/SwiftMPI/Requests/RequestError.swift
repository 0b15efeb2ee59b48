/// The failure of one of several ``ObjectRequests``.
public struct RequestError: Error {
    /// Which request failed.
    public let index: Int
    /// ``MPIError``, or what decoding threw where something else was sent.
    public let underlying: any Error
}

extension RequestError: CustomStringConvertible {
    public var description: String { "request \(index): \(underlying)" }
}
