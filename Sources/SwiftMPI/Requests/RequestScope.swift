/// A group of requests that borrow their buffers, to wait for together or in the order in which they complete.
///
/// The buffers stay borrowed as long as the scope exists. ``finish()`` waits for the requests and ends the borrows.
///
/// ```swift
/// var exchange = RequestScope()
/// exchange.append(try world.Irecv(into: upper.mutableSpan, source: north))
/// exchange.append(try world.Irecv(into: lower.mutableSpan, source: south))
/// exchange.append(try world.Isend(first.span, dest: north))
/// exchange.append(try world.Isend(last.span, dest: south))
/// …                                       // the compiler keeps `upper`, `lower`, `first`, `last` from being touched
/// try exchange.finish()
/// ```
///
/// Dropping a scope while requests are pending ends the job. For requests that own their buffers, see ``RequestSet``.
///
/// MPI: `MPI_Waitall` and its relatives, MPI-3.1 §3.7.5.
public struct RequestScope: ~Copyable, ~Escapable {
    private var operations = PendingOperations()
    private var kept: [Int: (Communicator, [any KeptByRequest])] = [:]
    private var nextIndex = 0

    /// Creates an empty scope.
    @_lifetime(immortal)
    public init() {}

    /// The number of requests that have not been reported as complete.
    public var count: Int { operations.count }

    /// Adds a request, which gets the next index.
    @_lifetime(self: copy self, copy request)
    public mutating func append<Buffer: BorrowedBuffer & ~Copyable & ~Escapable>(_ request: consuming Request<Buffer>) {
        kept[nextIndex] = (request.communicator, request.kept)
        operations.add(request.operation, at: nextIndex)
        nextIndex += 1
    }

    /// Waits for all requests and ends the borrows of their buffers.
    ///
    /// - Throws: ``MPIError`` of the first request that failed and was not reported yet, after all are complete.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public consuming func finish() throws(MPIError) {
        let kept = kept
        defer { withExtendedLifetime(kept) {} }
        try operations.waitAll()
    }

    /// Returns whether all requests are complete, without waiting.
    ///
    /// - Throws: ``MPIError`` of the first request that failed and was not reported yet, when all are complete.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool { try operations.testAll() }

    /// Waits until any request is complete.
    ///
    /// - Returns: The index and status of the request, or `nil` if none is left.
    /// - Throws: ``MPIError`` of a request that failed, with its index in ``MPIError/requestIndex``. Each error is
    ///   thrown once, and only when no other request is complete.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, status: Status)? { try any(.waiting) }

    /// Returns a completed request if there is one, like ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, status: Status)? { try any(.testing) }

    /// Waits until at least one request is complete and returns all completed requests.
    ///
    /// - Returns: The indices and statuses of the requests; empty if none is left.
    /// - Throws: The same errors as ``waitAny()``.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, status: Status)] { try some(.waiting) }

    /// Returns all completed requests, like ``waitSome()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testSome() throws(MPIError) -> [(index: Int, status: Status)] { try some(.testing) }

    private mutating func any(
        _ patience: PendingOperations.Patience
    ) throws(MPIError) -> (index: Int, status: Status)? {
        let completion = try operations.any(patience)
        if let completion { kept[completion.index] = nil }
        return completion
    }

    private mutating func some(
        _ patience: PendingOperations.Patience
    ) throws(MPIError) -> [(index: Int, status: Status)] {
        let completions = try operations.some(patience)
        for completion in completions { kept[completion.index] = nil }
        return completions
    }
}

/// A buffer that does not own its memory: dropping it frees nothing.
public protocol BorrowedBuffer: ~Copyable, ~Escapable {}

extension Span: BorrowedBuffer where Element: MPIDatatype {}
extension MutableSpan: BorrowedBuffer where Element: MPIDatatype {}
extension BufferPair: BorrowedBuffer
where Sent: BorrowedBuffer & ~Copyable & ~Escapable, Received: BorrowedBuffer & ~Copyable & ~Escapable {}
