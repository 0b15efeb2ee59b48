// Nonblocking communication (MPI-3.1 chapters 3.7 and 3.9).

public import CMPI

/// A communication that has been started and not yet been waited for.
///
/// It keeps the buffer, and ``wait()`` gives it back. Which of two safe ways that is, the buffer decides:
///
/// - An *array* is moved into the request, which owns it: nobody else can reach it.
/// - A *span* stays a borrow of what it was taken from: as long as the request is there, the compiler refuses to change
///   (after `Isend`) or even to read (after `Irecv`) that array.
///
/// A request must be waited for. Waiting twice does not compile; one that is dropped, also by an error that passes by,
/// ends the job with a line that names it: MPI would otherwise go on using memory that is somebody else's.
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
    /// Kept until the operation is complete: freeing it before is legal in MPI and has crashed Open MPI 4.
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
    /// - Throws: ``MPIError``; the buffer is gone then.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    @inlinable @_lifetime(copy self)
    public consuming func wait() throws(MPIError) -> Buffer {
        let kept = (communicator, kept)
        defer { withExtendedLifetime(kept) {} }
        _ = try operation.wait()
        return buffer
    }

    /// Waits until the communication is complete, and tells about the message received.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    @inlinable @_lifetime(copy self)
    public consuming func wait(status: inout Status) throws(MPIError) -> Buffer {
        let kept = (communicator, kept)
        defer { withExtendedLifetime(kept) {} }
        status = try operation.wait()
        return buffer
    }

    /// Looks whether the communication is complete, without waiting.
    ///
    /// Once it is, ``wait()`` gives the buffer back at once.
    ///
    /// - Throws: ``MPIError`` if it has failed, which ``wait()`` throws as well.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    @inlinable
    public mutating func test() throws(MPIError) -> Bool { try operation.test() }

    /// Asks MPI to give the communication up; whether it did, ``Status/isCancelled`` tells after the wait.
    ///
    /// MPI: `MPI_Cancel`, MPI-3.1 §3.8.4.
    public mutating func cancel() throws(MPIError) { try operation.cancel() }
}

extension Request: Escapable where Buffer: Escapable & ~Copyable {}

extension Request where Buffer: ~Copyable & ~Escapable {
    /// Whether the communication is known to be complete.
    @usableFromInline var isComplete: Bool { operation.isComplete }
}

/// What MPI uses until a communication is complete, besides its buffers: tables of counts or layouts, a copy, an
/// operation.
@usableFromInline
protocol KeptByRequest {}

extension VariableCounts: KeptByRequest {}
extension VariableLayouts: KeptByRequest {}
extension PreparedExchange: KeptByRequest {}
extension LargeExchange: KeptByRequest {}
extension BufferCopy: KeptByRequest {}
extension UserOperation: KeptByRequest {}

/// The two buffers of a communication that sends from one and receives into another.
@frozen
public struct BufferPair<Sent: ~Copyable & ~Escapable, Received: ~Copyable & ~Escapable>: ~Copyable, ~Escapable {
    /// What was sent.
    public var sent: Sent
    /// What was received.
    public var received: Received

    @inlinable @_lifetime(copy sent, copy received)
    init(sent: consuming Sent, received: consuming Received) {
        self.sent = sent
        self.received = received
    }
}

extension BufferPair: Copyable where Sent: Copyable & ~Escapable, Received: Copyable & ~Escapable {}
extension BufferPair: Escapable where Sent: Escapable & ~Copyable, Received: Escapable & ~Copyable {}
