public import CMPI

extension Communicator {
    /// Sends every rank a part of a buffer and collects a part from every rank; each part has its own layout.
    ///
    /// - Parameters:
    ///   - whole: A buffer with the parts for the ranks.
    ///   - sendLayouts: The elements that each rank receives.
    ///   - received: Filled with the parts from the ranks.
    ///   - recvLayouts: Where the elements from each rank are stored. A rank must send exactly as many elements as are
    ///     received from it.
    /// - Throws: ``MPIError`` if a part lies outside its buffer or two parts are received into the same place.
    ///
    /// MPI: `MPI_Alltoallw`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallw<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, sendLayouts: VariableLayouts<T>,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, recvLayouts: VariableLayouts<T>
    ) throws(MPIError) {
        try exchange(whole, sendLayouts, &received, recvLayouts, parts: (peerCount, peerCount), "MPI_Alltoallw") {
            MPI_Alltoallw(
                $0, sendLayouts.counts, sendLayouts.displacements, sendLayouts.types,
                $1, recvLayouts.counts, recvLayouts.displacements, recvLayouts.types, handle)
        }
    }

    /// Exchanges parts with every rank in place: each received part replaces the part sent to that rank.
    ///
    /// - Parameters:
    ///   - whole: A buffer with the parts for the ranks, replaced by the parts from the ranks.
    ///   - layouts: Symmetric: a rank receives as many elements as it sends to this rank.
    /// - Throws: ``MPIError`` as ``Alltoallw(_:sendLayouts:into:recvLayouts:)`` does.
    ///
    /// MPI: `MPI_Alltoallw` with `MPI_IN_PLACE`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallw<T: MPIDatatype>(
        inPlace whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, layouts: VariableLayouts<T>
    ) throws(MPIError) {
        try layouts.require(peerCount, in: whole, "MPI_Alltoallw")
        let code = try whole.withMutableAddress {
            MPI_Alltoallw(
                CMPI_IN_PLACE(), nil, nil, nil, $0, layouts.counts, layouts.displacements, layouts.types, handle)
        }
        try check("MPI_Alltoallw", code)
    }

    /// Starts the nonblocking form of ``Alltoallw(_:sendLayouts:into:recvLayouts:)``.
    ///
    /// MPI: `MPI_Ialltoallw`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole, copy received)
    public final func Ialltoallw<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendLayouts: VariableLayouts<T>,
        into received: consuming Received, recvLayouts: VariableLayouts<T>
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        var request = CMPI_REQUEST_NULL()
        try exchange(whole, sendLayouts, &received, recvLayouts, parts: (peerCount, peerCount), "MPI_Ialltoallw") {
            MPI_Ialltoallw(
                $0, sendLayouts.counts, sendLayouts.displacements, sendLayouts.types,
                $1, recvLayouts.counts, recvLayouts.displacements, recvLayouts.types, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ialltoallw", BufferPair(sent: whole, received: received),
            keeping: sendLayouts, recvLayouts)
    }

    /// Starts the nonblocking form of ``Alltoallw(inPlace:layouts:)``.
    ///
    /// Sends from a copy of the buffer, which takes up as much memory as the buffer until the request completes.
    ///
    /// MPI: `MPI_Ialltoallw`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole)
    public final func Ialltoallw<T: MPIDatatype, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, layouts: VariableLayouts<T>
    ) throws(MPIError) -> Request<Whole> {
        try layouts.require(peerCount, in: whole, "MPI_Ialltoallw")
        let (count, item) = (whole.count, whole.item)
        var copy: BufferCopy?
        var request = CMPI_REQUEST_NULL()
        let code = try whole.withMutableAddress {
            let sent = BufferCopy(of: $0, items: 0..<count, item, T.self)
            copy = sent
            return MPI_Ialltoallw(
                sent.address, layouts.counts, layouts.displacements, layouts.types,
                $0, layouts.counts, layouts.displacements, layouts.types, handle, &request)
        }
        try check("MPI_Ialltoallw", code)
        return Request(unwrapped(request), self, "MPI_Ialltoallw", whole, keeping: layouts, copy)
    }

    /// Shared implementation of the calls that exchange parts with different layouts.
    @inlinable
    func exchange<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ sendLayouts: VariableLayouts<T>,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ recvLayouts: VariableLayouts<T>,
        parts: (sent: Int, received: Int), _ function: StaticString,
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) {
        try sendLayouts.require(parts.sent, in: whole, function, mayOverlap: true)
        try recvLayouts.require(parts.received, in: received, function)
        let code = try whole.withAddress { (whole) throws(MPIError) in
            try received.withMutableAddress { (received) throws(MPIError) in
                let isAliased = whole == UnsafeRawPointer(received) && recvLayouts.isEmpty
                return try call(whole, isAliased ? otherAddress : received)
            }
        }
        try check(function, code)
    }
}
