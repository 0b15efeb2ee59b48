public import CMPI

extension Communicator {
    /// Starts to send a buffer.
    ///
    /// - Parameters:
    ///   - buffer: The elements to send: an array, which the request then owns, or a span.
    ///   - dest: A rank of this communicator, or ``MPI/procNull``.
    ///   - tag: A tag that the receiver can match; 0 or more.
    /// - Returns: A request that you must wait for.
    /// - Throws: ``MPIError`` as ``Send(_:dest:tag:)`` does.
    ///
    /// MPI: `MPI_Isend`, MPI-3.1 §3.7.2.
    @inlinable @_lifetime(copy buffer)
    public final func Isend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOnUncut(buffer, dest, tag, "MPI_Isend") { MPI_Isend($0, $1, $2, $3, $4, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Isend", buffer)
    }

    /// Starts a synchronous send, which completes only after its receive has started; see ``Isend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Issend`, MPI-3.1 §3.7.2.
    @inlinable @_lifetime(copy buffer)
    public final func Issend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOn(buffer, dest, tag, "MPI_Issend") { MPI_Issend($0, $1, $2, $3, $4, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Issend", buffer)
    }

    /// Starts a ready send, whose receive must already be posted; see ``Rsend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Irsend`, MPI-3.1 §3.7.2.
    @inlinable @_lifetime(copy buffer)
    public final func Irsend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try passOnUncut(buffer, dest, tag, "MPI_Irsend") { MPI_Irsend($0, $1, $2, $3, $4, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Irsend", buffer)
    }

    /// Starts a buffered send, which copies the buffer; see ``Bsend(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Ibsend`, MPI-3.1 §3.7.2.
    @inlinable @_lifetime(copy buffer)
    public final func Ibsend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try requireAttachedBuffer("MPI_Ibsend")
        try passOnUncut(buffer, dest, tag, "MPI_Ibsend") { MPI_Ibsend($0, $1, $2, $3, $4, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Ibsend", buffer)
    }

    /// Starts to receive a message.
    ///
    /// - Parameters:
    ///   - buffer: The buffer for the message: an array, which the request then owns, or a mutable span.
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Returns: A request that you must wait for.
    /// - Throws: ``MPIError``. If the message is too long for the buffer, the wait throws.
    ///
    /// MPI: `MPI_Irecv`, MPI-3.1 §3.7.2.
    @inlinable @_lifetime(copy buffer)
    public final func Irecv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        into buffer: consuming Buffer, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws(MPIError) -> Request<Buffer> {
        let source = try cSource(source, "MPI_Irecv")
        let tag = try cTagOrAny(tag, "MPI_Irecv")
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Irecv($0, $1, $2, source, tag, handle, &request) }
        try check("MPI_Irecv", code)
        return Request(unwrapped(request), self, "MPI_Irecv", buffer)
    }
}
