internal import CMPI

extension Communicator {
    /// Receives an object, whatever its size.
    ///
    /// - Parameters:
    ///   - type: What is expected; usually inferred.
    ///   - source: A rank of this communicator, ``MPI/anySource``, or ``MPI/procNull``, from which comes `nil`.
    ///   - tag: The tag it was sent with, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``; what decoding throws if something else was sent. The message is gone then.
    ///
    /// MPI: `MPI_Mprobe`, `MPI_Mrecv`, MPI-3.1 §3.8.2. mpi4py: `Comm.recv`.
    public final func recv<T: Decodable>(
        _ type: T.Type = T.self, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws -> T {
        try recvWithStatus(type, source: source, tag: tag).object
    }

    /// Receives an object and tells who sent it, with which tag; see ``recv(_:source:tag:)``.
    public final func recvWithStatus<T: Decodable>(
        _ type: T.Type = T.self, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws -> (object: T, status: Status) {
        let source = try cSource(source, "MPI_Mprobe")
        let tag = try cTagOrAny(tag, "MPI_Mprobe")
        return try receiveObject(type, source: source, tag: tag)
    }

    /// Starts to receive an object, whatever its size.
    ///
    /// - Parameters:
    ///   - type: What is expected; usually inferred from what becomes of it.
    ///   - source: A rank of this communicator, ``MPI/anySource``, or ``MPI/procNull``, from which comes `nil`.
    ///   - tag: The tag it was sent with, or ``MPI/anyTag``.
    ///   - byteCount: The most bytes that the object may take as a message; if not given, 2³¹−2, or fewer where
    ///     addresses are limited: see ``ObjectReceiveRequest``. Give it for more, and on networks that pin the whole
    ///     room of a receive in memory when it is posted.
    /// - Returns: The receive under way, which has to be waited for.
    /// - Throws: ``MPIError``, also where the system has no addresses left for the room.
    ///
    /// MPI: `MPI_Irecv`, MPI-3.1 §3.7.2. mpi4py: `Comm.irecv`.
    public final func irecv<T: Decodable>(
        _ type: T.Type = T.self, source: Int = MPI.anySource, tag: Int = MPI.anyTag, upTo byteCount: Int? = nil
    ) throws(MPIError) -> ObjectReceiveRequest<T> {
        let source = try cSource(source, "MPI_Irecv")
        let tag = try cTagOrAny(tag, "MPI_Irecv")
        let room = try MessageRoom(upTo: byteCount)
        var request = CMPI_REQUEST_NULL()
        let code = try withCount(room.postedByteCount, of: Byte.self) { (count, type) in
            MPI_Irecv(room.address, count, type, source, tag, handle, &request)
        }
        try check("MPI_Irecv", code)
        return ObjectReceiveRequest(
            PendingOperation(unwrapped(request), "MPI_Irecv", .irecv), into: room, on: self)
    }

    /// Sends one object and receives another, without the deadlock of two ranks that both send first.
    ///
    /// - Parameters:
    ///   - object: What to send.
    ///   - dest: Where it goes, or ``MPI/procNull``.
    ///   - sendTag: Its tag.
    ///   - type: What is expected; the type of `object` where nothing else is said.
    ///   - source: Where that comes from, or ``MPI/anySource``.
    ///   - recvTag: Its tag, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``, or what encoding and decoding throw.
    ///
    /// MPI: `MPI_Isend`, `MPI_Mprobe`, `MPI_Mrecv`, `MPI_Wait`. mpi4py: `Comm.sendrecv`.
    public final func sendrecv<T: Encodable, U: Decodable>(
        _ object: T, dest: Int, sendTag: Int = 0,
        receiving type: U.Type, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws -> U {
        let source = try cSource(source, "MPI_Mprobe")
        let recvTag = try cTagOrAny(recvTag, "MPI_Mprobe")
        let send = try isend(object, dest: dest, tag: sendTag)
        // The send has to end also when what came cannot be decoded.
        let received = Result { try receiveObject(type, source: source, tag: recvTag).object }
        try send.wait()
        return try received.get()
    }

    /// Exchanges objects of one type; see ``sendrecv(_:dest:sendTag:receiving:source:recvTag:)``.
    public final func sendrecv<T: Codable>(
        _ object: T, dest: Int, sendTag: Int = 0, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws -> T {
        try sendrecv(object, dest: dest, sendTag: sendTag, receiving: T.self, source: source, recvTag: recvTag)
    }
}

// What is received needs a type. These do not exist and cannot be called; they are here for the compiler's message.
extension Communicator {
    @available(*, unavailable, message: "say what is expected: recv(Int.self, source: 0), or let number: Int = …")
    public final func recv(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws -> Never { fatalError() }

    @available(*, unavailable, message: "say what is expected: irecv(Int.self, source: 0)")
    public final func irecv(
        source: Int = MPI.anySource, tag: Int = MPI.anyTag, upTo byteCount: Int? = nil
    ) throws(MPIError) -> ObjectReceiveRequest<Never> { fatalError() }
}
