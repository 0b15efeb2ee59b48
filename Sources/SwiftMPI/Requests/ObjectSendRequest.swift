internal import CMPI

/// An object on its way to another rank; it owns the serialized bytes.
///
/// Wait for it, or leave it to the library with ``detach()``.
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
        self.request = Request(unwrapped(request), communicator, function, payload, kind: .isend)
    }

    public mutating func test() throws(MPIError) -> Bool { try request.test() }

    public consuming func wait() throws(MPIError) { _ = try request.wait() }

    /// Leaves the send to the library, where the program does not want to know when it is complete.
    ///
    /// The library keeps the bytes until then. At the end of the program a rank waits for its detached sends, 10 s at
    /// most; if some are not received by then, it says so in a line and leaves them to `MPI_Finalize`, which delivers
    /// those that are received later. A long message that nobody ever receives is a mistake in any MPI program:
    /// Open MPI 4 ends the job nevertheless, MPICH 4.0 may wait forever.
    ///
    /// - Throws: ``MPIError`` if the send has failed already; later failures are not told.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    public consuming func detach() throws(MPIError) {
        if try request.test() { return try wait() }
        let bytes = request.buffer
        try DetachedSends.keep(request.operation.take(), bytes)
    }
}
