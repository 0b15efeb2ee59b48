public import CMPI

/// A communication that is prepared once and started any number of times.
///
/// The request borrows its buffer. Between ``wait()`` and the next ``start()``, access the buffer through
/// ``withBuffer(_:)``.
///
/// ```swift
/// var outgoing = try world.Send_init(row.mutableSpan, dest: right)
/// for step in 0..<steps {
///     outgoing.withBuffer { $0[0] = Double(step) }
///     try outgoing.start()
///     try outgoing.wait()
/// }
/// ```
///
/// Dropping a request while it is active ends the job. A request that has failed cannot be started again.
///
/// MPI: persistent communication requests, MPI-3.1 §3.9, and persistent collectives, MPI-4.0 §6.13.
public struct PersistentRequest<Buffer: BorrowedBuffer & ~Copyable & ~Escapable>: ~Copyable, ~Escapable {
    private var operation: PersistentOperation
    private var buffer: Buffer
    private let communicator: Communicator
    private let kept: [any KeptByRequest]

    @usableFromInline @_lifetime(copy buffer)
    init(
        _ handle: MPI_Request, _ communicator: Communicator, _ function: StaticString, _ buffer: consuming Buffer,
        keeping kept: (any KeptByRequest)?...
    ) {
        self.operation = PersistentOperation(handle, function)
        self.buffer = buffer
        self.communicator = communicator
        self.kept = kept.compactMap(\.self)
    }

    /// Starts the communication.
    ///
    /// - Precondition: The request is not active.
    ///
    /// MPI: `MPI_Start`, MPI-3.1 §3.9.
    public mutating func start() throws(MPIError) { try operation.start() }

    /// Waits until the communication is complete. Does nothing if the request is not active.
    ///
    /// - Returns: The status of the received message.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    @discardableResult
    public mutating func wait() throws(MPIError) -> Status { try operation.wait() }

    /// Returns whether the communication is complete, without waiting.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    public mutating func test() throws(MPIError) -> Bool { try operation.test() }

    /// Calls `body` with the buffer.
    ///
    /// - Precondition: The request is not active.
    public mutating func withBuffer<R: ~Copyable>(_ body: (inout Buffer) throws -> R) rethrows -> R {
        if operation.isActive { endJob(mistake: "the buffer of a persistent request was used while it was active") }
        return try body(&buffer)
    }
}

extension Communicator {
    /// Prepares a send; see ``Send(_:dest:tag:)``.
    ///
    /// Open MPI 4 sends short messages from a rank to itself synchronously: `wait` returns only after the message is
    /// received.
    ///
    /// MPI: `MPI_Send_init`, MPI-3.1 §3.9.
    @inlinable @_lifetime(copy buffer)
    public final func Send_init<Buffer: SendBuffer & BorrowedBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOn(buffer, dest, tag, "MPI_Send_init") {
            isCutOff($1, $2, $3)
                ? MPI_Ssend_init($0, $1, $2, $3, $4, handle, &request)
                : MPI_Send_init($0, $1, $2, $3, $4, handle, &request)
        }
        return PersistentRequest(unwrapped(request), self, "MPI_Send_init", buffer)
    }

    /// Prepares a synchronous send; see ``Ssend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Ssend_init`, MPI-3.1 §3.9.
    @inlinable @_lifetime(copy buffer)
    public final func Ssend_init<Buffer: SendBuffer & BorrowedBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOn(buffer, dest, tag, "MPI_Ssend_init") { MPI_Ssend_init($0, $1, $2, $3, $4, handle, &request) }
        return PersistentRequest(unwrapped(request), self, "MPI_Ssend_init", buffer)
    }

    /// Prepares a ready send; see ``Rsend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Rsend_init`, MPI-3.1 §3.9.
    @inlinable @_lifetime(copy buffer)
    public final func Rsend_init<Buffer: SendBuffer & BorrowedBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOn(buffer, dest, tag, "MPI_Rsend_init") {
            isCutOff($1, $2, $3)
                ? MPI_Ssend_init($0, $1, $2, $3, $4, handle, &request)
                : MPI_Rsend_init($0, $1, $2, $3, $4, handle, &request)
        }
        return PersistentRequest(unwrapped(request), self, "MPI_Rsend_init", buffer)
    }

    /// Prepares a buffered send; see ``Bsend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Bsend_init`, MPI-3.1 §3.9.
    @inlinable @_lifetime(copy buffer)
    public final func Bsend_init<Buffer: SendBuffer & BorrowedBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try requireAttachedBuffer("MPI_Bsend_init")
        try passOn(buffer, dest, tag, "MPI_Bsend_init") { (address, count, type, dest, tag) throws(MPIError) in
            if isCutOff(count, type, dest) {
                throw MPIError(
                    refused: "MPI_Bsend_init", .rank, "Open MPI 4 may cut off what this rank sends to itself; use Bsend"
                )
            }
            return MPI_Bsend_init(address, count, type, dest, tag, handle, &request)
        }
        return PersistentRequest(unwrapped(request), self, "MPI_Bsend_init", buffer)
    }

    /// Prepares a receive; see ``Recv(into:source:tag:)``.
    ///
    /// MPI: `MPI_Recv_init`, MPI-3.1 §3.9.
    @inlinable @_lifetime(copy buffer)
    public final func Recv_init<Buffer: ReceiveBuffer & BorrowedBuffer & ~Copyable & ~Escapable>(
        into buffer: consuming Buffer, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        let source = try cSource(source, "MPI_Recv_init")
        let tag = try cTagOrAny(tag, "MPI_Recv_init")
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Recv_init($0, $1, $2, source, tag, handle, &request) }
        try check("MPI_Recv_init", code)
        return PersistentRequest(unwrapped(request), self, "MPI_Recv_init", buffer)
    }
}

extension Communicator {
    /// Throws if the library has no persistent collectives.
    @usableFromInline
    func requirePersistentCollectives(_ function: StaticString) throws(MPIError) {
        if CMPI_HAS_PERSISTENT_COLLECTIVES() == 0 {
            throw MPIError(
                refused: function, .other,
                "this library has no persistent collectives; MPICH has them from 4.0 on, Open MPI from 4.1 on")
        }
    }
}

/// The handle of a persistent request.
struct PersistentOperation: ~Copyable {
    private let handle: MPI_Request
    private let function: StaticString
    private(set) var isActive = false
    private var hasFailed = false
    /// Open MPI 4 frees a request that has failed.
    private var isFreed = false

    init(_ handle: MPI_Request, _ function: StaticString) {
        self.handle = handle
        self.function = function
    }

    mutating func start() throws(MPIError) {
        if isActive { endJob(mistake: "a persistent request was started while it was active") }
        if hasFailed {
            throw MPIError(
                refused: "MPI_Start", .other,
                "the request of \(function) has failed before: prepare another one")
        }
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        try check("MPI_Start", MPI_Start(&handle))
        isActive = true
    }

    mutating func wait() throws(MPIError) -> Status {
        var status = Status()
        if !isActive { return status }
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        let code = MPI_Wait(&handle, &status.raw)
        isActive = false
        if code != MPI_SUCCESS { (hasFailed, isFreed) = (true, handle == CMPI_REQUEST_NULL()) }
        try check("MPI_Wait", code)
        return status
    }

    mutating func test() throws(MPIError) -> Bool {
        if !isActive { return true }
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        var isDone: CInt = 0
        let code = MPI_Test(&handle, &isDone, CMPI_STATUS_IGNORE())
        if isDone != 0 || code != MPI_SUCCESS { isActive = false }
        if code != MPI_SUCCESS { (hasFailed, isFreed) = (true, handle == CMPI_REQUEST_NULL()) }
        try check("MPI_Test", code)
        return !isActive
    }

    deinit {
        if isActive { endJob(dropped: "an active request of \(function)", "wait for it") }
        if isFreed || !MPI.isRunning { return }
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        MPI_Request_free(&handle)
    }
}
