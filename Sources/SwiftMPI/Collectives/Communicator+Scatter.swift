public import CMPI

extension Communicator {
    /// Distributes the root's buffer: each rank receives its part, in rank order.
    ///
    /// - Parameters:
    ///   - whole: On the root, all parts; elsewhere unused and may be empty.
    ///   - part: Filled with this rank's elements; the count must be the same on all ranks.
    ///   - root: The rank that has the data.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scatter`, MPI-3.1 §5.6.
    @inlinable
    public final func Scatter<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Scatter")
        try scatterParts(whole, &part, root, "MPI_Scatter") {
            MPI_Scatter($0, $1, $2, $3, $4, $5, cRoot, handle)
        } large: {
            $0.call($1, $2)
        }
    }

    /// Distributes the root's buffer; the root's own part stays in place.
    ///
    /// - Parameters:
    ///   - buffer: On the root, all parts; elsewhere filled with this rank's part.
    ///   - root: The rank that has the data.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Scatter` with `MPI_IN_PLACE`, MPI-3.1 §5.6.
    @inlinable
    public final func Scatter(
        inPlace buffer: inout some ReceiveBuffer & ~Copyable & ~Escapable, root: Int = 0
    ) throws(MPIError) {
        let cRoot = try cRoot(root, "MPI_Scatter")
        try scatterParts(inPlace: &buffer, root, "MPI_Scatter") {
            MPI_Scatter($0, $1, $2, $3, $4, $5, cRoot, handle)
        } large: {
            $0.call($1, $2)
        }
    }

    /// Starts the nonblocking form of ``Scatter(_:into:root:)``.
    ///
    /// MPI: `MPI_Iscatter`, MPI-3.1 §5.12.4.
    @inlinable @_lifetime(copy whole, copy part)
    public final func Iscatter<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable, Part: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into part: consuming Part, root: Int = 0
    ) throws(MPIError) -> Request<BufferPair<Whole, Part>> {
        let cRoot = try cRoot(root, "MPI_Iscatter")
        var request = CMPI_REQUEST_NULL()
        var exchange: LargeExchange?
        try scatterParts(whole, &part, root, "MPI_Iscatter") {
            MPI_Iscatter($0, $1, $2, $3, $4, $5, cRoot, handle, &request)
        } large: {
            exchange = $0
            return $0.start($1, $2) { request = $0 }
        }
        return Request(
            unwrapped(request), self, "MPI_Iscatter", BufferPair(sent: whole, received: part),
            keeping: exchange)
    }

    /// Starts the nonblocking form of ``Scatter(inPlace:root:)``.
    ///
    /// MPI: `MPI_Iscatter` with `MPI_IN_PLACE`, MPI-3.1 §5.12.4.
    @inlinable @_lifetime(copy buffer)
    public final func Iscatter<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace buffer: consuming Buffer, root: Int = 0
    ) throws(MPIError) -> Request<Buffer> {
        let cRoot = try cRoot(root, "MPI_Iscatter")
        var request = CMPI_REQUEST_NULL()
        var exchange: LargeExchange?
        try scatterParts(inPlace: &buffer, root, "MPI_Iscatter") {
            MPI_Iscatter($0, $1, $2, $3, $4, $5, cRoot, handle, &request)
        } large: {
            exchange = $0
            return $0.start($1, $2) { request = $0 }
        }
        return Request(
            unwrapped(request), self, "MPI_Iscatter", buffer, keeping: exchange)
    }

    /// Shared implementation of both forms.
    ///
    /// - Parameter large: The substitute for a call that the library cannot do; takes the buffers to send and to fill.
    @inlinable
    func scatterParts<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ part: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ root: Int, _ function: StaticString,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt,
        large: (LargeExchange, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> CInt
    ) throws(MPIError) {
        let parts = isRoot(root) ? peerCount : 1
        if isRoot(root) { try requireCount(whole.elementCount, parts * part.elementCount, "the whole", function) }
        let isLarge = isBeyondMPICH(part.count * size, of: part.item, T.self)
        let code = try whole.sending(inParts: parts) { (whole, count, type) throws(MPIError) in
            try part.receiving { (part, partCount, partType) throws(MPIError) in
                if !isLarge { return call(whole, count, type, part, partCount, partType) }
                let exchange = try largeScatter((count, type), part: (partCount, partType), root: root)
                return large(exchange, whole, part)
            }
        }
        try check(function, code)
    }

    /// Shared implementation of the in-place forms, where the buffer is the whole on the root and the part on other
    /// ranks.
    @inlinable
    func scatterParts<Buffer: ReceiveBuffer & ~Copyable & ~Escapable>(
        inPlace buffer: inout Buffer, _ root: Int, _ function: StaticString,
        _ call: (UnsafeRawPointer?, CInt, MPI_Datatype, UnsafeMutableRawPointer?, CInt, MPI_Datatype) -> CInt,
        large: (LargeExchange, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> CInt
    ) throws(MPIError) {
        let isRoot = isRoot(root)
        let isLarge = isBeyondMPICH(buffer.count * (isRoot ? 1 : size), of: buffer.item, Buffer.Element.self)
        try inPlace(&buffer, parts: isRoot ? peerCount : 1, function) { (buffer, count, type) throws(MPIError) in
            if !isLarge {
                return call(UnsafeRawPointer(buffer), count, type, isRoot ? CMPI_IN_PLACE() : buffer, count, type)
            }
            let exchange = try largeScatter((count, type), part: isRoot ? nil : (count, type), root: root)
            return large(exchange, buffer, buffer)
        }
    }
}
