public import CMPI

// Neighbourhood collectives (MPI-3.1 §7.6): every rank exchanges with its neighbours in the topology only. Parts lie in
// the order of ``TopologyCommunicator/neighbours``; those of ``MPI/procNull``, beyond the edge of a grid, stay as they are.
extension TopologyCommunicator {
    /// Sends a buffer to every neighbour and collects theirs.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; of the same count on neighbouring ranks.
    ///   - whole: Room for a part of each rank this one hears from.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_allgather`, MPI-3.1 §7.6.1.
    @inlinable
    public func Neighbor_allgather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try gather(part, &whole, "MPI_Neighbor_allgather", parts: neighbourCounts.in) {
            MPI_Neighbor_allgather($0, $1, $2, $3, $4, $5, handle)
        }
    }

    /// Starts as ``Neighbor_allgather(_:into:)``.
    ///
    /// MPI: `MPI_Ineighbor_allgather`, MPI-3.1 §7.7.1.
    @inlinable @_lifetime(copy part, copy whole)
    public func Ineighbor_allgather<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole
    ) throws(MPIError) -> Request<Buffers<Part, Whole>> {
        var request = CMPI_REQUEST_NULL()
        try gather(part, &whole, "MPI_Ineighbor_allgather", parts: neighbourCounts.in) {
            MPI_Ineighbor_allgather($0, $1, $2, $3, $4, $5, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_allgather", Buffers(sent: part, received: whole))
    }

    /// Sends a buffer to every neighbour and collects theirs, of sizes of their own.
    ///
    /// - Parameters:
    ///   - part: This rank's elements.
    ///   - whole: Room for the parts of the ranks this one hears from.
    ///   - counts: How many elements each of them sends and where they go; as even as possible if not given.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_allgatherv`, MPI-3.1 §7.6.1.
    @inlinable
    public func Neighbor_allgatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, counts: VariableCounts? = nil
    ) throws(MPIError) {
        let counts = counts ?? .even(whole.count, parts: neighbourCounts.in)
        try gatherv(part, &whole, counts, "MPI_Neighbor_allgatherv", neighbours: neighbourCounts.in) {
            MPI_Neighbor_allgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle)
        }
    }

    /// Starts as ``Neighbor_allgatherv(_:into:counts:)``.
    ///
    /// MPI: `MPI_Ineighbor_allgatherv`, MPI-3.1 §7.7.1.
    @inlinable @_lifetime(copy part, copy whole)
    public func Ineighbor_allgatherv<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole, counts: VariableCounts? = nil
    ) throws(MPIError) -> Request<Buffers<Part, Whole>> {
        let counts = counts ?? .even(whole.count, parts: neighbourCounts.in)
        var request = CMPI_REQUEST_NULL()
        try gatherv(part, &whole, counts, "MPI_Ineighbor_allgatherv", neighbours: neighbourCounts.in) {
            MPI_Ineighbor_allgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_allgatherv", Buffers(sent: part, received: whole), tables: [counts]
        )
    }

    /// Sends every neighbour its part of a buffer and collects a part from every neighbour.
    ///
    /// - Parameters:
    ///   - whole: A part for each rank this one sends to; all of the same count, also on the neighbours.
    ///   - received: Room for a part of each rank this one hears from.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_alltoall`, MPI-3.1 §7.6.2.
    @inlinable
    public func Neighbor_alltoall<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try exchange(whole, &received, parts: (neighbourCounts.out, neighbourCounts.in), "MPI_Neighbor_alltoall") {
            MPI_Neighbor_alltoall($0, $1, $2, $3, $4, $5, handle)
        }
    }

    /// Starts as ``Neighbor_alltoall(_:into:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoall`, MPI-3.1 §7.7.2.
    @inlinable @_lifetime(copy whole, copy received)
    public func Ineighbor_alltoall<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into received: consuming Received
    ) throws(MPIError) -> Request<Buffers<Whole, Received>> {
        var request = CMPI_REQUEST_NULL()
        try exchange(whole, &received, parts: (neighbourCounts.out, neighbourCounts.in), "MPI_Ineighbor_alltoall") {
            MPI_Ineighbor_alltoall($0, $1, $2, $3, $4, $5, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoall", Buffers(sent: whole, received: received))
    }

    /// Sends every neighbour a part of a buffer and collects a part from every neighbour, all of sizes of their own.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks this one sends to.
    ///   - sendCounts: How many elements each of them gets and where they lie; as even as possible if not given.
    ///   - received: Room for the parts of the ranks this one hears from.
    ///   - recvCounts: How many elements each of them sends and where they go; as even as possible if not given.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_alltoallv`, MPI-3.1 §7.6.3.
    @inlinable
    public func Neighbor_alltoallv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, sendCounts: VariableCounts? = nil,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, recvCounts: VariableCounts? = nil
    ) throws(MPIError) {
        let sendCounts = sendCounts ?? .even(whole.count, parts: neighbourCounts.out)
        let recvCounts = recvCounts ?? .even(received.count, parts: neighbourCounts.in)
        try exchange(
            whole, sendCounts, &received, recvCounts, parts: (neighbourCounts.out, neighbourCounts.in),
            "MPI_Neighbor_alltoallv"
        ) {
            MPI_Neighbor_alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle)
        }
    }

    /// Starts as ``Neighbor_alltoallv(_:sendCounts:into:recvCounts:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoallv`, MPI-3.1 §7.7.3.
    @inlinable @_lifetime(copy whole, copy received)
    public func Ineighbor_alltoallv<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendCounts: VariableCounts? = nil,
        into received: consuming Received, recvCounts: VariableCounts? = nil
    ) throws(MPIError) -> Request<Buffers<Whole, Received>> {
        let sendCounts = sendCounts ?? .even(whole.count, parts: neighbourCounts.out)
        let recvCounts = recvCounts ?? .even(received.count, parts: neighbourCounts.in)
        var request = CMPI_REQUEST_NULL()
        try exchange(
            whole, sendCounts, &received, recvCounts, parts: (neighbourCounts.out, neighbourCounts.in),
            "MPI_Ineighbor_alltoallv"
        ) {
            MPI_Ineighbor_alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoallv", Buffers(sent: whole, received: received),
            tables: [sendCounts, recvCounts])
    }
}
