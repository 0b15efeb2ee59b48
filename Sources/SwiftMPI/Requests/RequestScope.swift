/// Requests that borrow their buffers, to be waited for together or in the order in which they complete.
///
/// What was borrowed stays borrowed as long as the scope is there; ``finish()`` waits and gives it free.
///
/// ```swift
/// var exchange = RequestScope()
/// exchange.add(try world.Irecv(into: upper.mutableSpan, source: north))
/// exchange.add(try world.Irecv(into: lower.mutableSpan, source: south))
/// exchange.add(try world.Isend(first.span, dest: north))
/// exchange.add(try world.Isend(last.span, dest: south))
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
    private var kept: [(Communicator, tables: [Any?])] = []

    /// An empty scope.
    @_lifetime(immortal)
    public init() {}

    /// How many requests are not known to be complete.
    public var count: Int { operations.pendingCount }

    /// Adds a request, which gets the next index.
    @_lifetime(self: copy self, copy request)
    public mutating func add<Buffer: BorrowedBuffer & ~Copyable & ~Escapable>(_ request: consuming Request<Buffer>) {
        kept.append((request.communicator, request.tables))
        operations.add(request.operation)
    }

    /// Waits for all requests; their buffers are free again.
    ///
    /// - Throws: ``MPIError`` of the first that failed.
    ///
    /// MPI: `MPI_Wait` of each, MPI-3.1 §3.7.3.
    public consuming func finish() throws(MPIError) { try operations.waitAll() }

    /// Looks whether all requests are complete, without waiting.
    ///
    /// MPI: `MPI_Testall`, MPI-3.1 §3.7.5.
    public mutating func testAll() throws(MPIError) -> Bool { try operations.testAll() }

    /// Waits until some request is complete.
    ///
    /// - Returns: Its index and status; `nil` when none is left.
    ///
    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5.
    public mutating func waitAny() throws(MPIError) -> (index: Int, status: Status)? { try operations.waitAny() }

    /// Looks whether some request is complete, as ``waitAny()`` but without waiting.
    ///
    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    public mutating func testAny() throws(MPIError) -> (index: Int, status: Status)? { try operations.testAny() }

    /// Waits until at least one request is complete and tells all that are.
    ///
    /// - Returns: Nothing when none is left.
    ///
    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    public mutating func waitSome() throws(MPIError) -> [(index: Int, status: Status)] { try operations.waitSome() }

    /// Tells the requests that are complete, as ``waitSome()`` but without waiting.
    ///
    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    public mutating func testSome() throws(MPIError) -> [(index: Int, status: Status)] { try operations.testSome() }
}

/// A buffer that does not own its memory: dropping it frees nothing.
public protocol BorrowedBuffer: ~Copyable, ~Escapable {}

extension Span: BorrowedBuffer where Element: MPIDatatype {}
extension MutableSpan: BorrowedBuffer where Element: MPIDatatype {}
extension Buffers: BorrowedBuffer
where Sent: BorrowedBuffer & ~Copyable & ~Escapable, Received: BorrowedBuffer & ~Copyable & ~Escapable {}
