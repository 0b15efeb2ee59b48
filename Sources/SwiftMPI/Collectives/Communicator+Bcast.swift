// Collective communication (MPI-3.1 chapter 5), typed buffers.
//
// Every call has a blocking form (`Bcast`) and a nonblocking form (`Ibcast`), which returns a ``Request``. `inPlace:`
// stands for MPI_IN_PLACE.

public import CMPI

extension Communicator {
    /// Waits until every rank has reached the barrier.
    ///
    /// MPI: `MPI_Barrier`, MPI-3.1 §5.3.
    @inlinable
    public final func Barrier() throws(MPIError) {
        try check("MPI_Barrier", MPI_Barrier(handle))
    }

    /// Starts a nonblocking barrier; the request has no buffer.
    ///
    /// MPI: `MPI_Ibarrier`, MPI-3.1 §5.12.1.
    @inlinable
    public final func Ibarrier() throws(MPIError) -> Request<Void> {
        var request = CMPI_REQUEST_NULL()
        try check("MPI_Ibarrier", MPI_Ibarrier(handle, &request))
        return Request(unwrapped(request), self, "MPI_Ibarrier", ())
    }

    /// Copies the root's buffer to every rank.
    ///
    /// - Parameters:
    ///   - buffer: Sent from the root, filled on all other ranks. The count must be the same on all ranks.
    ///   - root: The rank that has the data.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Bcast`, MPI-3.1 §5.4.
    @inlinable
    public final func Bcast<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        _ buffer: inout Buffer, root: Int = 0
    ) throws(MPIError) {
        let root = try cRoot(root, "MPI_Bcast")
        try check("MPI_Bcast", try buffer.receiving { MPI_Bcast($0, $1, $2, root, handle) })
    }

    /// Copies the root's value to every rank.
    ///
    /// MPI: `MPI_Bcast`, MPI-3.1 §5.4.
    @inlinable
    public final func Bcast<T: MPIDatatype>(_ value: inout T, root: Int = 0) throws(MPIError) {
        let root = try cRoot(root, "MPI_Bcast")
        try check("MPI_Bcast", MPI_Bcast(&value, 1, T.mpiDatatype, root, handle))
    }

    /// Starts copying the root's buffer to every rank; see ``Bcast(_:root:)-(Buffer,_)``.
    ///
    /// MPI: `MPI_Ibcast`, MPI-3.1 §5.12.2.
    @inlinable @_lifetime(copy buffer)
    public final func Ibcast<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        _ buffer: consuming Buffer, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let root = try cRoot(root, "MPI_Ibcast")
        var request = CMPI_REQUEST_NULL()
        var exchange: LargeExchange?
        let isLarge = isBeyondMPICH(buffer.count, of: buffer.item, Buffer.Element.self)
        let code = try buffer.receiving { (buffer, count, type) throws(MPIError) in
            if !isLarge { return MPI_Ibcast(buffer, count, type, root, handle, &request) }
            let large = try largeBcast(count, type, root: Int(root))
            exchange = large
            return large.start(buffer, buffer) { request = $0 }
        }
        try check("MPI_Ibcast", code)
        return Request(unwrapped(request), self, "MPI_Ibcast", buffer, keeping: exchange)
    }
}
