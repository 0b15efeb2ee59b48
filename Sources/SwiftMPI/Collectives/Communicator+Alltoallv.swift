public import CMPI

extension Communicator {
    /// Sends every rank a part of a buffer and collects a part from every rank; each part has its own size.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks.
    ///   - sendCounts: The number of elements that each rank receives, and where they begin; an even split by default.
    ///   - received: Filled with the parts from the ranks.
    ///   - recvCounts: The number of elements that each rank sends, and where they are stored; an even split by
    ///     default.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoallv`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        sendCounts: some PartCounts = VariableCounts?.none,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        recvCounts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let (sendCounts, recvCounts) = VariableCounts.alike(
            sendCounts.variableCounts ?? .even(whole.count, parts: peerCount),
            recvCounts.variableCounts ?? .even(received.count, parts: peerCount))
        try exchange(whole, sendCounts, &received, recvCounts, parts: (peerCount, peerCount), "MPI_Alltoallv") {
            MPI_Alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle)
        } large: {
            CMPI_Alltoallv_c(
                $0, $4.counts, $4.displacements, $1, $2, $5.counts, $5.displacements, $3, handle)
        }
    }

    /// Exchanges parts with every rank in place: each received part replaces the part sent to that rank.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks, replaced by the parts from the ranks.
    ///   - counts: Symmetric: a rank receives as many elements as it sends to this rank.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoallv` with `MPI_IN_PLACE`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallv(
        inPlace whole: inout some ReceiveBuffer & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let counts = counts.variableCounts ?? .even(whole.count, parts: peerCount)
        try inPlace(&whole, counts, "MPI_Alltoallv") {
            MPI_Alltoallv(
                CMPI_IN_PLACE(), counts.counts, counts.displacements, CMPI_BYTE(),
                $0, counts.counts, counts.displacements, $2, handle)
        } large: {
            CMPI_Alltoallv_c(
                CMPI_IN_PLACE(), $2.counts, $2.displacements, $1, $0, $2.counts, $2.displacements, $1, handle)
        }
    }

    /// Starts the nonblocking form of ``Alltoallv(_:sendCounts:into:recvCounts:)``.
    ///
    /// MPI: `MPI_Ialltoallv`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole, copy received)
    public final func Ialltoallv<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendCounts: some PartCounts = VariableCounts?.none,
        into received: consuming Received, recvCounts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        let (sendCounts, recvCounts) = VariableCounts.alike(
            sendCounts.variableCounts ?? .even(whole.count, parts: peerCount),
            recvCounts.variableCounts ?? .even(received.count, parts: peerCount))
        var request = CMPI_REQUEST_NULL()
        try exchange(whole, sendCounts, &received, recvCounts, parts: (peerCount, peerCount), "MPI_Ialltoallv") {
            MPI_Ialltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle, &request)
        } large: {
            CMPI_Ialltoallv_c(
                $0, $4.counts, $4.displacements, $1, $2, $5.counts, $5.displacements, $3, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ialltoallv", BufferPair(sent: whole, received: received),
            keeping: sendCounts, recvCounts)
    }

    /// Starts the nonblocking form of ``Alltoallv(inPlace:counts:)``.
    ///
    /// Sends from a copy of the buffer, which takes up as much memory as the buffer until the request completes.
    ///
    /// MPI: `MPI_Ialltoallv`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole)
    public final func Ialltoallv<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<Whole> {
        let counts = counts.variableCounts ?? .even(whole.count, parts: peerCount)
        let (count, item) = (whole.count, whole.item)
        var copy: BufferCopy?
        var request = CMPI_REQUEST_NULL()
        try inPlace(&whole, counts, "MPI_Ialltoallv") {
            let sent = BufferCopy(of: $0, items: -counts.base..<count - counts.base, item, Whole.Element.self)
            copy = sent
            return MPI_Ialltoallv(
                sent.address, counts.counts, counts.displacements, $2,
                $0, counts.counts, counts.displacements, $2, handle, &request)
        } large: {
            let sent = BufferCopy(of: $0, items: 0..<count, item, Whole.Element.self)
            copy = sent
            return CMPI_Ialltoallv_c(
                sent.address, $2.counts, $2.displacements, $1, $0, $2.counts, $2.displacements, $1, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ialltoallv", whole, keeping: counts, copy)
    }

    /// Shared implementation of the calls that exchange parts of different sizes.
    ///
    /// - Parameters:
    ///   - sendCounts: Exceeds C ints if `recvCounts` does.
    ///   - large: The call for tables that exceed C ints.
    @inlinable
    func exchange<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ sendCounts: VariableCounts,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ recvCounts: VariableCounts,
        parts: (sent: Int, received: Int), _ function: StaticString,
        _ call: (UnsafeRawPointer?, MPI_Datatype, UnsafeMutableRawPointer?, MPI_Datatype) -> CInt,
        large: (
            UnsafeRawPointer?, MPI_Datatype, UnsafeMutableRawPointer?, MPI_Datatype,
            VariableCounts.Large, VariableCounts.Large
        ) -> CInt
    ) throws(MPIError) {
        try require(sendCounts, in: whole.count, parts.sent, function, mayOverlap: true)
        try require(recvCounts, in: received.count, parts.received, function)
        if sendCounts.large != nil { try requireLargeCounts(function) }
        let (sendItem, recvItem) = (whole.item, received.item)
        let code = try whole.withAddress { (whole) throws(MPIError) in
            try received.withMutableAddress { (received) throws(MPIError) in
                if let sent = sendCounts.large, let room = recvCounts.large {
                    return large(whole, sendItem.datatype, received, recvItem.datatype, sent, room)
                }
                let whole = whole?.advanced(by: sendCounts.base * sendItem.extent)
                let received = received?.advanced(by: recvCounts.base * recvItem.extent)
                if whole == UnsafeRawPointer(received), recvCounts.isEmpty {
                    return call(whole, sendItem.datatype, otherAddress, recvItem.datatype)
                }
                return call(whole, sendItem.datatype, received, recvItem.datatype)
            }
        }
        try check(function, code)
    }
}

/// An address for an empty buffer that differs from the address of the other buffer in the call.
///
/// Two empty arrays have the same address, and MPICH 4 treats two buffers at one address with one table of counts as a
/// single buffer.
@usableFromInline nonisolated(unsafe) let otherAddress = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
