public import CMPI

extension Communicator {
    /// Sends every rank its part of a buffer and collects a part from every rank, in rank order.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks. All parts, on all ranks, must have the same count.
    ///   - received: Filled with the parts from the ranks; must have as many elements as `whole`.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoall`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoall<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try exchange(whole, &received, parts: (peerCount, peerCount), "MPI_Alltoall") {
            MPI_Alltoall($0, $1, $2, $3, $4, $5, handle)
        }
    }

    /// Exchanges parts with every rank in place: each received part replaces the part sent to that rank; see
    /// ``Alltoall(_:into:)``.
    ///
    /// MPI: `MPI_Alltoall` with `MPI_IN_PLACE`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoall(inPlace whole: inout some ReceiveBuffer & ~Copyable & ~Escapable) throws(MPIError) {
        try inPlace(&whole, parts: peerCount, "MPI_Alltoall") {
            MPI_Alltoall(CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, $1, $2, handle)
        }
    }

    /// Starts the nonblocking form of ``Alltoall(_:into:)``.
    ///
    /// MPI: `MPI_Ialltoall`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole, copy received)
    public final func Ialltoall<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into received: consuming Received
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        var request = CMPI_REQUEST_NULL()
        try exchange(whole, &received, parts: (peerCount, peerCount), "MPI_Ialltoall") {
            MPI_Ialltoall($0, $1, $2, $3, $4, $5, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ialltoall", BufferPair(sent: whole, received: received))
    }

    /// Starts the nonblocking form of ``Alltoall(inPlace:)``.
    ///
    /// MPI: `MPI_Ialltoall` with `MPI_IN_PLACE`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole)
    public final func Ialltoall<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole
    ) throws(MPIError) -> Request<Whole> {
        var request = CMPI_REQUEST_NULL()
        try inPlace(&whole, parts: peerCount, "MPI_Ialltoall") {
            MPI_Ialltoall(CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, $1, $2, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ialltoall", whole)
    }

    /// Shared implementation of the calls that exchange parts of equal size.
    @inlinable
    func exchange<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        parts: (sent: Int, received: Int), _ function: StaticString,
        _ call: (
            UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype
        ) throws(MPIError) -> CInt
    ) throws(MPIError) {
        try requireParts(whole.count, parts.sent, function)
        try requireParts(received.count, parts.received, function)
        if parts.sent > 0 && parts.received > 0 {
            try requireCount(
                received.elementCount / parts.received, whole.elementCount / parts.sent, "each part received", function)
        }
        // A side without parts passes the other side's count: Open MPI 4 takes a count of 0 on either to mean an empty
        // call.
        let code =
            if parts.sent == 0 {
                try received.receiving(inParts: parts.received) { (received, count, type) throws(MPIError) in
                    try whole.withAddress { (whole) throws(MPIError) in
                        try call(whole, count, type, received, count, type)
                    }
                }
            } else {
                try whole.sending(inParts: parts.sent) { (whole, count, type) throws(MPIError) in
                    if parts.received == 0 {
                        return try received.withMutableAddress { (received) throws(MPIError) in
                            try call(whole, count, type, received, count, type)
                        }
                    }
                    return try received.receiving(inParts: parts.received) {
                        (received, receivedCount, receivedType) throws(MPIError) in
                        try call(whole, count, type, received, receivedCount, receivedType)
                    }
                }
            }
        try check(function, code)
    }
}
