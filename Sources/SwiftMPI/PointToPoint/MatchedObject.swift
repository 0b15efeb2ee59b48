internal import CMPI

/// A message that contains an object and was found by a matched probe; it can be received only through this value.
///
/// The message must be received: dropping it is a mistake that ends the job with a one-line message.
///
/// MPI: `MPI_Message`, MPI-3.1 §3.8.2.
public struct MatchedObject: ~Copyable {
    private let message: ProbedMessage
    private let communicator: Communicator
    private var isReceived = false

    init(_ message: ProbedMessage, on communicator: Communicator) {
        self.message = message
        self.communicator = communicator
    }

    /// The source and tag of the message.
    public var status: Status { message.status }

    /// Receives the object.
    ///
    /// - Throws: ``MPIError``, and any error from decoding if something other than the expected type was sent. The
    ///   message is consumed even if decoding fails.
    ///
    /// MPI: `MPI_Mrecv`, MPI-3.1 §3.8.3. mpi4py: `Message.recv`.
    public consuming func recv<T: Decodable>(_ type: T.Type = T.self) throws -> T {
        isReceived = true
        return try communicator.receiveObject(type, of: message).object
    }

    /// Starts receiving the object.
    ///
    /// MPI: `MPI_Imrecv`, MPI-3.1 §3.8.3. mpi4py: `Message.irecv`.
    public consuming func irecv<T: Decodable>(_ type: T.Type = T.self) throws(MPIError) -> ObjectReceiveRequest<T> {
        isReceived = true
        var message = message
        let length = try message.length()
        let room = try MessageRoom(upTo: length)
        var request = CMPI_REQUEST_NULL()
        let code = try withCount(length, of: Byte.self) { (count, type) in
            MPI_Imrecv(room.address, count, type, &message.handle, &request)
        }
        try check("MPI_Imrecv", code)
        return ObjectReceiveRequest(
            PendingOperation(unwrapped(request), "MPI_Imrecv", .irecv), into: room, on: communicator)
    }

    deinit {
        if !isReceived { endJob(dropped: "a matched object", "receive it") }
    }
}

extension Communicator {
    /// Waits for a message and removes it from the queue, to be received later.
    ///
    /// - Parameters:
    ///   - source: A rank of this communicator, or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Mprobe`, MPI-3.1 §3.8.2. mpi4py: `Comm.mprobe`.
    public final func mprobe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedObject {
        let source = try cSource(source, "MPI_Mprobe")
        let tag = try cTagOrAny(tag, "MPI_Mprobe")
        return MatchedObject(try awaitedMessage(source: source, tag: tag), on: self)
    }

    /// Removes a message from the queue if one has arrived; see ``mprobe(source:tag:)``.
    ///
    /// - Returns: The message, or `nil` if none has arrived.
    ///
    /// MPI: `MPI_Improbe`, MPI-3.1 §3.8.2. mpi4py: `Comm.improbe`.
    public final func improbe(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws(MPIError) -> MatchedObject? {
        let source = try cSource(source, "MPI_Improbe")
        let tag = try cTagOrAny(tag, "MPI_Improbe")
        guard let message = try arrivedMessage(source: source, tag: tag) else { return nil }
        return MatchedObject(message, on: self)
    }
}
