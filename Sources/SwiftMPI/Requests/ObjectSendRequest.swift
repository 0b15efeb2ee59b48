internal import CMPI

/// An object on its way to another rank; it owns the serialized bytes.
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.
public struct ObjectSendRequest: ObjectRequest, ~Copyable {
    /// When a send is complete (MPI-3.1 §3.4).
    enum Mode {
        case standard
        /// Once the bytes are in the attached buffer.
        case buffered
        /// Not before the receive has begun.
        case synchronous
    }

    private let communicator: Communicator
    private var request: Request<[UInt8]>

    /// Starts to send a payload.
    init(
        _ payload: consuming [UInt8], on communicator: Communicator, dest: CInt, tag: CInt, _ mode: Mode,
        _ function: StaticString
    ) throws(MPIError) {
        var request = CMPI_REQUEST_NULL()
        let handle = communicator.handle
        try payload.withUnsafeBufferPointer { (bytes) throws(MPIError) in
            try communicator.sendPayload(Payload(head: UnsafeRawBufferPointer(bytes)), function) { bytes, count, type in
                switch mode {
                case .standard: MPI_Isend(bytes, count, type, dest, tag, handle, &request)
                case .buffered: MPI_Ibsend(bytes, count, type, dest, tag, handle, &request)
                case .synchronous: MPI_Issend(bytes, count, type, dest, tag, handle, &request)
                }
            }
        }
        self.communicator = communicator
        self.request = Request(unwrapped(request), communicator, function, payload, called: "an isend")
    }

    public mutating func test() throws(MPIError) -> Bool {
        if request.isComplete { return true }
        try communicator.deliverMessages()
        return try request.test()
    }

    public consuming func wait() throws(MPIError) {
        // The peer may not receive before this rank has received what it posted a receive for.
        if !communicator.postedReceives.isEmpty {
            while try !test() { yieldProcessor() }
        }
        _ = try request.wait()
    }
}
