public import CMPI

extension Communicator {
    /// Sends every rank a part of a buffer and collects a part from every rank, all of sizes of their own.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks.
    ///   - sendCounts: How many elements each rank gets and where they lie; as even as possible if not given.
    ///   - received: Room for the parts of the ranks.
    ///   - recvCounts: How many elements each rank sends and where they go; as even as possible if not given.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoallv`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, sendCounts: VariableCounts? = nil,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, recvCounts: VariableCounts? = nil
    ) throws(MPIError) {
        let sendCounts = sendCounts ?? .even(whole.count, parts: peerCount)
        let recvCounts = recvCounts ?? .even(received.count, parts: peerCount)
        try exchange(whole, sendCounts, &received, recvCounts, parts: (peerCount, peerCount), "MPI_Alltoallv") {
            MPI_Alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle)
        }
    }

    /// Exchanges parts with every rank, each received in place of the one sent.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks, replaced by theirs.
    ///   - counts: Symmetric: as many elements go to a rank as come from it.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Alltoallv` with `MPI_IN_PLACE`, MPI-3.1 §5.8.
    @inlinable
    public final func Alltoallv(
        inPlace whole: inout some ReceiveBuffer & ~Copyable & ~Escapable, counts: VariableCounts
    ) throws(MPIError) {
        try inPlace(&whole, counts, "MPI_Alltoallv") {
            MPI_Alltoallv(
                CMPI_IN_PLACE(), counts.counts, counts.displacements, CMPI_BYTE(),
                $0, counts.counts, counts.displacements, $2, handle)
        }
    }

    /// Starts as ``Alltoallv(_:sendCounts:into:recvCounts:)``.
    ///
    /// MPI: `MPI_Ialltoallv`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole, copy received)
    public final func Ialltoallv<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendCounts: VariableCounts? = nil,
        into received: consuming Received, recvCounts: VariableCounts? = nil
    ) throws(MPIError) -> Request<Buffers<Whole, Received>> {
        let sendCounts = sendCounts ?? .even(whole.count, parts: peerCount)
        let recvCounts = recvCounts ?? .even(received.count, parts: peerCount)
        var request = CMPI_REQUEST_NULL()
        try exchange(whole, sendCounts, &received, recvCounts, parts: (peerCount, peerCount), "MPI_Ialltoallv") {
            MPI_Ialltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ialltoallv", Buffers(sent: whole, received: received),
            tables: [sendCounts, recvCounts])
    }

    /// Starts as ``Alltoallv(inPlace:counts:)``.
    ///
    /// Open MPI 4.1 mixes up the parts, as it does in C, where they have more than about 4 kB.
    ///
    /// MPI: `MPI_Ialltoallv` with `MPI_IN_PLACE`, MPI-3.1 §5.12.6.
    @inlinable @_lifetime(copy whole)
    public final func Ialltoallv<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, counts: VariableCounts
    ) throws(MPIError) -> Request<Whole> {
        var request = CMPI_REQUEST_NULL()
        try inPlace(&whole, counts, "MPI_Ialltoallv") {
            MPI_Ialltoallv(
                CMPI_IN_PLACE(), counts.counts, counts.displacements, CMPI_BYTE(),
                $0, counts.counts, counts.displacements, $2, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ialltoallv", whole, tables: [counts])
    }

    /// What the calls that exchange parts of different sizes have in common.
    @inlinable
    func exchange<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ sendCounts: VariableCounts,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ recvCounts: VariableCounts,
        parts: (sent: Int, received: Int), _ function: StaticString,
        _ call: (UnsafeRawPointer?, MPI_Datatype, UnsafeMutableRawPointer?, MPI_Datatype) -> CInt
    ) throws(MPIError) {
        try require(sendCounts, in: whole.count, parts.sent, function, mayOverlap: true)
        try require(recvCounts, in: received.count, parts.received, function)
        let (sendType, recvType) = (whole.item.datatype, received.item.datatype)
        let code = try whole.withAddress { (whole) throws(MPIError) in
            try received.withMutableAddress { call(whole, sendType, $0, recvType) }
        }
        try check(function, code)
    }
}
