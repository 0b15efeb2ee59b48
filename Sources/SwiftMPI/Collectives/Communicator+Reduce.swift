public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element, on the root.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - result: On the root, filled with the result; must have as many elements as `part`. Elsewhere unused and may
    ///     be empty.
    ///   - op: The operation that combines two elements.
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
        try op.reduce(part, into: &result, "MPI_Reduce", resultIsUsed: isRoot(root), inChunks: true) {
            MPI_Reduce($0, $1, $2, op.datatype, op.handle, cRoot, handle)
        }
    }

    /// Combines the ranks' buffers on the root in place: the result replaces the root's buffer, and the others stay
    /// unchanged.
    ///
    /// With MPICH, a root other than rank 0 contributes a copy of its buffer, because MPICH 4.0 crashes in place there.
    ///
    /// MPI: `MPI_Reduce` with `MPI_IN_PLACE`, MPI-3.1 §5.9.1. See ``Reduce(_:into:op:root:)``.
    @inlinable
    public final func Reduce<T: MPIDatatype>(
        inPlace buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Reduce")
        let isRoot = isRoot(root)
        if CMPI_IS_MPICH() != 0 && isRoot && root > 0 {
            let part = try op.copy(of: buffer, "MPI_Reduce")
            return try Reduce(part, into: &buffer, op: op, root: root)
        }
        try op.reduce(inPlace: &buffer, "MPI_Reduce", inChunks: true) {
            MPI_Reduce(
                isRoot ? UnsafeRawPointer(CMPI_IN_PLACE()) : UnsafeRawPointer($0), $0, $1, op.datatype, op.handle,
                cRoot, handle)
        }
    }

    /// Combines one value from each rank, on the root.
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
        let result = try op.reduce(value, "MPI_Reduce") {
            MPI_Reduce($0, $1, $2, op.datatype, op.handle, cRoot, handle)
        }
        return isRoot(root) ? result : nil
    }

    /// Starts combining the ranks' buffers on the root; see ``Reduce(_:into:op:root:)``.
    ///
    /// MPI: `MPI_Ireduce`, MPI-3.1 §5.12.7.
    @inlinable @_lifetime(copy part, copy result)
    public final func Ireduce<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Result: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into result: consuming Result, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) -> Request<BufferPair<Part, Result>> {
        let cRoot = try cRoot(root, "MPI_Ireduce")
        var request = CMPI_REQUEST_NULL()
        try op.reduce(part, into: &result, "MPI_Ireduce", resultIsUsed: isRoot(root), inChunks: false) {
            MPI_Ireduce($0, $1, $2, op.datatype, op.handle, cRoot, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ireduce", BufferPair(sent: part, received: result), keeping: op.kept)
    }

    /// Starts combining the ranks' buffers on the root, in place; see ``Reduce(inPlace:op:root:)``.
    ///
    /// MPI: `MPI_Ireduce` with `MPI_IN_PLACE`, MPI-3.1 §5.12.7.
    @inlinable @_lifetime(copy buffer)
    public final func Ireduce<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, op: ReductionOperation<T>, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Ireduce")
        let isRoot = isRoot(root)
        var request = CMPI_REQUEST_NULL()
        try op.reduce(inPlace: &buffer, "MPI_Ireduce", inChunks: false) {
            MPI_Ireduce(
                isRoot ? UnsafeRawPointer(CMPI_IN_PLACE()) : UnsafeRawPointer($0), $0, $1, op.datatype, op.handle,
                cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ireduce", buffer, keeping: op.kept)
    }
}
