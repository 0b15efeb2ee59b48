public import CMPI

extension Communicator {
    /// Combines the buffers of the ranks up to and including this one, element by element.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; of the same count everywhere.
    ///   - result: As many elements as `part`.
    ///   - op: How two elements combine.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try combine(part, &result, "MPI_Scan") { MPI_Scan($0, $1, $2, $3, op.handle, handle) }
    }

    /// Combines the buffers of the ranks up to this one in place, each rank's result replacing what it contributed; see ``Scan(_:into:op:)``.
    ///
    /// MPI: `MPI_Scan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        let code = try buffer.receiving { MPI_Scan(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle) }
        try check("MPI_Scan", code)
    }

    /// Combines one value of each rank up to and including this one.
    ///
    /// MPI: `MPI_Scan`, MPI-3.1 §5.11.1.
    @inlinable
    public final func Scan<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T {
        var value = value
        var result = value
        try check("MPI_Scan", MPI_Scan(&value, &result, 1, T.mpiDatatype, op.handle, handle))
        return result
    }

    /// Starts as ``Scan(_:into:op:)``.
    ///
    /// MPI: `MPI_Iscan`, MPI-3.1 §5.12.11.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iscan<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffers<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try combine(part, &result, "MPI_Iscan") { MPI_Iscan($0, $1, $2, $3, op.handle, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Iscan", Buffers(sent: part, received: result), tables: op.kept)
    }

    /// Starts as ``Scan(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iscan` with `MPI_IN_PLACE`, MPI-3.1 §5.12.11.
    @inlinable @_lifetime(copy buffer)
    public final func Iscan<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Iscan(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle, &request) }
        try check("MPI_Iscan", code)
        return Request(unwrapped(request), self, "MPI_Iscan", buffer, tables: op.kept)
    }
}

extension Communicator {
    /// Combines the buffers of the ranks before this one, element by element; rank 0's result is left as it was.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; of the same count everywhere.
    ///   - result: As many elements as `part`.
    ///   - op: How two elements combine.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try combine(part, &result, "MPI_Exscan") { MPI_Exscan($0, $1, $2, $3, op.handle, handle) }
    }

    /// Combines the buffers of the ranks before this one in place, each rank's result replacing what it contributed; see ``Exscan(_:into:op:)``.
    ///
    /// MPI: `MPI_Exscan` with `MPI_IN_PLACE`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        let code = try buffer.receiving { MPI_Exscan(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle) }
        try check("MPI_Exscan", code)
    }

    /// Combines one value of each rank before this one; `nil` on rank 0, which has none before it.
    ///
    /// MPI: `MPI_Exscan`, MPI-3.1 §5.11.2.
    @inlinable
    public final func Exscan<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T? {
        var value = value
        var result = value
        try check("MPI_Exscan", MPI_Exscan(&value, &result, 1, T.mpiDatatype, op.handle, handle))
        return rank == 0 ? nil : result
    }

    /// Starts as ``Exscan(_:into:op:)``.
    ///
    /// MPI: `MPI_Iexscan`, MPI-3.1 §5.12.12.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iexscan<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffers<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try combine(part, &result, "MPI_Iexscan") { MPI_Iexscan($0, $1, $2, $3, op.handle, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Iexscan", Buffers(sent: part, received: result), tables: op.kept)
    }

    /// Starts as ``Exscan(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iexscan` with `MPI_IN_PLACE`, MPI-3.1 §5.12.12.
    @inlinable @_lifetime(copy buffer)
    public final func Iexscan<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Iexscan(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle, &request) }
        try check("MPI_Iexscan", code)
        return Request(unwrapped(request), self, "MPI_Iexscan", buffer, tables: op.kept)
    }
}
