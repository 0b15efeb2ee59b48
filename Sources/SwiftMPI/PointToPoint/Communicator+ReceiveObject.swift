internal import CMPI

extension Communicator {
    /// Receives an object of any size.
    ///
    /// - Parameters:
    ///   - type: The type of the object; usually inferred.
    ///   - source: A rank of this communicator, ``MPI/anySource``, or ``MPI/procNull``, from which `nil` is received.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``, and any error from decoding if something other than the expected type was sent. The
    ///   message is consumed even if decoding fails.
    ///
    /// MPI: `MPI_Mprobe`, `MPI_Mrecv`, MPI-3.1 §3.8.2. mpi4py: `Comm.recv`.
    public final func recv<T: Decodable>(
        _ type: T.Type = T.self, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws -> T {
        try recvWithStatus(type, source: source, tag: tag).object
    }

    /// Receives an object and returns it with its source and tag; see ``recv(_:source:tag:)``.
    public final func recvWithStatus<T: Decodable>(
        _ type: T.Type = T.self, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws -> (object: T, status: Status) {
        let source = try cSource(source, "MPI_Mprobe")
        let tag = try cTagOrAny(tag, "MPI_Mprobe")
        return try receiveObject(type, source: source, tag: tag)
    }

    /// Starts receiving an object of any size.
    ///
    /// - Parameters:
    ///   - type: The type of the object; usually inferred from how the result is used.
    ///   - source: A rank of this communicator, ``MPI/anySource``, or ``MPI/procNull``, from which `nil` is received.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    ///   - byteCount: The maximum size of the object's message, in bytes. If omitted, 2³¹−2, or less if addresses are
    ///     limited: see ``ObjectReceiveRequest``. Specify it for larger objects, and on networks that pin the whole
    ///     receive buffer in memory when a receive is posted.
    /// - Returns: The pending receive, which must be waited for.
    /// - Throws: ``MPIError``, also if the system has no address space left for the receive buffer.
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
    ///   - object: The object to send.
    ///   - dest: The rank to send to, or ``MPI/procNull``.
    ///   - sendTag: The tag of the sent object.
    ///   - type: The type of the received object; the type of `object` if omitted.
    ///   - source: The rank to receive from, or ``MPI/anySource``.
    ///   - recvTag: The tag of the received object, or ``MPI/anyTag``.
    /// - Throws: ``MPIError``, and any error from encoding or decoding.
    ///
    /// MPI: `MPI_Isend`, `MPI_Mprobe`, `MPI_Mrecv`, `MPI_Wait`. mpi4py: `Comm.sendrecv`.
    public final func sendrecv<T: Encodable, U: Decodable>(
        _ object: T, dest: Int, sendTag: Int = 0,
        receiving type: U.Type, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws -> U {
        let source = try cSource(source, "MPI_Mprobe")
        let recvTag = try cTagOrAny(recvTag, "MPI_Mprobe")
        let send = try isend(object, dest: dest, tag: sendTag)
        // The send must complete even if the received message cannot be decoded.
        let received = Result { try receiveObject(type, source: source, tag: recvTag).object }
        try send.wait()
        return try received.get()
    }

    /// Exchanges objects of the same type; see ``sendrecv(_:dest:sendTag:receiving:source:recvTag:)``.
    public final func sendrecv<T: Codable>(
        _ object: T, dest: Int, sendTag: Int = 0, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws -> T {
        try sendrecv(object, dest: dest, sendTag: sendTag, receiving: T.self, source: source, recvTag: recvTag)
    }
}

// A receive needs a type. These methods cannot be called; they only give the compiler a helpful message.
extension Communicator {
    @available(*, unavailable, message: "say what is expected: recv(Int.self, source: 0), or let number: Int = …")
    public final func recv(source: Int = MPI.anySource, tag: Int = MPI.anyTag) throws -> Never { fatalError() }

    @available(*, unavailable, message: "say what is expected: irecv(Int.self, source: 0)")
    public final func irecv(
        source: Int = MPI.anySource, tag: Int = MPI.anyTag, upTo byteCount: Int? = nil
    ) throws(MPIError) -> ObjectReceiveRequest<Never> { fatalError() }
}
