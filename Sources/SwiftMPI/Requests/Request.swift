// Nonblocking communication (MPI-3.1 chapters 3.7 and 3.9).

public import CMPI

/// A pending communication: started, but not yet waited for.
///
/// The request keeps the buffer, and ``wait()`` returns it. Both kinds of buffer are safe:
///
/// - An *array* is moved into the request, which owns it. Nothing else can access the array.
/// - A *span* remains a borrow of its source. While the request exists, the compiler rejects code that changes the
///   source (after `Isend`) or even reads it (after `Irecv`).
///
/// You must wait for every request. Waiting twice does not compile. If a request is dropped, even because an error is
/// thrown, the job ends with a line that names the request: otherwise MPI would keep using memory that may belong to
/// another object.
///
/// ```swift
/// let incoming = try world.Irecv(into: halo.mutableSpan, source: left)
/// let outgoing = try world.Isend(row.span, dest: right)
/// …                                 // neither `halo` nor `row` can be touched wrongly here
/// _ = try outgoing.wait()
/// _ = try incoming.wait()
/// ```
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.1.
@frozen
public struct Request<Buffer: ~Copyable & ~Escapable>: ~Copyable, ~Escapable {
    @usableFromInline var operation: PendingOperation
    @usableFromInline var buffer: Buffer
    /// Kept alive until the operation is complete: MPI allows freeing it earlier, but this has crashed Open MPI 4.
    @usableFromInline var communicator: Communicator
    @usableFromInline var kept: [any KeptByRequest]

    @inlinable @_lifetime(copy buffer)
    init(
        _ handle: MPI_Request, _ communicator: Communicator, _ function: StaticString, _ buffer: consuming Buffer,
        keeping kept: (any KeptByRequest)?..., kind: PendingOperation.Kind = .request
    ) {
        self.operation = PendingOperation(handle, function, kind)
        self.buffer = buffer
        self.communicator = communicator
        self.kept = kept.compactMap(\.self)
    }

    /// Waits until the communication is complete.
    ///
    /// - Returns: The buffer.
    /// - Throws: ``MPIError``. The buffer is then lost.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    @inlinable @_lifetime(copy self)
    public consuming func wait() throws(MPIError) -> Buffer {
        let kept = (communicator, kept)
        defer { withExtendedLifetime(kept) {} }
        _ = try operation.wait()
        return buffer
    }

    /// Waits until the communication is complete and stores the status of the received message.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    @inlinable @_lifetime(copy self)
    public consuming func wait(status: inout Status) throws(MPIError) -> Buffer {
        let kept = (communicator, kept)
        defer { withExtendedLifetime(kept) {} }
        status = try operation.wait()
        return buffer
    }

    /// Returns whether the communication is complete, without waiting.
    ///
    /// Once it is complete, ``wait()`` returns the buffer immediately.
    ///
    /// - Throws: ``MPIError`` if the communication has failed; ``wait()`` throws the same error.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    @inlinable
    public mutating func test() throws(MPIError) -> Bool { try operation.test() }

    /// Asks MPI to cancel the communication. After the wait, ``Status/isCancelled`` tells whether it was cancelled.
    ///
    /// MPI: `MPI_Cancel`, MPI-3.1 §3.8.4.
    public mutating func cancel() throws(MPIError) { try operation.cancel() }
}

extension Request: Escapable where Buffer: Escapable & ~Copyable {}

extension Request where Buffer: ~Copyable & ~Escapable {
    /// Whether the communication is known to be complete.
    @usableFromInline var isComplete: Bool { operation.isComplete }
}

/// A value that MPI uses until a communication is complete, besides the buffers: a table of counts or layouts, a copy,
/// or an operation.
@usableFromInline
protocol KeptByRequest {}

extension VariableCounts: KeptByRequest {}
extension VariableLayouts: KeptByRequest {}
extension PreparedExchange: KeptByRequest {}
extension LargeExchange: KeptByRequest {}
extension BufferCopy: KeptByRequest {}
extension UserOperation: KeptByRequest {}

/// The two buffers of a communication that sends from one and receives into the other.
@frozen
public struct BufferPair<Sent: ~Copyable & ~Escapable, Received: ~Copyable & ~Escapable>: ~Copyable, ~Escapable {
    /// The buffer that was sent.
    public var sent: Sent
    /// The buffer that was received into.
    public var received: Received

    @inlinable @_lifetime(copy sent, copy received)
    init(sent: consuming Sent, received: consuming Received) {
        self.sent = sent
        self.received = received
    }
}

extension BufferPair: Copyable where Sent: Copyable & ~Escapable, Received: Copyable & ~Escapable {}
extension BufferPair: Escapable where Sent: Escapable & ~Copyable, Received: Escapable & ~Copyable {}
