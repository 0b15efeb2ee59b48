internal import CMPI

// The wire protocol of the lowercase calls. It is mpi4py's (msgpickle.pxi), so that Swift and Python ranks of one job
// can exchange objects. A payload has the datatype MPI_BYTE. If the message itself does not contain the length of the
// payload, the length is sent first (see ObjectProtocol.swift). An empty payload represents "nothing".

/// One byte of a payload. MPI treats `UInt8` as a number; this type has the datatype that mpi4py declares.
struct Byte: MPIDatatype {
    var value: UInt8
    static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_BYTE()) }
}

/// A message that a matched probe has removed from the queue. It can be received only through its handle.
struct ProbedMessage {
    var handle = CMPI_MESSAGE_NULL()
    var status = Status()

    /// - Throws: ``MPIError`` if the message is not a whole number of bytes.
    func length() throws(MPIError) -> Int {
        guard let length = status.count(of: Byte.self) else {
            throw MPIError(refused: "MPI_Mprobe", .other, "the message is not a whole number of bytes")
        }
        return length
    }
}

extension Communicator {
    /// Serializes an object, except for the memory of a large block at its end.
    func withPayload<T: Encodable>(of object: T, _ body: (Payload) throws -> Void) throws {
        if let cbor { return try cbor.withPayload(of: object, body) }
        return try serializer.encode(object).withUnsafeBytes { try body(Payload(head: $0)) }
    }

    /// Sends a payload as one message, or starts to send it.
    func sendPayload(
        _ payload: Payload, _ function: StaticString, _ send: (UnsafeRawPointer?, CInt, MPI_Datatype) -> CInt
    ) throws(MPIError) {
        let code =
            if payload.block.isEmpty {
                try withCount(payload.head.count, of: Byte.self) { send(payload.head.baseAddress, $0, $1) }
            } else {
                try withCount(payload.block.count, of: Byte.self) { (count, type) throws(MPIError) in
                    try withStructDatatype(
                        (Int(bitPattern: payload.head.baseAddress), CInt(payload.head.count), Byte.mpiDatatype),
                        (Int(bitPattern: payload.block.baseAddress), count, type)
                    ) { send(nil, 1, $0) }  // MPI_BOTTOM: the displacements are addresses
                }
            }
        try check(function, code)
    }

    /// Returns the object in a message of a known length, which `receive` stores in the memory that it is given.
    func receivedObject<T: Decodable>(
        _ type: T.Type, length: Int, _ receive: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> T {
        try received(length: length, receive) {
            try object(type, from: $0)
        } large: {
            try object(type, in: $0)
        }
    }

    /// Receives such a message and returns the result of `small` or `large`, depending on its length.
    @inline(__always)
    private func received<R>(
        length: Int, _ receive: (UnsafeMutableRawBufferPointer) throws -> Void,
        small: (UnsafeRawBufferPointer) throws -> R, large: (ReceivedMemory) throws -> R
    ) throws -> R {
        if length >= largeBlock {
            let memory = ReceivedMemory(byteCount: length)
            try receive(memory.bytes)
            return try large(memory)
        }
        return try withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { bytes in
            try receive(bytes)
            return try small(UnsafeRawBufferPointer(bytes))
        }
    }
}

extension Communicator {
    /// Returns the object in a payload.
    ///
    /// - Throws: ``PeerFailure`` if another rank sent a failure in place of the object, or a decoding error.
    func object<T: Decodable>(_ type: T.Type, from payload: UnsafeRawBufferPointer) throws -> T {
        if let failure = PeerFailure(payload: payload) { throw failure }
        do {
            if payload.isEmpty { return try nothing(type) }
            if let cbor { return try cbor.decode(type, from: payload) }
            return try serializer.decode(type, from: payload)
        } catch {
            throw isNothing(payload) ? Self.receivedNothing(type, isEmpty: payload.isEmpty) : error
        }
    }

    /// Returns the object in a payload. The object may keep the memory of the payload.
    func object<T: Decodable>(_ type: T.Type, in memory: ReceivedMemory) throws -> T {
        if let cbor, memory.bytes.count >= largeBlock, PeerFailure(payload: UnsafeRawBufferPointer(memory.bytes)) == nil
        {
            return try cbor.decode(type, in: memory)
        }
        return try object(type, from: UnsafeRawBufferPointer(memory.bytes))
    }

    /// Returns the object for an empty payload: nil if the type is an optional. Other types throw.
    func nothing<T: Decodable>(_ type: T.Type) throws -> T {
        try serializer.encode(Optional<Int>.none).withUnsafeBytes { try serializer.decode(type, from: $0) }
    }

    private func isNothing(_ payload: UnsafeRawBufferPointer) -> Bool {
        payload.isEmpty || (try? serializer.encode(Optional<Int>.none))?.elementsEqual(payload) == true
    }

    private static func receivedNothing<T>(_ type: T.Type, isEmpty: Bool) -> DecodingError {
        let cause = isEmpty ? "nil, or an empty buffer by an uppercase call, such as Send" : "nil"
        return .valueNotFound(
            type, .init(codingPath: [], debugDescription: "Expected \(type), but the sender sent \(cause)."))
    }

    /// Receives the next matching payload of any length and decodes it.
    ///
    /// The matched probe removes the message from the queue, so that no other thread can receive it in between.
    func receiveObject<T: Decodable>(_ type: T.Type, source: CInt, tag: CInt) throws -> (object: T, status: Status) {
        try receiveObject(type, of: awaitedMessage(source: source, tag: tag))
    }

    /// Receives and decodes a probed message.
    func receiveObject<T: Decodable>(
        _ type: T.Type, of message: ProbedMessage
    ) throws -> (object: T, status: Status) {
        var message = message
        let object = try receivedObject(type, length: message.length()) { try receivePayload($0, of: &message) }
        return (object, message.status)
    }

    private func receivePayload(
        _ payload: UnsafeMutableRawBufferPointer, of message: inout ProbedMessage
    ) throws(MPIError) {
        let code = try withCount(payload.count, of: Byte.self) { (count, type) in
            MPI_Mrecv(payload.baseAddress, count, type, &message.handle, CMPI_STATUS_IGNORE())
        }
        try check("MPI_Mrecv", code)
    }
}

/// A rank's partial result of a reduction of objects: a combined object, or the reason why it could not be computed.
enum Partial<T> {
    case object(T)
    /// This rank failed.
    case failed(any Error)
    /// Another rank failed.
    case received(PeerFailure)

    /// Creates the partial result that was received from another rank.
    init(received object: () throws -> T) {
        do { self = .object(try object()) } catch let failure as PeerFailure { self = .received(failure) } catch {
            self = .failed(error)
        }
    }

    /// Combines two partial results; the first is that of lower ranks.
    init(_ lower: Partial, _ higher: Partial, _ combine: (T, T) throws -> T) {
        switch (lower, higher) {
        case (.object(let a), .object(let b)):
            do { self = .object(try combine(a, b)) } catch { self = .failed(error) }
        case (.failed, _), (.received, .object): self = lower
        case (_, .failed), (.object, .received), (.received, .received): self = higher
        }
    }

    /// Returns the object.
    ///
    /// - Throws: The error that prevented the result.
    func get() throws -> T {
        switch self {
        case .object(let object): return object
        case .failed(let error): throw error
        case .received(let failure): throw failure
        }
    }

    var isObject: Bool {
        if case .object = self { true } else { false }
    }

    /// Throws the error of this rank, if there is one.
    func throwOwnError() throws {
        if case .failed(let error) = self { throw error }
    }
}

// The building blocks of mpi4py's reductions: messages that are preceded by their lengths.
extension Communicator {
    /// Sends an object, or a failure in its place.
    ///
    /// - Returns: The partial result that was sent, which is another failure if the object cannot be encoded.
    func sendCounted<T: Encodable>(_ partial: Partial<T>, dest: CInt, tag: CInt) throws -> Partial<T> {
        func send(_ payload: Payload, _ length: PayloadLengths) throws {
            try check("MPI_Send", MPI_Send(length.storage, 1, length.datatype, dest, tag, handle))
            try sendPayload(payload, "MPI_Send") { MPI_Send($0, $1, $2, dest, tag, handle) }
        }
        var isEncoded = false
        do {
            try withPayload(of: partial.get()) { payload in
                let length = try PayloadLengths([payload.count], objectProtocol, "MPI_Send")
                isEncoded = true
                try send(payload, length)
            }
            return partial
        } catch  where !isEncoded {
            let failure = contribution("MPI_Send") { throw error }
            try failure.payloads.withUnsafeBytes { try send(Payload(head: $0), failure.lengths) }
            return partial.isObject ? .failed(error) : partial
        }
    }

    /// Receives an object or failure from ``sendCounted(_:dest:tag:)``.
    func receiveCounted<T: Decodable>(_ type: T.Type, source: CInt, tag: CInt) throws -> Partial<T> {
        var length = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Recv(&length.storage, 1, length.datatype, source, tag, handle, CMPI_STATUS_IGNORE())
        try PayloadLengths.check("MPI_Recv", code)
        _ = try length.received("MPI_Recv")
        var message = try awaitedMessage(source: source, tag: tag)
        return try receivedPartial(type, length: message.length()) { try receivePayload($0, of: &message) }
    }

    private func receivedPartial<T: Decodable>(
        _ type: T.Type, length: Int, _ receive: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> Partial<T> {
        try received(length: length, receive) { payload in
            Partial { try object(type, from: payload) }
        } large: { memory in
            Partial { try object(type, in: memory) }
        }
    }

    /// Exchanges objects, or failures in their places, with another rank that makes the same call.
    ///
    /// - Returns: The partial results that were sent and received.
    func exchangeCounted<T: Codable>(
        _ partial: Partial<T>, with partner: CInt, tag: CInt
    ) throws -> (sent: Partial<T>, received: Partial<T>) {
        let mine = contribution("MPI_Sendrecv") { try serializer.encode(partial.get()) }
        var theirs = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Sendrecv(
            mine.lengths.storage, 1, mine.lengths.datatype, partner, tag, &theirs.storage, 1, theirs.datatype, partner,
            tag, handle, CMPI_STATUS_IGNORE())
        try PayloadLengths.check("MPI_Sendrecv", code)
        let received = try receivedPartial(T.self, length: theirs.received("MPI_Sendrecv")[0]) { buffer in
            let code = try withCount(mine.payloads.count, of: Byte.self) { (sendCount, sendType) throws(MPIError) in
                try withCount(buffer.count, of: Byte.self) { (count, type) in
                    MPI_Sendrecv(
                        mine.payloads, sendCount, sendType, partner, tag, buffer.baseAddress, count, type, partner, tag,
                        handle, CMPI_STATUS_IGNORE())
                }
            }
            try check("MPI_Sendrecv", code)
        }
        if let error = mine.error, partial.isObject { return (.failed(error), received) }
        return (partial, received)
    }

    /// Broadcasts a payload: its length, then its bytes.
    ///
    /// - Parameter contribution: The contribution of the root; nil on other ranks.
    func broadcastObject<T: Decodable>(
        _ type: T.Type, _ contribution: Contribution<[UInt8]>?, root: CInt
    ) throws -> T {
        var lengths = contribution?.lengths ?? PayloadLengths(count: 1, objectProtocol)
        try PayloadLengths.check("MPI_Bcast", MPI_Bcast(&lengths.storage, 1, lengths.datatype, root, handle))
        let length = try lengths.received("MPI_Bcast")[0]
        return try receivedObject(type, length: length) { buffer in
            if let contribution { buffer.copyBytes(from: contribution.payloads) }
            let code = try withCount(length, of: Byte.self) { (count, type) in
                MPI_Bcast(buffer.baseAddress, count, type, root, handle)
            }
            try check("MPI_Bcast", code)
            if let error = contribution?.error { throw error }
        }
    }
}
