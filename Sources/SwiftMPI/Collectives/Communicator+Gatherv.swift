public import CMPI

extension Communicator {
    /// Collects buffers of different sizes on the root.
    ///
    /// - Parameters:
    ///   - part: This rank's elements.
    ///   - whole: On the root, filled with all parts; elsewhere unused and may be empty.
    ///   - counts: On the root, the number of elements that each rank sends, and where they are stored; an even split
    ///     by default. Elsewhere unused.
    ///   - root: The rank that collects the parts.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gatherv`, MPI-3.1 §5.5.
    @inlinable
    public final func Gatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Gatherv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(whole.count, parts: peerCount) : nil
        try gatherv(part, &whole, counts, "MPI_Gatherv") {
            MPI_Gatherv($0, $1, $2, $3, counts?.counts, counts?.displacements, $4, cRoot, handle)
        } large: {
            CMPI_Gatherv_c($0, MPI_Count($1), $2, $3, $5.counts, $5.displacements, $4, cRoot, handle)
        }
    }

    /// Collects buffers of different sizes on the root, whose own part is already in place.
    ///
    /// - Parameters:
    ///   - buffer: On the root, room for all parts, with the root's own part already in place; elsewhere, this rank's
    ///     part.
    ///   - counts: As for ``Gatherv(_:into:counts:root:)``.
    ///   - root: The rank that collects the parts.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gatherv` with `MPI_IN_PLACE`, MPI-3.1 §5.5.
    @inlinable
    public final func Gatherv(
        inPlace buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable,
        counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Gatherv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(buffer.count, parts: peerCount) : nil
        try inPlace(&buffer, counts, "MPI_Gatherv") {
            MPI_Gatherv(
                counts == nil ? UnsafeRawPointer($0) : UnsafeRawPointer(CMPI_IN_PLACE()), $1, $2,
                $0, counts?.counts, counts?.displacements, $2, cRoot, handle)
        } large: {
            CMPI_Gatherv_c(CMPI_IN_PLACE(), 0, $1, $0, $2.counts, $2.displacements, $1, cRoot, handle)
        }
    }

    /// Starts the nonblocking form of ``Gatherv(_:into:counts:root:)``.
    ///
    /// MPI: `MPI_Igatherv`, MPI-3.1 §5.12.3.
    @inlinable @_lifetime(copy part, copy whole)
    public final func Igatherv<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole, counts: some PartCounts = VariableCounts?.none,
        root: Int = 0
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        let cRoot = try cRoot(root, "MPI_Igatherv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(whole.count, parts: peerCount) : nil
        var request = CMPI_REQUEST_NULL()
        try gatherv(part, &whole, counts, "MPI_Igatherv") {
            MPI_Igatherv($0, $1, $2, $3, counts?.counts, counts?.displacements, $4, cRoot, handle, &request)
        } large: {
            CMPI_Igatherv_c($0, MPI_Count($1), $2, $3, $5.counts, $5.displacements, $4, cRoot, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Igatherv", BufferPair(sent: part, received: whole), keeping: counts)
    }

    /// Starts the nonblocking form of ``Gatherv(inPlace:counts:root:)``.
    ///
    /// MPI: `MPI_Igatherv` with `MPI_IN_PLACE`, MPI-3.1 §5.12.3.
    @inlinable @_lifetime(copy buffer)
    public final func Igatherv<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, counts: some PartCounts = VariableCounts?.none, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Igatherv")
        let counts = isRoot(root) ? counts.variableCounts ?? .even(buffer.count, parts: peerCount) : nil
        var request = CMPI_REQUEST_NULL()
        try inPlace(&buffer, counts, "MPI_Igatherv") {
            MPI_Igatherv(
                counts == nil ? UnsafeRawPointer($0) : UnsafeRawPointer(CMPI_IN_PLACE()), $1, $2,
                $0, counts?.counts, counts?.displacements, $2, cRoot, handle, &request)
        } large: {
            CMPI_Igatherv_c(CMPI_IN_PLACE(), 0, $1, $0, $2.counts, $2.displacements, $1, cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Igatherv", buffer, keeping: counts)
    }
}

extension Communicator {
    /// Collects buffers of different sizes on every rank.
    ///
    /// - Parameters:
    ///   - part: This rank's elements.
    ///   - whole: Filled with the parts of all ranks.
    ///   - counts: The number of elements that each rank sends, and where they are stored; an even split by default.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allgatherv`, MPI-3.1 §5.7.
    @inlinable
    public final func Allgatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let counts = allgatherCounts(counts, whole)
        try gatherv(part, &whole, counts, "MPI_Allgatherv", hasSubstitute: true) {
            MPI_Allgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle)
        } large: { (part, count, partType, whole, type, large) throws(MPIError) in
            if let exchange = try largeAllgatherv(
                counts, part: (count, partType), type, isBlocking: true, "MPI_Allgatherv")
            {
                return exchange.call(part, whole)
            }
            return CMPI_Allgatherv_c(
                part, MPI_Count(count), partType, whole, large.counts, large.displacements, type, handle)
        }
    }

    /// Collects parts of different sizes on every rank; each rank's own part is already in place in its buffer.
    ///
    /// MPI: `MPI_Allgatherv` with `MPI_IN_PLACE`, MPI-3.1 §5.7. See ``Allgatherv(_:into:counts:)``.
    @inlinable
    public final func Allgatherv(
        inPlace whole: inout some ReceiveBuffer & ~Copyable & ~Escapable, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let counts = allgatherCounts(counts, whole)
        try inPlace(&whole, counts, "MPI_Allgatherv", hasSubstitute: true) {
            MPI_Allgatherv(CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, counts.counts, counts.displacements, $2, handle)
        } large: { (whole, type, large) throws(MPIError) in
            if let exchange = try largeAllgatherv(counts, part: nil, type, isBlocking: true, "MPI_Allgatherv") {
                return exchange.call(whole, whole)
            }
            return CMPI_Allgatherv_c(
                CMPI_IN_PLACE(), 0, type, whole, large.counts, large.displacements, type, handle)
        }
    }

    /// Starts the nonblocking form of ``Allgatherv(_:into:counts:)``.
    ///
    /// MPI: `MPI_Iallgatherv`, MPI-3.1 §5.12.5.
    @inlinable @_lifetime(copy part, copy whole)
    public final func Iallgatherv<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        let counts = allgatherCounts(counts, whole)
        var request = CMPI_REQUEST_NULL()
        var exchange: LargeExchange?
        try gatherv(part, &whole, counts, "MPI_Iallgatherv", hasSubstitute: true) {
            MPI_Iallgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle, &request)
        } large: { (part, count, partType, whole, type, large) throws(MPIError) in
            exchange = try largeAllgatherv(counts, part: (count, partType), type, isBlocking: false, "MPI_Iallgatherv")
            if let exchange { return exchange.start(part, whole) { request = $0 } }
            return CMPI_Iallgatherv_c(
                part, MPI_Count(count), partType, whole, large.counts, large.displacements, type, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Iallgatherv", BufferPair(sent: part, received: whole),
            keeping: counts, exchange)
    }

    /// Starts the nonblocking form of ``Allgatherv(inPlace:counts:)``.
    ///
    /// MPI: `MPI_Iallgatherv` with `MPI_IN_PLACE`, MPI-3.1 §5.12.5.
    @inlinable @_lifetime(copy whole)
    public final func Iallgatherv<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<Whole> {
        let counts = allgatherCounts(counts, whole)
        var request = CMPI_REQUEST_NULL()
        var exchange: LargeExchange?
        try inPlace(&whole, counts, "MPI_Iallgatherv", hasSubstitute: true) {
            MPI_Iallgatherv(
                CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, counts.counts, counts.displacements, $2, handle, &request)
        } large: { (whole, type, large) throws(MPIError) in
            exchange = try largeAllgatherv(counts, part: nil, type, isBlocking: false, "MPI_Iallgatherv")
            if let exchange { return exchange.start(whole, whole) { request = $0 } }
            return CMPI_Iallgatherv_c(
                CMPI_IN_PLACE(), 0, type, whole, large.counts, large.displacements, type, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iallgatherv", whole, keeping: counts, exchange)
    }
}

extension Communicator {
    /// Returns the table of an `Allgatherv`, enlarged beyond C ints if the library could not handle the call otherwise.
    @inlinable
    func allgatherCounts<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        _ counts: some PartCounts, _ whole: borrowing Whole
    ) -> VariableCounts {
        let counts = counts.variableCounts ?? .even(whole.count, parts: peerCount)
        return isBeyondMPICH(counts.total, of: whole.item, Whole.Element.self) ? counts.enlarged : counts
    }

    /// Shared implementation of the calls that collect parts of different sizes.
    ///
    /// - Parameters:
    ///   - counts: `nil` if the whole is not used.
    ///   - neighbors: The number of ranks that send parts, if not all ranks do.
    ///   - hasSubstitute: Whether `large` works with any library.
    ///   - large: The call for a table that exceeds C ints.
    @inlinable
    func gatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        _ counts: VariableCounts?, _ function: StaticString, neighbors: Int? = nil,
        hasSubstitute: Bool = false,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, MPI_Datatype) -> CInt,
        large: (
            UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, MPI_Datatype, VariableCounts.Large
        ) throws(MPIError) -> CInt
    ) throws(MPIError) {
        if let counts {
            try require(counts, in: whole.count, neighbors ?? peerCount, function)
            // On an inter-communicator the table describes the remote group, which does not include this rank's part.
            if neighbors == nil && !isInter { try requireOwnPart(part.elementCount, counts, whole.item, function) }
        } else {
            try requirePart(part.count, function)
        }
        if counts?.large != nil && !hasSubstitute { try requireLargeCounts(function) }
        let item = whole.item
        let code = try part.sending { (part, count, partType) throws(MPIError) in
            try whole.withMutableAddress { (whole) throws(MPIError) in
                guard let counts else { return call(part, count, partType, whole, item.datatype) }
                if let table = counts.large { return try large(part, count, partType, whole, item.datatype, table) }
                return call(part, count, partType, whole?.advanced(by: counts.base * item.extent), item.datatype)
            }
        }
        try check(function, code)
    }

    /// Shared implementation of the in-place calls on a buffer with parts of different sizes.
    ///
    /// - Parameters:
    ///   - counts: `nil` if the buffer is a single part.
    ///   - hasSubstitute: Whether `large` works with any library.
    ///   - large: The call for a table that exceeds C ints.
    @inlinable
    func inPlace(
        _ buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable, _ counts: VariableCounts?,
        _ function: StaticString, hasSubstitute: Bool = false,
        _ call: (UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt,
        large: (UnsafeMutableRawPointer?, MPI_Datatype, VariableCounts.Large) throws(MPIError) -> CInt = { _, _, _ in
            CInt(MPI_ERR_COUNT)
        }
    ) throws(MPIError) {
        guard let counts else {
            try requirePart(buffer.count, function)
            return try check(function, try buffer.receiving { call($0, $1, $2) })
        }
        try require(counts, in: buffer.count, peerCount, function)
        if counts.large != nil && !hasSubstitute { try requireLargeCounts(function) }
        let item = buffer.item
        let code = try buffer.withMutableAddress { (address) throws(MPIError) in
            if let table = counts.large { return try large(address, item.datatype, table) }
            return call(address?.advanced(by: counts.base * item.extent), 0, item.datatype)
        }
        try check(function, code)
    }
}
