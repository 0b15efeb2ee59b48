public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element, on every rank.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - result: Filled with the result; must have as many elements as `part`.
    ///   - op: The operation that combines two elements.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(part, into: &result, "MPI_Allreduce", inChunks: true) {
            MPI_Allreduce($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Combines the ranks' buffers in place: the result replaces each rank's contribution; see
    /// ``Allreduce(_:into:op:)``.
    ///
    /// MPI: `MPI_Allreduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(inPlace: &buffer, "MPI_Allreduce", inChunks: true) {
            MPI_Allreduce(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle)
        }
    }

    /// Combines one value from each rank, on every rank.
    ///
    /// MPI: `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T {
        try op.reduce(value, "MPI_Allreduce") {
            MPI_Allreduce($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Starts the nonblocking form of ``Allreduce(_:into:op:)``.
    ///
    /// MPI: `MPI_Iallreduce`, MPI-3.1 §5.12.8.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iallreduce<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<BufferPair<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(part, into: &result, "MPI_Iallreduce", inChunks: false) {
            MPI_Iallreduce($0, $1, $2, op.datatype, op.handle, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Iallreduce", BufferPair(sent: part, received: result), keeping: op.kept)
    }

    /// Starts the nonblocking form of ``Allreduce(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iallreduce` with `MPI_IN_PLACE`, MPI-3.1 §5.12.8.
    @inlinable @_lifetime(copy buffer)
    public final func Iallreduce<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(inPlace: &buffer, "MPI_Iallreduce", inChunks: false) {
            MPI_Iallreduce(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iallreduce", buffer, keeping: op.kept)
    }
}
