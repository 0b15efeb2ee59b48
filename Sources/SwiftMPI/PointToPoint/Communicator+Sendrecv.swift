public import CMPI

extension Communicator {
    /// Sends one buffer and receives another, without the deadlock of two ranks that both send first.
    ///
    /// - Parameters:
    ///   - buffer: The elements to send.
    ///   - dest: The rank to send to, or ``MPI/procNull``.
    ///   - sendTag: The tag of the sent message.
    ///   - received: Filled with the received message.
    ///   - source: The rank to receive from, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - recvTag: The tag of the received message, or ``MPI/anyTag``.
    /// - Returns: The source, tag and length of the received message.
    /// - Throws: ``MPIError`` as ``Send(_:dest:tag:)`` and ``Recv(into:source:tag:)`` do.
    ///
    /// MPI: `MPI_Sendrecv`, MPI-3.1 §3.10.
    @inlinable @discardableResult
    public final func Sendrecv<
        Sent: SendBuffer & ~Copyable & ~Escapable, Received: ReceiveBuffer & ~Copyable & ~Escapable
    >(
        _ buffer: borrowing Sent, dest: Int, sendTag: Int = 0,
        into received: inout Received, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws(MPIError) -> Status {
        let dest = try cDestination(dest, "MPI_Sendrecv")
        let sendTag = try cTag(sendTag, "MPI_Sendrecv")
        let source = try cSource(source, "MPI_Sendrecv")
        let recvTag = try cTagOrAny(recvTag, "MPI_Sendrecv")
        if dest == source && Int(dest) == rank {
            // A message to this rank that is too long is refused before it is sent, and the buffer keeps its contents.
            // If the element types differ, MPI is asked for the sizes: a struct's size is not its stride.
            let isTooLong =
                Sent.Element.self == Received.Element.self
                ? buffer.elementCount > received.elementCount : buffer.byteCount > received.byteCount
            if isTooLong { throw truncated(buffer.byteCount, received.byteCount, "MPI_Sendrecv") }
        }
        var status = Status()
        let code = try buffer.sending { (sent, sendCount, sendType) throws(MPIError) in
            let dest = try remaining(dest, sent, sendCount, sendType, sendTag, "MPI_Sendrecv")
            return try received.receiving { (room, recvCount, recvType) in
                MPI_Sendrecv(
                    sent, sendCount, sendType, dest, sendTag, room, recvCount, recvType, source, recvTag, handle,
                    &status.raw)
            }
        }
        try check("MPI_Sendrecv", code, room: received.byteCount)
        return status
    }

    /// Sends one part of a buffer and receives another part of the same buffer.
    ///
    /// - Parameters:
    ///   - parts: The part to send and the part to receive into.
    ///   - buffer: The whole buffer; nothing is copied out of it.
    ///   - dest: The rank to send to, or ``MPI/procNull``.
    ///   - sendTag: The tag of the sent message.
    ///   - source: The rank to receive from, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - recvTag: The tag of the received message, or ``MPI/anyTag``.
    /// - Returns: The source, tag and length of the received message.
    /// - Throws: ``MPIError`` as ``Send(_:dest:tag:)`` and ``Recv(into:source:tag:)`` do, and if the buffer is too
    ///   small for the parts.
    ///
    /// MPI: `MPI_Sendrecv`, MPI-3.1 §3.10.
    @inlinable @discardableResult
    public final func Sendrecv<Element: MPIDatatype>(
        _ parts: PartExchange<Element>, in buffer: inout some ReceiveBuffer<Element> & ~Copyable & ~Escapable,
        dest: Int, sendTag: Int = 0, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws(MPIError) -> Status {
        let dest = try cDestination(dest, "MPI_Sendrecv")
        let sendTag = try cTag(sendTag, "MPI_Sendrecv")
        let source = try cSource(source, "MPI_Sendrecv")
        let recvTag = try cTagOrAny(recvTag, "MPI_Sendrecv")
        try parts.require(inside: buffer, "MPI_Sendrecv")
        let (sent, received) = (parts.sent, parts.received)
        let stride = MemoryLayout<Element>.stride
        if dest == source && Int(dest) == rank && sent.elementCount > received.elementCount {
            throw truncated(sent.elementCount * stride, received.elementCount * stride, "MPI_Sendrecv")
        }
        var status = Status()
        let code = try buffer.withMutableAddress { (address) throws(MPIError) in
            try withCount(sent.count, of: sent.layout.item) { (sendCount, sendType) throws(MPIError) in
                let first = address.map { UnsafeRawPointer($0 + sent.start * stride) }
                let dest = try remaining(dest, first, sendCount, sendType, sendTag, "MPI_Sendrecv")
                return try withCount(received.count, of: received.layout.item) { (recvCount, recvType) in
                    MPI_Sendrecv(
                        first, sendCount, sendType, dest, sendTag,
                        address?.advanced(by: received.start * stride), recvCount, recvType, source, recvTag, handle,
                        &status.raw)
                }
            }
        }
        try check("MPI_Sendrecv", code, room: received.elementCount * stride)
        return status
    }

    /// Sends a buffer and replaces its contents with a received message of the same size.
    ///
    /// - Parameters:
    ///   - buffer: Sent, then filled with the received message.
    ///   - dest: The rank to send to, or ``MPI/procNull``.
    ///   - sendTag: The tag of the sent message.
    ///   - source: The rank to receive from, ``MPI/procNull`` or ``MPI/anySource``.
    ///   - recvTag: The tag of the received message, or ``MPI/anyTag``.
    /// - Returns: The source, tag and length of the received message.
    /// - Throws: ``MPIError`` as ``Send(_:dest:tag:)`` and ``Recv(into:source:tag:)`` do.
    ///
    /// MPI: `MPI_Sendrecv_replace`, MPI-3.1 §3.10.
    @inlinable @discardableResult
    public final func Sendrecv_replace<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        _ buffer: inout Buffer, dest: Int, sendTag: Int = 0, source: Int = MPI.anySource, recvTag: Int = MPI.anyTag
    ) throws(MPIError) -> Status {
        let dest = try cDestination(dest, "MPI_Sendrecv_replace")
        let sendTag = try cTag(sendTag, "MPI_Sendrecv_replace")
        let source = try cSource(source, "MPI_Sendrecv_replace")
        let recvTag = try cTagOrAny(recvTag, "MPI_Sendrecv_replace")
        var status = Status()
        let code = try buffer.receiving { (address, count, type) throws(MPIError) in
            let dest = try remaining(dest, address, count, type, sendTag, "MPI_Sendrecv_replace")
            return MPI_Sendrecv_replace(address, count, type, dest, sendTag, source, recvTag, handle, &status.raw)
        }
        try check("MPI_Sendrecv_replace", code)
        return status
    }
}
