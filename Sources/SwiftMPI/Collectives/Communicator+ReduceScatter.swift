public import CMPI

extension Communicator {
    /// Combines the ranks' buffers element by element and gives each rank a part of the result; each part has its own
    /// size.
    ///
    /// - Parameters:
    ///   - whole: This rank's elements, all parts; the count must be the same on all ranks.
    ///   - part: Filled with this rank's part of the result.
    ///   - counts: The number of elements that each rank receives; the same table on all ranks, without gaps. An even
    ///     split by default.
    ///   - op: The operation that combines two elements.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Reduce_scatter`, MPI-3.1 §5.10.2.
    @inlinable
    public final func Reduce_scatter<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, counts: some PartCounts = VariableCounts?.none,
        op: ReductionOperation<T>
    ) throws(MPIError) {
        let counts = counts.variableCounts ?? .even(whole.count, parts: size)
        try reduceScatter(whole, &part, counts, op, "MPI_Reduce_scatter") {
            MPI_Reduce_scatter($0, $1, counts.counts, op.datatype, op.handle, handle)
        }
    }

    /// Combines the ranks' buffers in place: this rank's part of the result is stored at the beginning of its buffer.
    ///
    /// MPI: `MPI_Reduce_scatter` with `MPI_IN_PLACE`, MPI-3.1 §5.10.2.
    @inlinable
    public final func Reduce_scatter<T: MPIDatatype>(
        inPlace whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none,
        op: ReductionOperation<T>
    ) throws(MPIError) {
        let counts = counts.variableCounts ?? .even(whole.count, parts: size)
        try requirePacked(counts, try op.elements(of: whole, "MPI_Reduce_scatter").count, "MPI_Reduce_scatter")
        try op.reduce(inPlace: &whole, "MPI_Reduce_scatter", inChunks: false) { whole, _ in
            MPI_Reduce_scatter(CMPI_IN_PLACE(), whole, counts.counts, op.datatype, op.handle, handle)
        }
    }

    /// Starts the nonblocking form of ``Reduce_scatter(_:into:counts:op:)``.
    ///
    /// MPI: `MPI_Ireduce_scatter`, MPI-3.1 §5.12.10.
    @inlinable @_lifetime(copy whole, copy part)
    public final func Ireduce_scatter<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable, Part: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into part: consuming Part, counts: some PartCounts = VariableCounts?.none,
        op: ReductionOperation<T>
    ) throws(MPIError) -> Request<BufferPair<Whole, Part>> {
        let counts = counts.variableCounts ?? .even(whole.count, parts: size)
        var request = CMPI_REQUEST_NULL()
        try reduceScatter(whole, &part, counts, op, "MPI_Ireduce_scatter") {
            MPI_Ireduce_scatter($0, $1, counts.counts, op.datatype, op.handle, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ireduce_scatter", BufferPair(sent: whole, received: part),
            keeping: counts, op.kept)
    }

    /// Starts the nonblocking form of ``Reduce_scatter(inPlace:counts:op:)``.
    ///
    /// MPI: `MPI_Ireduce_scatter` with `MPI_IN_PLACE`, MPI-3.1 §5.12.10.
    @inlinable @_lifetime(copy whole)
    public final func Ireduce_scatter<T: MPIDatatype, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, counts: some PartCounts = VariableCounts?.none, op: ReductionOperation<T>
    ) throws(MPIError) -> Request<Whole> {
        let counts = counts.variableCounts ?? .even(whole.count, parts: size)
        try requirePacked(counts, try op.elements(of: whole, "MPI_Ireduce_scatter").count, "MPI_Ireduce_scatter")
        var request = CMPI_REQUEST_NULL()
        try op.reduce(inPlace: &whole, "MPI_Ireduce_scatter", inChunks: false) { whole, _ in
            MPI_Ireduce_scatter(CMPI_IN_PLACE(), whole, counts.counts, op.datatype, op.handle, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Ireduce_scatter", whole, keeping: counts, op.kept)
    }

    /// Shared implementation of both forms.
    @inlinable
    func reduceScatter<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ counts: VariableCounts,
        _ op: ReductionOperation<T>, _ function: StaticString,
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?) -> CInt
    ) throws(MPIError) {
        let (source, destination) = (try op.elements(of: whole, function), try op.elements(of: part, function))
        try requirePacked(counts, source.count, function)
        try requireCount(destination.count, Int(counts.counts[rank]), "this rank's own part", function)
        let code = try op.withAddresses(whole, source, &part, destination, call)
        try check(function, code)
    }
}
