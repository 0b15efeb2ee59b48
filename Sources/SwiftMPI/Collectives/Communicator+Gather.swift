public import CMPI

extension Communicator {
    /// Collects the ranks' buffers, in rank order, on the root.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - whole: On the root, filled with all parts; elsewhere unused and may be empty.
    ///   - root: The rank that collects the parts.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gather`, MPI-3.1 §5.5.
    @inlinable
    public final func Gather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Gather")
        try gatherParts(part, &whole, "MPI_Gather", wholeIsUsed: isRoot(root)) {
            MPI_Gather($0, $1, $2, $3, $4, $5, cRoot, handle)
        }
    }

    /// Collects the ranks' buffers on the root, whose own part is already in place.
    ///
    /// - Parameters:
    ///   - buffer: On the root, room for all parts, with the root's own part already in place; elsewhere, this rank's
    ///     part.
    ///   - root: The rank that collects the parts.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Gather` with `MPI_IN_PLACE`, MPI-3.1 §5.5.
    @inlinable
    public final func Gather(
        inPlace buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Gather")
        try gatherParts(inPlace: &buffer, root, "MPI_Gather") { MPI_Gather($0, $1, $2, $3, $4, $5, cRoot, handle) }
    }

    /// Starts the nonblocking form of ``Gather(_:into:root:)``.
    ///
    /// MPI: `MPI_Igather`, MPI-3.1 §5.12.3.
    @inlinable @_lifetime(copy part, copy whole)
    public final func Igather<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole, root: Int = 0
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        let cRoot = try cRoot(root, "MPI_Igather")
        var request = CMPI_REQUEST_NULL()
        try gatherParts(part, &whole, "MPI_Igather", wholeIsUsed: isRoot(root)) {
            MPI_Igather($0, $1, $2, $3, $4, $5, cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Igather", BufferPair(sent: part, received: whole))
    }

    /// Starts the nonblocking form of ``Gather(inPlace:root:)``.
    ///
    /// MPI: `MPI_Igather` with `MPI_IN_PLACE`, MPI-3.1 §5.12.3.
    @inlinable @_lifetime(copy buffer)
    public final func Igather<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Igather")
        var request = CMPI_REQUEST_NULL()
        try gatherParts(inPlace: &buffer, root, "MPI_Igather") {
            MPI_Igather($0, $1, $2, $3, $4, $5, cRoot, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Igather", buffer)
    }
}

extension Communicator {
    /// Collects the ranks' buffers, in rank order, on every rank.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on all ranks.
    ///   - whole: Filled with the parts of all ranks.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Allgather`, MPI-3.1 §5.7.
    @inlinable
    public final func Allgather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try gatherParts(part, &whole, "MPI_Allgather") { MPI_Allgather($0, $1, $2, $3, $4, $5, handle) }
    }

    /// Collects the ranks' buffers on every rank; each rank's own part is already in place in its buffer.
    ///
    /// MPI: `MPI_Allgather` with `MPI_IN_PLACE`, MPI-3.1 §5.7. See ``Allgather(_:into:)``.
    @inlinable
    public final func Allgather(inPlace whole: inout some ReceiveBuffer & ~Copyable & ~Escapable) throws(MPIError) {
        try inPlace(&whole, parts: peerCount, "MPI_Allgather") {
            MPI_Allgather(CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, $1, $2, handle)
        }
    }

    /// Starts the nonblocking form of ``Allgather(_:into:)``.
    ///
    /// MPI: `MPI_Iallgather`, MPI-3.1 §5.12.5.
    @inlinable @_lifetime(copy part, copy whole)
    public final func Iallgather<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        var request = CMPI_REQUEST_NULL()
        try gatherParts(part, &whole, "MPI_Iallgather") { MPI_Iallgather($0, $1, $2, $3, $4, $5, handle, &request) }
        return Request(unwrapped(request), self, "MPI_Iallgather", BufferPair(sent: part, received: whole))
    }

    /// Starts the nonblocking form of ``Allgather(inPlace:)``.
    ///
    /// MPI: `MPI_Iallgather` with `MPI_IN_PLACE`, MPI-3.1 §5.12.5.
    @inlinable @_lifetime(copy whole)
    public final func Iallgather<Whole: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace whole: consuming Whole
    ) throws(MPIError) -> Request<Whole> {
        var request = CMPI_REQUEST_NULL()
        try inPlace(&whole, parts: peerCount, "MPI_Iallgather") {
            MPI_Iallgather(CMPI_IN_PLACE(), 0, CMPI_BYTE(), $0, $1, $2, handle, &request)
        }
        return Request(unwrapped(request), self, "MPI_Iallgather", whole)
    }
}

extension Communicator {
    /// Shared implementation of the calls that collect parts of equal size.
    @inlinable
    func gatherParts<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        _ function: StaticString, parts: Int? = nil, wholeIsUsed: Bool = true,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt
    ) throws(MPIError) {
        let parts = wholeIsUsed ? parts ?? peerCount : 1
        if wholeIsUsed { try requireCount(whole.elementCount, parts * part.elementCount, "the whole", function) }
        let code = try part.sending { (part, count, type) throws(MPIError) in
            // A rank that receives nothing passes its own count: Open MPI 4 takes a count of 0 to mean an empty call.
            if parts == 0 { return try whole.withMutableAddress { call(part, count, type, $0, count, type) } }
            return try whole.receiving(inParts: parts) { call(part, count, type, $0, $1, $2) }
        }
        try check(function, code)
    }

    /// Shared implementation of the in-place forms, where the buffer is the whole on the root and the part on other
    /// ranks.
    @inlinable
    func gatherParts(
        inPlace buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable, _ root: Int, _ function: StaticString,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt
    ) throws(MPIError) {
        let isRoot = isRoot(root)
        try inPlace(&buffer, parts: isRoot ? peerCount : 1, function) {
            call(isRoot ? UnsafeRawPointer(CMPI_IN_PLACE()) : UnsafeRawPointer($0), $1, $2, $0, $1, $2)
        }
    }

    /// Shared implementation of the in-place calls on a buffer with parts of equal size.
    @inlinable
    func inPlace(
        _ buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable, parts: Int, _ function: StaticString,
        _ call: (UnsafeMutableRawPointer?, CInt, MPI_Datatype) throws(MPIError) -> CInt
    ) throws(MPIError) {
        try requireParts(buffer.count, parts, function)
        try check(function, try buffer.receiving(inParts: parts, call))
    }
}
