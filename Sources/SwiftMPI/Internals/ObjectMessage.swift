internal import CMPI

// The wire protocol of the lowercase calls. It is mpi4py's (msgpickle.pxi), so that Swift and Python ranks of one job
// can exchange objects: a payload is MPI_BYTE; where its length is not in the message itself, it goes ahead (see
// ObjectProtocol.swift); an empty payload stands for "nothing".

/// One byte of a payload. `UInt8` is a number to MPI; this is not, and matches what mpi4py declares.
struct Byte: MPIDatatype {
    var value: UInt8
    static var mpiDatatype: MPI_Datatype { unwrapped(CMPI_BYTE()) }
}

/// A message that a matched probe took out of the queue: it can only be received through its handle.
struct ProbedMessage {
    var handle = CMPI_MESSAGE_NULL()
    var status = Status()

    /// - Throws: ``MPIError`` if what was sent is no row of bytes.
    func length() throws(MPIError) -> Int {
        guard let length = status.count(of: Byte.self) else {
            throw MPIError(refused: "MPI_Mprobe", MPIError.other, "the message is not a whole number of bytes")
        }
        return length
    }
}

extension Communicator {
    /// Serializes an object, all but the memory of a large value.
    func withPayload<T: Encodable>(of object: T, _ body: (Payload) throws -> Void) throws {
        if let cbor { return try cbor.withPayload(of: object, body) }
        return try serializer.encode(object).withUnsafeBytes { try body(Payload(head: $0)) }
    }

    /// Sends a payload as one message, or starts to.
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

    /// The object in a message of a known length, which `receive` puts into the memory it is given.
    func receivedObject<T: Decodable>(
        _ type: T.Type, length: Int, _ receive: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> T {
        if length >= largeBlock {
            let memory = ReceivedMemory(byteCount: length)
            try receive(memory.bytes)
            return try object(type, in: memory)
        }
        return try withUnsafeTemporaryAllocation(byteCount: length, alignment: 8) { bytes in
            try receive(bytes)
            return try object(type, from: UnsafeRawBufferPointer(bytes))
        }
    }
}

extension Communicator {
    /// The object a payload stands for.
    func object<T: Decodable>(_ type: T.Type, from payload: UnsafeRawBufferPointer) throws -> T {
        if payload.isEmpty {
            // What the serializer writes for "nothing", so that `T?` decodes to nil and any other type throws.
            return try serializer.encode(Optional<Int>.none).withUnsafeBytes { try serializer.decode(type, from: $0) }
        }
        if let cbor { return try cbor.decode(type, from: payload) }
        return try serializer.decode(type, from: payload)
    }

    /// The object a payload stands for, which may keep its memory.
    func object<T: Decodable>(_ type: T.Type, in memory: ReceivedMemory) throws -> T {
        if let cbor, memory.bytes.count >= largeBlock { return try cbor.decode(type, in: memory) }
        return try object(type, from: UnsafeRawBufferPointer(memory.bytes))
    }

    /// Receives the next matching payload, whatever its length, and decodes it.
    ///
    /// The matched probe takes the message out of the queue, so that no other thread can receive it in between.
    func receiveObject<T: Decodable>(_ type: T.Type, source: CInt, tag: CInt) throws -> (object: T, status: Status) {
        try receiveObject(type, of: awaitedMessage(source: source, tag: tag))
    }

    /// Receives and decodes a message that was probed.
    func receiveObject<T: Decodable>(
        _ type: T.Type, of message: ProbedMessage
    ) throws -> (object: T, status: Status) {
        var message = message
        let length = try message.length()
        let object = try receivedObject(type, length: length) { payload in
            let code = try withCount(length, of: Byte.self) { (count, type) in
                MPI_Mrecv(payload.baseAddress, count, type, &message.handle, CMPI_STATUS_IGNORE())
            }
            try check("MPI_Mrecv", code)
        }
        return (object, message.status)
    }
}

// What mpi4py's reductions are made of: messages with their length ahead.
extension Communicator {
    func sendCounted<T: Encodable>(_ object: T, dest: CInt, tag: CInt) throws {
        try withPayload(of: object) { payload in
            let length = try PayloadLengths([payload.count], objectProtocol, "MPI_Send")
            try check("MPI_Send", MPI_Send(length.storage, 1, length.datatype, dest, tag, handle))
            try sendPayload(payload, "MPI_Send") { MPI_Send($0, $1, $2, dest, tag, handle) }
        }
    }

    /// Receives what ``sendCounted(_:dest:tag:)`` sent.
    func receiveCounted<T: Decodable>(_ type: T.Type, source: CInt, tag: CInt) throws -> T {
        var length = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Recv(&length.storage, 1, length.datatype, source, tag, handle, CMPI_STATUS_IGNORE())
        try PayloadLengths.check("MPI_Recv", code)
        _ = try length.received("MPI_Recv")
        return try receiveObject(type, source: source, tag: tag).object
    }

    /// Exchanges objects with another rank that does the same.
    func exchangeCounted<T: Codable>(_ object: T, with partner: CInt, tag: CInt) throws -> T {
        let payload = try serializer.encode(object)
        let mine = try PayloadLengths([payload.count], objectProtocol, "MPI_Sendrecv")
        var theirs = PayloadLengths(count: 1, objectProtocol)
        let code = MPI_Sendrecv(
            mine.storage, 1, mine.datatype, partner, tag, &theirs.storage, 1, theirs.datatype, partner, tag, handle,
            CMPI_STATUS_IGNORE())
        try PayloadLengths.check("MPI_Sendrecv", code)
        let length = try theirs.received("MPI_Sendrecv")[0]
        return try receivedObject(T.self, length: length) { buffer in
            let code = try withCount(payload.count, of: Byte.self) { (sendCount, sendType) throws(MPIError) in
                try withCount(length, of: Byte.self) { (count, type) in
                    MPI_Sendrecv(
                        payload, sendCount, sendType, partner, tag, buffer.baseAddress, count, type, partner, tag,
                        handle, CMPI_STATUS_IGNORE())
                }
            }
            try check("MPI_Sendrecv", code)
        }
    }

    /// Broadcasts a payload: its length, then its bytes.
    func broadcastObject<T: Decodable>(_ type: T.Type, _ payload: [UInt8]?, root: CInt) throws -> T {
        var lengths = PayloadLengths(count: 1, objectProtocol)
        if let payload { lengths = try PayloadLengths([payload.count], objectProtocol, "MPI_Bcast") }
        try PayloadLengths.check("MPI_Bcast", MPI_Bcast(&lengths.storage, 1, lengths.datatype, root, handle))
        let length = try lengths.received("MPI_Bcast")[0]
        return try receivedObject(type, length: length) { buffer in
            if let payload { buffer.copyBytes(from: payload) }
            let code = try withCount(length, of: Byte.self) { (count, type) in
                MPI_Bcast(buffer.baseAddress, count, type, root, handle)
            }
            try check("MPI_Bcast", code)
        }
    }
}
