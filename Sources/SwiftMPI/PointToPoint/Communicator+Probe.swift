public import CMPI

extension Communicator {
    /// Waits for a message without receiving it.
    ///
    /// - Parameters:
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: A tag, or ``MPI/anyTag``.
    /// - Returns: Who sent it, with which tag, and how much it is. With several threads, another may receive it first:
    ///   see ``Mprobe(source:tag:)``.
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

    /// Looks whether a message is there, as ``Probe(source:tag:)``, without waiting.
    ///
    /// - Returns: `nil` if there is none.
    ///
    /// MPI: `MPI_Iprobe`, MPI-3.1 §3.8.1.
    public final func Iprobe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> Status? {
        let source = try cSource(source, "MPI_Iprobe")
        let tag = try cTagOrAny(tag, "MPI_Iprobe")
        return try envelope(source: source, tag: tag)
    }

    /// Waits for a message and takes it out of the queue, so that only its holder can receive it.
    ///
    /// - Parameters:
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: A tag, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Mprobe`, MPI-3.1 §3.8.2.
    public final func Mprobe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedMessage {
        let source = try cSource(source, "MPI_Mprobe")
        let tag = try cTagOrAny(tag, "MPI_Mprobe")
        let message = try awaitedMessage(source: source, tag: tag)
        return MatchedMessage(unwrapped(message.handle), message.status, self)
    }

    /// Takes a message out of the queue if one is there, as ``Mprobe(source:tag:)``, without waiting.
    ///
    /// - Returns: `nil` if there is none.
    ///
    /// MPI: `MPI_Improbe`, MPI-3.1 §3.8.2.
    public final func Improbe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedMessage? {
        let source = try cSource(source, "MPI_Improbe")
        let tag = try cTagOrAny(tag, "MPI_Improbe")
        guard let message = try arrivedMessage(source: source, tag: tag) else { return nil }
        return MatchedMessage(unwrapped(message.handle), message.status, self)
    }
}

// What the probes of both families have in common.
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

/// A message that has arrived, belongs to its holder, and waits to be received.
///
/// It must be received: one that is dropped ends the job.
///
/// MPI: `MPI_Message`, MPI-3.1 §3.8.2.
public struct MatchedMessage: ~Copyable {
    /// Who sent it, with which tag, and how much it is.
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
    /// - Parameter buffer: Room for it.
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

    /// Starts to receive the message.
    ///
    /// - Parameter buffer: Room for it, kept by the request.
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
