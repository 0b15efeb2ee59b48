public import CMPI

extension Communicator {
    /// Waits for a message without receiving it.
    ///
    /// - Parameters:
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Returns: The source, tag and length of the message. In a program with several threads, another thread may
    ///   receive the message first: see ``Mprobe(source:tag:)``.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Probe`, MPI-3.1 §3.8.1.
    public final func Probe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> Status {
        let source = try cSource(source, "MPI_Probe")
        let tag = try cTagOrAny(tag, "MPI_Probe")
        var status = Status()
        try check("MPI_Probe", MPI_Probe(source, tag, handle, &status.raw))
        return status
    }

    /// Checks whether a message has arrived, without waiting; see ``Probe(source:tag:)``.
    ///
    /// - Returns: The status of the message, or `nil` if none has arrived.
    ///
    /// MPI: `MPI_Iprobe`, MPI-3.1 §3.8.1.
    public final func Iprobe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> Status? {
        let source = try cSource(source, "MPI_Iprobe")
        let tag = try cTagOrAny(tag, "MPI_Iprobe")
        return try envelope(source: source, tag: tag)
    }

    /// Waits for a message and removes it from the queue, so that only the holder of the returned value can receive it.
    ///
    /// - Parameters:
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Mprobe`, MPI-3.1 §3.8.2.
    public final func Mprobe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedMessage {
        let source = try cSource(source, "MPI_Mprobe")
        let tag = try cTagOrAny(tag, "MPI_Mprobe")
        let message = try awaitedMessage(source: source, tag: tag)
        return MatchedMessage(unwrapped(message.handle), message.status, self)
    }

    /// Removes a message from the queue if one has arrived, without waiting; see ``Mprobe(source:tag:)``.
    ///
    /// - Returns: The message, or `nil` if none has arrived.
    ///
    /// MPI: `MPI_Improbe`, MPI-3.1 §3.8.2.
    public final func Improbe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedMessage? {
        let source = try cSource(source, "MPI_Improbe")
        let tag = try cTagOrAny(tag, "MPI_Improbe")
        guard let message = try arrivedMessage(source: source, tag: tag) else { return nil }
        return MatchedMessage(unwrapped(message.handle), message.status, self)
    }
}

// Shared implementation of the probes of both families.
extension Communicator {
    func envelope(source: CInt, tag: CInt) throws(MPIError) -> Status? {
        var isThere: CInt = 0
        var status = Status()
        try check("MPI_Iprobe", MPI_Iprobe(source, tag, handle, &isThere, &status.raw))
        return isThere == 0 ? nil : status
    }

    func awaitedMessage(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage {
        var message = ProbedMessage()
        try check("MPI_Mprobe", MPI_Mprobe(source, tag, handle, &message.handle, &message.status.raw))
        return message
    }

    func arrivedMessage(source: CInt, tag: CInt) throws(MPIError) -> ProbedMessage? {
        var isThere: CInt = 0
        var message = ProbedMessage()
        let code = MPI_Improbe(source, tag, handle, &isThere, &message.handle, &message.status.raw)
        try check("MPI_Improbe", code)
        return isThere == 0 ? nil : message
    }
}

/// A message that has arrived and can be received only through this value.
///
/// The message must be received: dropping it ends the job.
///
/// MPI: `MPI_Message`, MPI-3.1 §3.8.2.
public struct MatchedMessage: ~Copyable {
    /// The source, tag and length of the message.
    public let status: Status
    @usableFromInline var handle: MPI_Message
    @usableFromInline let communicator: Communicator
    @usableFromInline var isReceived = false

    init(_ handle: MPI_Message, _ status: Status, _ communicator: Communicator) {
        self.handle = handle
        self.status = status
        self.communicator = communicator
    }

    /// Receives the message.
    ///
    /// - Parameter buffer: Filled with the message.
    /// - Throws: ``MPIError``, of class ``MPIError/Class/truncated`` if the message is longer than the buffer.
    ///
    /// MPI: `MPI_Mrecv`, MPI-3.1 §3.8.3.
    @inlinable @discardableResult
    public consuming func Recv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        into buffer: inout Buffer
    ) throws(MPIError) -> Status {
        var message = CMPI_MESSAGE_NULL()
        message = handle
        isReceived = true
        var status = Status()
        let code = try buffer.receiving { MPI_Mrecv($0, $1, $2, &message, &status.raw) }
        try check("MPI_Mrecv", code)
        return status
    }

    /// Starts receiving the message.
    ///
    /// - Parameter buffer: Filled with the message; kept by the request.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Imrecv`, MPI-3.1 §3.8.3.
    @inlinable @_lifetime(copy buffer)
    public consuming func Irecv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        into buffer: consuming Buffer
    ) throws(MPIError) -> Request<Buffer> {
        var message = CMPI_MESSAGE_NULL()
        message = handle
        isReceived = true
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Imrecv($0, $1, $2, &message, &request) }
        try check("MPI_Imrecv", code)
        let communicator = communicator
        return Request(unwrapped(request), communicator, "MPI_Imrecv", buffer)
    }

    @inlinable
    deinit {
        if !isReceived { endJob(dropped: "a matched message", "receive it") }
    }
}
