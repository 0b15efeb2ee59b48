/// Requests that borrow their buffers, to be waited for together or in the order in which they complete.
///
/// What was borrowed stays borrowed as long as the scope is there; ``finish()`` waits and gives it free.
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
/// A scope that is dropped while requests are pending ends the job. For requests that own their buffers see
/// ``RequestSet``.
///
/// MPI: `MPI_Waitall` and its relatives, MPI-3.1 §3.7.5.
public struct RequestScope: ~Copyable, ~Escapable {
    private var operations = PendingOperations()
    private var kept: [Int: (Communicator, [any KeptByRequest])] = [:]
    private var nextIndex = 0

    /// An empty scope.
    @_lifetime(immortal)
    public init() {}

    /// How many requests it has not told to be complete.
    public var count: Int { operations.count }

    /// Adds a request, which gets the next index.
    @_lifetime(self: copy self, copy request)
    public mutating func append<Buffer: BorrowedBuffer & ~Copyable & ~Escapable>(_ request: consuming Request<Buffer>) {
        kept[nextIndex] = (request.communicator, request.kept)
        operations.add(request.operation, at: nextIndex)
        nextIndex += 1
    }

    /// Waits for all requests; their buffers are free again.
    ///
    /// - Throws: After all are complete, ``MPIError`` of the first that failed and was not told yet.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public consuming func finish() throws(MPIError) {
        let kept = kept
        defer { withExtendedLifetime(kept) {} }
        try operations.waitAll()
    }

    /// Looks whether all requests are complete, without waiting.
    ///
    /// - Throws: When all are complete, ``MPIError`` of the first that failed and was not told yet.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool { try operations.testAll() }

    /// Waits until some request is complete.
    ///
    /// - Returns: Its index and status; `nil` when none is left.
    /// - Throws: ``MPIError`` of a request that failed, whose index is ``MPIError/requestIndex``: once, and when no
    ///   other is complete.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, status: Status)? { try any(.waiting) }

    /// Looks whether some request is complete, as ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, status: Status)? { try any(.testing) }

    /// Waits until at least one request is complete and tells all that are.
    ///
    /// - Returns: Nothing when none is left.
    /// - Throws: As ``waitAny()``.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, status: Status)] { try some(.waiting) }

    /// Tells the requests that are complete, as ``waitSome()`` but without waiting.
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
