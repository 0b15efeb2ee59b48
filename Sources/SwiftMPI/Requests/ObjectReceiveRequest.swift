internal import CMPI

/// An object that is expected from another rank, whatever its size.
///
/// It is a receive posted with MPI. It gets its message in MPI's order among uppercase and lowercase receives, probes
/// do not find that message, and the message arrives while this rank is inside any MPI call, a collective one included.
///
/// MPI has to know how long the message may be: up to 2³¹−2 bytes unless ``Communicator/irecv(_:source:tag:upTo:)`` is
/// told otherwise. The room for it is a range of addresses, of which only the pages that the message fills take memory.
/// Where addresses are limited, by `ulimit -v` or `vm.overcommit_memory=2`, there is less room, but at least for 1 MiB.
/// A longer message is an error of the wait.
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.
public struct ObjectReceiveRequest<T: Decodable>: ObjectRequest, ~Copyable {
    private let communicator: Communicator
    private let room: MessageRoom
    private var operation: PendingOperation

    init(_ operation: consuming PendingOperation, into room: consuming MessageRoom, on communicator: Communicator) {
        self.communicator = communicator
        self.room = room
        self.operation = operation
    }

    public mutating func test() throws(MPIError) -> Bool {
        do { return try operation.test() } catch { throw room.explaining(error) }
    }

    /// Waits for the object.
    ///
    /// - Throws: ``MPIError``, of class ``MPIError/Class/truncated`` if there is no room for the object; what decoding throws
    ///   if something else was sent. The message is gone then.
    public consuming func wait() throws -> T { try waitWithStatus().object }

    /// Waits for the object and tells who sent it, with which tag.
    ///
    /// - Throws: As ``wait()``.
    public consuming func waitWithStatus() throws -> (object: T, status: Status) {
        let communicator = communicator
        let status: Status
        do { status = try operation.wait() } catch { throw room.explaining(error) }
        guard let byteCount = status.count(of: Byte.self) else {
            throw MPIError(refused: "MPI_Wait", .other, "the message is not a whole number of bytes")
        }
        return (try room.object(T.self, byteCount: byteCount, of: communicator), status)
    }
}
