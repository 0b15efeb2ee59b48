internal import CMPI

/// A pending send of an object, which owns the serialized bytes.
///
/// Wait for the request, or leave it to the library with ``detach()``.
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.
public struct ObjectSendRequest: ObjectRequest, ~Copyable {
    /// The condition for completing a send (MPI-3.1 §3.4).
    enum Mode {
        case standard
        /// Completes once the bytes are in the attached buffer.
        case buffered
        /// Completes only after the receive has started.
        case synchronous
    }

    private var request: Request<[UInt8]>

    /// Starts to send serialized bytes.
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

    /// Leaves the send to the library, for programs that do not need to know when it completes.
    ///
    /// The library keeps the bytes until then. At the end of the program, a rank waits for its detached sends for at
    /// most 10 s. If some have not been received by then, it prints a line that says so and leaves them to
    /// `MPI_Finalize`, which delivers those that are received later. A long message that is never received is an error
    /// in any MPI program: Open MPI 4 still ends the job, but MPICH 4.0 may wait forever.
    ///
    /// - Throws: ``MPIError`` if the send has already failed. Later failures are not reported.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    public consuming func detach() throws(MPIError) {
        if try request.test() { return try wait() }
        let bytes = request.buffer
        try DetachedSends.keep(request.operation.take(), bytes)
    }
}
