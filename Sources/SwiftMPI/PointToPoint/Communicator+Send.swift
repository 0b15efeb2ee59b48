// Point-to-point communication (MPI-3.1 chapter 3), typed buffers.

public import CMPI

extension Communicator {
    /// Sends a buffer to a rank; returns when the buffer can be reused.
    ///
    /// - Parameters:
    ///   - buffer: Any number of elements, including none and more than 2³¹−1.
    ///   - dest: A rank of this communicator, or ``MPI/procNull``.
    ///   - tag: A number by which the receiver selects messages; 0 or more.
    /// - Throws: ``MPIError`` for a rank or tag out of range, and for errors that MPI reports.
    ///
    /// MPI: `MPI_Send`, MPI-3.1 §3.2.1.
    @inlinable
    public final func Send<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) {
        try passOnUncut(buffer, dest, tag, "MPI_Send") { MPI_Send($0, $1, $2, $3, $4, handle) }
    }

    /// Sends a buffer; returns only after the matching receive has started; see ``Send(_:dest:tag:)``.
    ///
    /// MPI: `MPI_Ssend`, MPI-3.1 §3.4.
    @inlinable
    public final func Ssend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) {
        try passOn(buffer, dest, tag, "MPI_Ssend") { MPI_Ssend($0, $1, $2, $3, $4, handle) }
    }

    /// Sends a buffer whose receive has already been posted; the outcome is undefined if it has not.
    ///
    /// MPI: `MPI_Rsend`, MPI-3.1 §3.4. See ``Send(_:dest:tag:)``.
    @inlinable
    public final func Rsend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) {
        try passOnUncut(buffer, dest, tag, "MPI_Rsend") { MPI_Rsend($0, $1, $2, $3, $4, handle) }
    }

    /// Sends a buffer by copying it, and returns immediately; see ``Send(_:dest:tag:)``.
    ///
    /// - Throws: ``MPIError`` if no buffer is attached by ``MPI/withAttachedBuffer(byteCount:_:)``, or the attached
    ///   buffer is full.
    ///
    /// MPI: `MPI_Bsend`, MPI-3.1 §3.4.
    @inlinable
    public final func Bsend<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, dest: Int, tag: Int = 0
    ) throws(MPIError) {
        try requireAttachedBuffer("MPI_Bsend")
        try passOnUncut(buffer, dest, tag, "MPI_Bsend") { MPI_Bsend($0, $1, $2, $3, $4, handle) }
    }

    /// Receives a message into a buffer.
    ///
    /// - Parameters:
    ///   - buffer: Filled with the message. A shorter message fills only the beginning.
    ///   - source: A rank of this communicator, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Returns: The source, tag and length of the message.
    /// - Throws: ``MPIError``, of class ``MPIError/Class/truncated`` if the message is longer than the buffer.
    ///
    /// MPI: `MPI_Recv`, MPI-3.1 §3.2.4.
    @inlinable @discardableResult
    public final func Recv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        into buffer: inout Buffer, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws(MPIError) -> Status {
        let source = try cSource(source, "MPI_Recv")
        let tag = try cTagOrAny(tag, "MPI_Recv")
        var status = Status()
        let code = try buffer.receiving { MPI_Recv($0, $1, $2, source, tag, handle, &status.raw) }
        try check("MPI_Recv", code, room: buffer.byteCount)
        return status
    }

    /// Receives a message into a new array.
    ///
    /// - Parameters:
    ///   - type: The type of the elements.
    ///   - count: The maximum number of elements in the message.
    ///   - source: A rank of this communicator, or ``MPI/anySource``.
    ///   - tag: The tag of the message, or ``MPI/anyTag``.
    /// - Returns: The elements of the message.
    /// - Throws: ``MPIError`` as ``Recv(into:source:tag:)`` does, and if the message ends in the middle of an element.
    ///
    /// MPI: `MPI_Recv`, MPI-3.1 §3.2.4.
    @inlinable
    public final func Recv<T: MPIDatatype>(
        _ type: T.Type = T.self, count: Int, source: Int = MPI.anySource, tag: Int = MPI.anyTag
    ) throws(MPIError) -> [T] {
        if count < 0 { throw MPIError(refused: "MPI_Recv", .count, "\(count) is no count") }
        var elements = [T](zeros: count)
        let status = try Recv(into: &elements, source: source, tag: tag)
        guard let received = status.count(of: T.self) else {
            throw MPIError(refused: "MPI_Recv", .truncated, "the message ends inside an element of \(T.self)")
        }
        elements.removeLast(count - received)
        return elements
    }

    /// Checks the arguments of a send and converts them to C.
    @inlinable
    func passOn<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, _ dest: Int, _ tag: Int, _ function: StaticString,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, CInt, CInt) throws(MPIError) -> CInt
    ) throws(MPIError) {
        let dest = try cDestination(dest, function)
        let tag = try cTag(tag, function)
        let code = try buffer.sending { (address, count, type) throws(MPIError) in
            try call(address, count, type, dest, tag)
        }
        try check(function, code)
    }

    /// Does the same as `passOn`, and makes sure that a message that is too long for its receive is reported. Used for
    /// all modes except synchronous mode, in which the library itself reports such messages.
    @inlinable
    func passOnUncut<Buffer: SendBuffer & ~Copyable & ~Escapable>(
        _ buffer: borrowing Buffer, _ dest: Int, _ tag: Int, _ function: StaticString,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, CInt, CInt) -> CInt
    ) throws(MPIError) {
        try passOn(buffer, dest, tag, function) { (address, count, type, dest, tag) throws(MPIError) in
            call(address, count, type, try remaining(dest, address, count, type, tag, function), tag)
        }
    }
}
