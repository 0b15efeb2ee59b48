public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element, on every rank.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; of the same count everywhere.
    ///   - result: As many elements as `part`.
    ///   - op: How two elements combine.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        try combine(part, &result, "MPI_Allreduce") { MPI_Allreduce($0, $1, $2, $3, op.handle, handle) }
    }

    /// Combines the ranks' buffers in place, each rank's result replacing what it contributed; see ``Allreduce(_:into:op:)``.
    ///
    /// MPI: `MPI_Allreduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>
    ) throws(MPIError) {
        let code = try buffer.receiving { MPI_Allreduce(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle) }
        try check("MPI_Allreduce", code)
    }

    /// Combines one value of each rank, on every rank.
    ///
    /// MPI: `MPI_Allreduce`, MPI-3.1 §5.9.6.
    @inlinable
    public final func Allreduce<T: MPIDatatype>(_ value: T, op: ReductionOperation<T>) throws(MPIError) -> T {
        var value = value
        var result = value
        try check("MPI_Allreduce", MPI_Allreduce(&value, &result, 1, T.mpiDatatype, op.handle, handle))
        return result
    }

    /// Starts as ``Allreduce(_:into:op:)``.
    ///
    /// MPI: `MPI_Iallreduce`, MPI-3.1 §5.12.8.
    @inlinable @_lifetime(copy part, copy result)
    public final func Iallreduce<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffers<Part, Result>> {
        var request = CMPI_REQUEST_NULL()
        try combine(part, &result, "MPI_Iallreduce") { MPI_Iallreduce($0, $1, $2, $3, op.handle, handle, &request) }
        return Request(
            unwrapped(request), self, "MPI_Iallreduce", Buffers(sent: part, received: result), tables: op.kept)
    }

    /// Starts as ``Allreduce(inPlace:op:)``.
    ///
    /// MPI: `MPI_Iallreduce` with `MPI_IN_PLACE`, MPI-3.1 §5.12.8.
    @inlinable @_lifetime(copy buffer)
    public final func Iallreduce<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving { MPI_Iallreduce(CMPI_IN_PLACE(), $0, $1, $2, op.handle, handle, &request) }
        try check("MPI_Iallreduce", code)
        return Request(unwrapped(request), self, "MPI_Iallreduce", buffer, tables: op.kept)
    }
}

extension Communicator {
    /// What the reductions that give as many elements as they take have in common.
    @inlinable
    func combine<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        _ function: StaticString, resultIsUsed: Bool = true,
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt
    ) throws(MPIError) {
        if resultIsUsed { try requireCount(result.elementCount, part.elementCount, "the result", function) }
        let code = try part.sending { (part, count, type) throws(MPIError) in
            try result.withMutableAddress { call(part, $0, count, type) }
        }
        try check(function, code)
    }
}
