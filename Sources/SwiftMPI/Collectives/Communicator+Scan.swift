public import CMPI

extension Communicator {
    /// Combines the buffers of all ranks up to and including this rank, element by element.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - result: Filled with the result; must have as many elements as `part`.
    ///   - op: The operation that combines two elements.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(part, into: &result, "MPI_Scan", inChunks: true) {
            MPI_Scan($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Combines the buffers of all ranks up to and including this rank in place: the result replaces each rank's
    /// contribution; see ``Scan(_:into:op:)``.
    ///
    /// MPI: `MPI_Scan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(inPlace: &buffer, "MPI_Scan", inChunks: true) {
            MPI_Scan(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle)
        }
    }

    /// Combines one value from each rank up to and including this rank.
    ///
    /// MPI: `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T {
        try op.reduce(value, "MPI_Scan") {
            MPI_Scan($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Starts the nonblocking form of ``Scan(_:into:op:)``.
    ///
    /// MPI: `MPI_Iscan`, MPI-3.1 §5.12.11.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iscan<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<BufferPair<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(part, into: &result, "MPI_Iscan", inChunks: false) {
            MPI_Iscan($0, $1, $2, op.datatype, op.handle, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Iscan", BufferPair(sent: part, received: result), keeping: op.kept)
    }

    /// Starts the nonblocking form of ``Scan(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iscan` with `MPI_IN_PLACE`, MPI-3.1 §5.12.11.
    @inlinable @_lifetime(copy buffer)
    public final func Iscan<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(inPlace: &buffer, "MPI_Iscan", inChunks: false) {
            MPI_Iscan(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iscan", buffer, keeping: op.kept)
    }
}

extension Communicator {
    /// Combines the buffers of all ranks before this rank, element by element; rank 0's result is left unchanged.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - result: Filled with the result; must have as many elements as `part`.
    ///   - op: The operation that combines two elements.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(part, into: &result, "MPI_Exscan", inChunks: true) {
            MPI_Exscan($0, $1, $2, op.datatype, op.handle, handle)
        }
    }

    /// Combines the buffers of all ranks before this rank in place: the result replaces each rank's contribution; see
    /// ``Exscan(_:into:op:)``.
    ///
    /// MPI: `MPI_Exscan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try op.reduce(inPlace: &buffer, "MPI_Exscan", inChunks: true) {
            MPI_Exscan(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle)
        }
    }

    /// Combines one value from each rank before this rank; returns `nil` on rank 0, which has no rank before it.
    ///
    /// MPI: `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T? {
        let result = try op.reduce(value, "MPI_Exscan") {
            MPI_Exscan($0, $1, $2, op.datatype, op.handle, handle)
        }
        return rank == 0 ? nil : result
    }

    /// Starts the nonblocking form of ``Exscan(_:into:op:)``.
    ///
    /// MPI: `MPI_Iexscan`, MPI-3.1 §5.12.12.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iexscan<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<BufferPair<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(part, into: &result, "MPI_Iexscan", inChunks: false) {
            MPI_Iexscan($0, $1, $2, op.datatype, op.handle, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Iexscan", BufferPair(sent: part, received: result), keeping: op.kept)
    }

    /// Starts the nonblocking form of ``Exscan(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iexscan` with `MPI_IN_PLACE`, MPI-3.1 §5.12.12.
    @inlinable @_lifetime(copy buffer)
    public final func Iexscan<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        try op.reduce(inPlace: &buffer, "MPI_Iexscan", inChunks: false) {
            MPI_Iexscan(CMPI_IN_PLACE(), $0, $1, op.datatype, op.handle, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iexscan", buffer, keeping: op.kept)
    }
}
