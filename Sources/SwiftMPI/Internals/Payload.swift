internal import CMPI

// The bytes of one message. What is a large block of memory already goes from there to there: it is neither copied into
// a message nor out of it.

/// From how many bytes on a block is worth the datatype that describes it, and memory of its own.
let largeBlock = 1 << 16

/// The serialized bytes of an object on their way out, valid during a call.
struct Payload {
    var head: UnsafeRawBufferPointer
    /// What comes after them: the memory of a large value, as it stands.
    var block = UnsafeRawBufferPointer.empty

    var count: Int { head.count + block.count }
}

/// The memory of a message that was received, which an object made of it may keep.
final class ReceivedMemory {
    private let allocation: UnsafeMutableRawBufferPointer
    /// Begins where the contents of a byte string that fills the message are aligned as memory of their own would be.
    let bytes: UnsafeMutableRawBufferPointer

    static let alignment = 16

    init(byteCount: Int) {
        let padding = Self.alignment - 1 - CBORWriter.size(of: UInt64(byteCount))
        allocation = .allocate(byteCount: padding + byteCount, alignment: Self.alignment)
        bytes = UnsafeMutableRawBufferPointer(rebasing: allocation[padding...])
    }

    deinit { allocation.deallocate() }
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
