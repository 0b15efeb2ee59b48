internal import CMPI

/// A pending receive of an object of any size from another rank.
///
/// The receive is posted with MPI. It matches messages in MPI's order, together with uppercase and lowercase receives.
/// Probes do not find its message. The message arrives while this rank is inside any MPI call, including a collective
/// one.
///
/// MPI must know the maximum length of the message, which is 2³¹−2 bytes unless you pass another value to
/// ``Communicator/irecv(_:source:tag:upTo:)``. The buffer for the message is reserved address space; only the pages
/// that the message fills use memory. If address space is limited by `ulimit -v` or `vm.overcommit_memory=2`, the
/// buffer is smaller, but at least 1 MiB. If a message is too long for the buffer, the wait throws.
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
    /// - Throws: ``MPIError``, of class ``MPIError/Class/truncated`` if the object is too long for the buffer; a
    ///   decoding error if the message contains something else. In both cases the message is lost.
    public consuming func wait() throws -> T { try waitWithStatus().object }

    /// Waits for the object and returns it with the source and tag of its message.
    ///
    /// - Throws: The same errors as ``wait()``.
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
