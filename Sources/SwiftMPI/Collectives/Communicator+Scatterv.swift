public import CMPI

extension Communicator {
    /// Distributes the root's buffer in parts of different sizes, one for each rank.
    ///
    /// - Parameters:
    ///   - whole: On the root, all parts; elsewhere unused and may be empty.
    ///   - part: Filled with this rank's elements.
    ///   - counts: On the root, the number of elements that each rank receives, and where they begin; an even split by
    ///     default. Elsewhere unused.
    ///   - root: The rank that has the data.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scatterv`, MPI-3.1 §5.6.
    @inlinable
    public final func Scatterv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, counts: some PartCounts = VariableCounts?.none,
        root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Scatterv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(whole.count, parts: peerCount) : nil
        try scatterv(whole, &part, counts, "MPI_Scatterv") {
            MPI_Scatterv($0, counts?.counts, counts?.displacements, $1, $2, $3, $4, cRoot, handle)
        } large: {
            CMPI_Scatterv_c($0, $5.counts, $5.displacements, $1, $2, MPI_Count($3), $4, cRoot, handle)
        }
    }

    /// Distributes the root's buffer in parts of different sizes; the root's own part stays in place.
    ///
    /// - Parameters:
    ///   - buffer: On the root, all parts; elsewhere filled with this rank's part.
    ///   - counts: As for ``Scatterv(_:into:counts:root:)``.
    ///   - root: The rank that has the data.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scatterv` with `MPI_IN_PLACE`, MPI-3.1 §5.6.
    @inlinable
    public final func Scatterv(
        inPlace buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Scatterv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(buffer.count, parts: peerCount) : nil
        try inPlace(&buffer, counts, "MPI_Scatterv") {
            MPI_Scatterv(
                UnsafeRawPointer($0), counts?.counts, counts?.displacements, $2,
                counts == nil ? $0 : CMPI_IN_PLACE(), $1, $2, cRoot, handle)
        } large: {
            CMPI_Scatterv_c($0, $2.counts, $2.displacements, $1, CMPI_IN_PLACE(), 0, $1, cRoot, handle)
        }
    }

    /// Starts the nonblocking form of ``Scatterv(_:into:counts:root:)``.
    ///
    /// MPI: `MPI_Iscatterv`, MPI-3.1 §5.12.4.
    @inlinable @_lifetime(copy whole, copy part)
    public final func Iscatterv<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable, Part: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into part: consuming Part, counts: some PartCounts = VariableCounts?.none,
        root: Int = 0
    ) throws(MPIError) -> Request<BufferPair<Whole, Part>> {
        let cRoot = try cRoot(root, "MPI_Iscatterv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(whole.count, parts: peerCount) : nil
        var request = CMPI_REQUEST_NULL()
        try scatterv(whole, &part, counts, "MPI_Iscatterv") {
            MPI_Iscatterv($0, counts?.counts, counts?.displacements, $1, $2, $3, $4, cRoot, handle, &request)
        } large: {
            CMPI_Iscatterv_c($0, $5.counts, $5.displacements, $1, $2, MPI_Count($3), $4, cRoot, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Iscatterv", BufferPair(sent: whole, received: part), keeping: counts)
    }

    /// Starts the nonblocking form of ``Scatterv(inPlace:counts:root:)``.
    ///
    /// MPI: `MPI_Iscatterv` with `MPI_IN_PLACE`, MPI-3.1 §5.12.4.
    @inlinable @_lifetime(copy buffer)
    public final func Iscatterv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Iscatterv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(buffer.count, parts: peerCount) : nil
        var request = CMPI_REQUEST_NULL()
        try inPlace(&buffer, counts, "MPI_Iscatterv") {
            MPI_Iscatterv(
                UnsafeRawPointer($0), counts?.counts, counts?.displacements, $2,
                counts == nil ? $0 : CMPI_IN_PLACE(), $1, $2, cRoot, handle, &request)
        } large: {
            CMPI_Iscatterv_c($0, $2.counts, $2.displacements, $1, CMPI_IN_PLACE(), 0, $1, cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iscatterv", buffer, keeping: counts)
    }

    /// Shared implementation of both forms.
    ///
    /// - Parameters:
    ///   - counts: `nil` if the whole is not used.
    ///   - large: The call for a table that exceeds C ints.
    @inlinable
    func scatterv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        _ counts: VariableCounts?, _ function: StaticString,
        _ call: (UnsafeRawPointer?, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt,
        large: (
            UnsafeRawPointer?, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype, VariableCounts.Large
        ) -> CInt
    ) throws(MPIError) {
        if let counts {
            try require(counts, in: whole.count, peerCount, function, mayOverlap: true)
            // On an inter-communicator the table describes the remote group, which does not include this rank's part.
            if !isInter { try requireOwnPart(part.elementCount, counts, whole.item, function) }
            if counts.large != nil { try requireLargeCounts(function) }
        } else {
            try requirePart(part.count, function)
        }
        let item = whole.item
        let code = try whole.withAddress { (whole) throws(MPIError) in
            try part.receiving { (part, count, partType) throws(MPIError) in
                guard let counts else { return call(whole, item.datatype, part, count, partType) }
                if let table = counts.large { return large(whole, item.datatype, part, count, partType, table) }
                return call(whole?.advanced(by: counts.base * item.extent), item.datatype, part, count, partType)
            }
        }
        try check(function, code)
    }
}
