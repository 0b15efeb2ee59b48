/// An object that is expected from another rank, whatever its size.
///
/// Receives that match the same messages get them in the order in which they were posted, as in MPI. Unlike a receive
/// posted with MPI, one whose size is not known only moves on while this rank is inside `wait()`, `test()`, `send`,
/// `recv`, `sendrecv` or a probe of the same communicator. A peer that needs it to go on, as in a large or synchronous
/// send, waits until then, also while this rank is in a collective.
///
/// MPI: `MPI_Improbe` or `MPI_Mprobe`, then `MPI_Imrecv`, MPI-3.1 §3.8.
public struct ObjectReceiveRequest<T: Decodable>: ObjectRequest, ~Copyable {
    private let communicator: Communicator
    private let receive: PostedReceive
    private var isComplete = false

    init(_ receive: PostedReceive, on communicator: Communicator) {
        self.receive = receive
        self.communicator = communicator
    }

    public mutating func test() throws(MPIError) -> Bool {
        if isComplete { return true }
        try communicator.deliverMessages()
        if receive.hasMessage { isComplete = try receive.testBytes() }
        return isComplete
    }

    /// Waits for the object.
    ///
    /// - Throws: ``MPIError``; what decoding throws if something else was sent. The message is gone then.
    public consuming func wait() throws -> T { try waitWithStatus().object }

    /// Waits for the object and tells who sent it, with which tag.
    ///
    /// - Throws: As ``wait()``.
    public consuming func waitWithStatus() throws -> (object: T, status: Status) {
        // From here on there is nothing left to wait for, also where something fails.
        isComplete = true
        try communicator.waitForMessage(of: receive)
        try receive.waitForBytes()
        return (try communicator.object(T.self, in: receive.payload!), receive.status)
    }

    deinit {
        if !isComplete { endJob(dropped: "an irecv", "wait for it") }
    }
}
