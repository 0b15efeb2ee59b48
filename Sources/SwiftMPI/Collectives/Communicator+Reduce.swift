public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element, on the root.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; of the same count everywhere.
    ///   - result: On the root as many elements as `part`; elsewhere unused and may be empty.
    ///   - op: How two elements combine.
    ///   - root: The rank that gets the result.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Reduce`, MPI-3.1 §5.9.1.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into result: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Reduce")
        try combine(part, &result, "MPI_Reduce", resultIsUsed: isRoot(root)) {
            MPI_Reduce($0, $1, $2, $3, op.handle, cRoot, handle)
        }
    }

    /// Combines the ranks' buffers on the root, whose buffer is replaced by the result; the others' stay as they are.
    ///
    /// MPICH 4.0 ends in a segmentation fault, as it does in C, where the buffer has more than 2 kB and the root is
    /// not 0.
    ///
    /// MPI: `MPI_Reduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.1. See ``Reduce(_:into:op:root:)``.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Reduce")
        let isRoot = isRoot(root)
        let code = try buffer.receiving {
            MPI_Reduce(
                isRoot ? UnsafeRawPointer(CMPI_IN_PLACE()) : UnsafeRawPointer($0), $0, $1, $2, op.handle, cRoot, handle)
        }
        try check("MPI_Reduce", code)
    }

    /// Combines one value of each rank, on the root.
    ///
    /// - Returns: The result on the root, `nil` elsewhere.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Reduce`, MPI-3.1 §5.9.1.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        _ value: T, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) -> T? {
        let cRoot = try cRoot(root, "MPI_Reduce")
        var value = value
        var result = value
        try check("MPI_Reduce", MPI_Reduce(&value, &result, 1, T.mpiDatatype, op.handle, cRoot, handle))
        return isRoot(root) ? result : nil
    }

    /// Starts to combine the ranks' buffers on the root; see ``Reduce(_:into:op:root:)``.
    ///
    /// MPI: `MPI_Ireduce`, MPI-3.1 §5.12.7.
    @inlinable @_lifetime(copy part, copy result)
    public final func Ireduce<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) -> Request<Buffers<Part, Result>> {
        let cRoot = try cRoot(root, "MPI_Ireduce")
        var request = CMPI_REQUEST_NULL()
        try combine(part, &result, "MPI_Ireduce", resultIsUsed: isRoot(root)) {
            MPI_Ireduce($0, $1, $2, $3, op.handle, cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ireduce", Buffers(sent: part, received: result), tables: op.kept)
    }

    /// Starts to combine the ranks' buffers on the root, in place; see ``Reduce(inPlace:op:root:)``.
    ///
    /// MPI: `MPI_Ireduce` with `MPI_IN_PLACE`, MPI-3.1 §5.12.7.
    @inlinable @_lifetime(copy buffer)
    public final func Ireduce<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Ireduce")
        let isRoot = isRoot(root)
        var request = CMPI_REQUEST_NULL()
        let code = try buffer.receiving {
            MPI_Ireduce(
                isRoot ? UnsafeRawPointer(CMPI_IN_PLACE()) : UnsafeRawPointer($0), $0, $1, $2, op.handle, cRoot, handle,
                &request)
        }
        try check("MPI_Ireduce", code)
        return Request(unwrapped(request), self, "MPI_Ireduce", buffer, tables: op.kept)
    }
}
