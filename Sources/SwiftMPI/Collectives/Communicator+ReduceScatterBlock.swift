public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element and gives each rank an equal part of the result.
    ///
    /// - Parameters:
    ///   - whole: This rank's elements, all parts; the count must be the same on all ranks.
    ///   - part: Filled with this rank's part of the result.
    ///   - op: The operation that combines two elements.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Reduce_scatter_block`, MPI-3.1 §5.10.1.
    @inlinable
    public final func Reduce_scatter_block<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try reduceScatter(whole, &part, op, "MPI_Reduce_scatter_block") {
            MPI_Reduce_scatter_block($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Combines the ranks' buffers in place: this rank's part of the result is stored at the beginning of its buffer.
    ///
    /// MPI: `MPI_Reduce_scatter_block` with `MPI_IN_PLACE`, MPI-3.1 §5.10.1.
    @inlinable
    public final func Reduce_scatter_block<T: MPIDatatype>(
        inPlace whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try reduceScatter(inPlace: &whole, op, "MPI_Reduce_scatter_block") {
            MPI_Reduce_scatter_block(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle)
        }
    }

    /// Starts the nonblocking form of ``Reduce_scatter_block(_:into:op:)``.
    ///
    /// MPI: `MPI_Ireduce_scatter_block`, MPI-3.1 §5.12.9.
    @inlinable @_lifetime(copy whole, copy part)
    public final func Ireduce_scatter_block<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable, Part: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into part: consuming Part, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<BufferPair<Whole, Part>> {
        var request = CMPI_REQUEST_NULL()
        try reduceScatter(whole, &part, op, "MPI_Ireduce_scatter_block") {
            MPI_Ireduce_scatter_block($0, $1, $2, op.datatype, op.handle, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ireduce_scatter_block", BufferPair(sent: whole, received: part),
            keeping: op.kept
        )
    }

    /// Starts the nonblocking form of ``Reduce_scatter_block(inPlace:op:)``.
    ///
    /// MPI: `MPI_Ireduce_scatter_block` with `MPI_IN_PLACE`, MPI-3.1 §5.12.9.
    @inlinable @_lifetime(copy whole)
    public final func Ireduce_scatter_block<T: MPIDatatype, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Whole> {
        var request = CMPI_REQUEST_NULL()
        try reduceScatter(inPlace: &whole, op, "MPI_Ireduce_scatter_block") {
            MPI_Ireduce_scatter_block(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ireduce_scatter_block", whole, keeping: op.kept)
    }

    /// Shared implementation of both forms; passes the number of elements in a part to the call.
    @inlinable
    func reduceScatter<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ op: ReductionOperation<T>,
        _ function: StaticString, _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CInt) -> CInt
    ) throws(MPIError) {
        let (source, destination) = (try op.elements(of: whole, function), try op.elements(of: part, function))
        try requireCount(source.count, size * destination.count, "the whole", function)
        _ = try cCount(source.count, function)
        let code = try op.withAddresses(whole, source, &part, destination) { call($0, $1, CInt(destination.count)) }
        try check(function, code)
    }

    /// Shared implementation of the in-place forms.
    @inlinable
    func reduceScatter<T: MPIDatatype>(
        inPlace whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ op: ReductionOperation<T>,
        _ function: StaticString, _ call: (UnsafeMutableRawPointer?, CInt) -> CInt
    ) throws(MPIError) {
        try requireParts(try op.elements(of: whole, function).count, size, function)
        try op.reduce(inPlace: &whole, function, inChunks: false) { call($0, $1 / CInt(size)) }
    }
}
