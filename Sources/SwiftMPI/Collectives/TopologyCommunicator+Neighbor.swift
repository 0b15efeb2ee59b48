public import CMPI

// Neighborhood collectives (MPI-3.1 §7.6): every rank exchanges data only with its neighbors in the topology. Parts are
// stored in the order of ``TopologyCommunicator/neighbors``. Parts that belong to ``MPI/procNull``, beyond the edge of
// a grid, are left unchanged.
extension TopologyCommunicator {
    /// Sends a buffer to every neighbor and collects the neighbors' buffers.
    ///
    /// - Parameters:
    ///   - part: This rank's elements; the count must be the same on neighboring ranks.
    ///   - whole: Filled with one part from each rank that sends to this rank.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_allgather`, MPI-3.1 §7.6.1.
    @inlinable
    public func Neighbor_allgather<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try gatherParts(
            part, &whole, "MPI_Neighbor_allgather", parts: try neighborParts("MPI_Neighbor_allgather").received
        ) {
            MPI_Neighbor_allgather($0, $1, $2, $3, $4, $5, handle)
        }
    }

    /// Starts the nonblocking form of ``Neighbor_allgather(_:into:)``.
    ///
    /// MPI: `MPI_Ineighbor_allgather`, MPI-3.1 §7.7.1.
    @inlinable @_lifetime(copy part, copy whole)
    public func Ineighbor_allgather<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        var request = CMPI_REQUEST_NULL()
        try gatherParts(
            part, &whole, "MPI_Ineighbor_allgather", parts: try neighborParts("MPI_Ineighbor_allgather").received
        ) {
            MPI_Ineighbor_allgather($0, $1, $2, $3, $4, $5, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_allgather", BufferPair(sent: part, received: whole))
    }

    /// Sends a buffer to every neighbor and collects the neighbors' buffers; each buffer has its own size.
    ///
    /// - Parameters:
    ///   - part: This rank's elements.
    ///   - whole: Filled with the parts from the ranks that send to this rank.
    ///   - counts: The number of elements that each of them sends, and where they are stored; an even split by default.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_allgatherv`, MPI-3.1 §7.6.1.
    @inlinable
    public func Neighbor_allgatherv<T: MPIDatatype>(
        _ part: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into whole: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let parts = try neighborParts("MPI_Neighbor_allgatherv")
        let counts = counts.variableCounts ?? .even(whole.count, parts: parts.received)
        let (sentCount, itemElements) = (part.elementCount, whole.item.elements)
        try requireOwnParts("MPI_Neighbor_allgatherv", sent: { _ in sentCount }) {
            counts.elementCount(of: $0, itemElements)
        }
        try gatherv(part, &whole, counts, "MPI_Neighbor_allgatherv", neighbors: parts.received) {
            MPI_Neighbor_allgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle)
        } large: {
            CMPI_Neighbor_allgatherv_c($0, MPI_Count($1), $2, $3, $5.counts, $5.displacements, $4, handle)
        }
    }

    /// Starts the nonblocking form of ``Neighbor_allgatherv(_:into:counts:)``.
    ///
    /// MPI: `MPI_Ineighbor_allgatherv`, MPI-3.1 §7.7.1.
    @inlinable @_lifetime(copy part, copy whole)
    public func Ineighbor_allgatherv<
        T: MPIDatatype, Part: SendBuffer<T> & ~Copyable & ~Escapable, Whole: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ part: consuming Part, into whole: consuming Whole, counts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<BufferPair<Part, Whole>> {
        let parts = try neighborParts("MPI_Ineighbor_allgatherv")
        let counts = counts.variableCounts ?? .even(whole.count, parts: parts.received)
        let (sentCount, itemElements) = (part.elementCount, whole.item.elements)
        try requireOwnParts("MPI_Ineighbor_allgatherv", sent: { _ in sentCount }) {
            counts.elementCount(of: $0, itemElements)
        }
        var request = CMPI_REQUEST_NULL()
        try gatherv(part, &whole, counts, "MPI_Ineighbor_allgatherv", neighbors: parts.received) {
            MPI_Ineighbor_allgatherv($0, $1, $2, $3, counts.counts, counts.displacements, $4, handle, &request)
        } large: {
            CMPI_Ineighbor_allgatherv_c($0, MPI_Count($1), $2, $3, $5.counts, $5.displacements, $4, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_allgatherv", BufferPair(sent: part, received: whole),
            keeping: counts
        )
    }

    /// Sends every neighbor its part of a buffer and collects a part from every neighbor.
    ///
    /// - Parameters:
    ///   - whole: One part for each rank that this rank sends to. All parts, also those on the neighbors, have the same
    ///     count.
    ///   - received: Filled with one part from each rank that sends to this rank.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_alltoall`, MPI-3.1 §7.6.2.
    @inlinable
    public func Neighbor_alltoall<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        let parts = try neighborParts("MPI_Neighbor_alltoall")
        try exchange(whole, &received, parts: parts, "MPI_Neighbor_alltoall") {
            (whole, count, type, room, roomCount, roomType) throws(MPIError) in
            guard let neighborExchange else {
                return MPI_Neighbor_alltoall(whole, count, type, room, roomCount, roomType, handle)
            }
            return try neighborExchange.prepared(sending: (count, type), receiving: (roomCount, roomType))
                .call(whole, room)
        }
    }

    /// Starts the nonblocking form of ``Neighbor_alltoall(_:into:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoall`, MPI-3.1 §7.7.2.
    @inlinable @_lifetime(copy whole, copy received)
    public func Ineighbor_alltoall<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, into received: consuming Received
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        let parts = try neighborParts("MPI_Ineighbor_alltoall")
        var request = CMPI_REQUEST_NULL()
        var prepared: PreparedExchange?
        try exchange(whole, &received, parts: parts, "MPI_Ineighbor_alltoall") {
            (whole, count, type, room, roomCount, roomType) throws(MPIError) in
            prepared = try neighborExchange?.prepared(sending: (count, type), receiving: (roomCount, roomType))
            guard let prepared else {
                return MPI_Ineighbor_alltoall(whole, count, type, room, roomCount, roomType, handle, &request)
            }
            let started = prepared.start(whole, room)
            request = started.request
            return started.code
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoall", BufferPair(sent: whole, received: received),
            keeping: prepared)
    }

    /// Sends every neighbor a part of a buffer and collects a part from every neighbor; each part has its own size.
    ///
    /// - Parameters:
    ///   - whole: The parts for the ranks that this rank sends to.
    ///   - sendCounts: The number of elements that each of them receives, and where they begin; an even split by
    ///     default.
    ///   - received: Filled with the parts from the ranks that send to this rank.
    ///   - recvCounts: The number of elements that each of them sends, and where they are stored; an even split by
    ///     default.
    /// - Throws: ``MPIError``.
    ///
    /// MPI: `MPI_Neighbor_alltoallv`, MPI-3.1 §7.6.3.
    @inlinable
    public func Neighbor_alltoallv<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        sendCounts: some PartCounts = VariableCounts?.none,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        recvCounts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) {
        let parts = try neighborParts("MPI_Neighbor_alltoallv")
        let (sendCounts, recvCounts) = VariableCounts.alike(
            sendCounts.variableCounts ?? .even(whole.count, parts: parts.sent),
            recvCounts.variableCounts ?? .even(received.count, parts: parts.received))
        let (sentElements, receivedElements) = (whole.item.elements, received.item.elements)
        try requireOwnParts("MPI_Neighbor_alltoallv") {
            sendCounts.elementCount(of: $0, sentElements)
        } received: {
            recvCounts.elementCount(of: $0, receivedElements)
        }
        if let neighborExchange {
            let prepared = try prepare(
                neighborExchange, whole, sendCounts, received, recvCounts, parts, "MPI_Neighbor_alltoallv")
            return try perform(whole, &received, "MPI_Neighbor_alltoallv") { prepared.call($0, $1) }
        }
        try exchange(whole, sendCounts, &received, recvCounts, parts: parts, "MPI_Neighbor_alltoallv") {
            MPI_Neighbor_alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle)
        } large: {
            CMPI_Neighbor_alltoallv_c(
                $0, $4.counts, $4.displacements, $1, $2, $5.counts, $5.displacements, $3, handle)
        }
    }

    /// Starts the nonblocking form of ``Neighbor_alltoallv(_:sendCounts:into:recvCounts:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoallv`, MPI-3.1 §7.7.3.
    @inlinable @_lifetime(copy whole, copy received)
    public func Ineighbor_alltoallv<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendCounts: some PartCounts = VariableCounts?.none,
        into received: consuming Received, recvCounts: some PartCounts = VariableCounts?.none
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        let parts = try neighborParts("MPI_Ineighbor_alltoallv")
        var request = CMPI_REQUEST_NULL()
        let (sendCounts, recvCounts) = VariableCounts.alike(
            sendCounts.variableCounts ?? .even(whole.count, parts: parts.sent),
            recvCounts.variableCounts ?? .even(received.count, parts: parts.received))
        let (sentElements, receivedElements) = (whole.item.elements, received.item.elements)
        try requireOwnParts("MPI_Ineighbor_alltoallv") {
            sendCounts.elementCount(of: $0, sentElements)
        } received: {
            recvCounts.elementCount(of: $0, receivedElements)
        }
        if let neighborExchange {
            let prepared = try prepare(
                neighborExchange, whole, sendCounts, received, recvCounts, parts, "MPI_Ineighbor_alltoallv")
            try perform(whole, &received, "MPI_Ineighbor_alltoallv") {
                let started = prepared.start($0, $1)
                request = started.request
                return started.code
            }
            return Request(
                unwrapped(request), self, "MPI_Ineighbor_alltoallv", BufferPair(sent: whole, received: received),
                keeping: prepared)
        }
        try exchange(whole, sendCounts, &received, recvCounts, parts: parts, "MPI_Ineighbor_alltoallv") {
            MPI_Ineighbor_alltoallv(
                $0, sendCounts.counts, sendCounts.displacements, $1,
                $2, recvCounts.counts, recvCounts.displacements, $3, handle, &request)
        } large: {
            CMPI_Ineighbor_alltoallv_c(
                $0, $4.counts, $4.displacements, $1, $2, $5.counts, $5.displacements, $3, handle, &request)
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoallv", BufferPair(sent: whole, received: received),
            keeping: sendCounts, recvCounts)
    }

    /// Sends every neighbor a part of a buffer and collects a part from every neighbor; each part has its own layout.
    ///
    /// - Parameters:
    ///   - whole: A buffer with the parts for the ranks that this rank sends to.
    ///   - sendLayouts: The elements that each of them receives.
    ///   - received: Filled with the parts from the ranks that send to this rank.
    ///   - recvLayouts: Where the elements from each of them are stored. A rank must send exactly as many elements as
    ///     are received from it.
    /// - Throws: ``MPIError`` if a part lies outside its buffer or two parts are received into the same place.
    ///
    /// MPI: `MPI_Neighbor_alltoallw`, MPI-3.1 §7.6.4.
    @inlinable
    public func Neighbor_alltoallw<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, sendLayouts: VariableLayouts<T>,
        into received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, recvLayouts: VariableLayouts<T>
    ) throws(MPIError) {
        let parts = try neighborParts("MPI_Neighbor_alltoallw")
        try requireOwnParts(
            "MPI_Neighbor_alltoallw", sent: sendLayouts.elementCount, received: recvLayouts.elementCount)
        try exchange(whole, sendLayouts, &received, recvLayouts, parts: parts, "MPI_Neighbor_alltoallw") {
            (whole, room) throws(MPIError) in
            try neighborAlltoallw(whole, sendLayouts, room, recvLayouts)
        }
    }

    /// Exchanges parts of one buffer with the neighbors, such as the boundary cells of a block and the halo around it.
    ///
    /// - Parameters:
    ///   - parts: The elements to send to each neighbor, and where the elements from that neighbor are stored.
    ///   - buffer: The whole buffer; nothing is copied out of it.
    /// - Throws: ``MPIError`` if the buffer is too small for the parts, or if there is not exactly one part for each
    ///   neighbor.
    ///
    /// MPI: `MPI_Neighbor_alltoallw`, MPI-3.1 §7.6.4.
    @inlinable
    public func Neighbor_alltoallw<T: MPIDatatype>(
        _ parts: HaloParts<T>, in buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable
    ) throws(MPIError) {
        try exchange(parts, in: &buffer, "MPI_Neighbor_alltoallw") { (address) throws(MPIError) in
            try neighborAlltoallw(address, parts.sent, address, parts.received)
        }
    }

    /// Starts the nonblocking form of ``Neighbor_alltoallw(_:sendLayouts:into:recvLayouts:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoallw`, MPI-3.1 §7.7.4.
    @inlinable @_lifetime(copy whole, copy received)
    public func Ineighbor_alltoallw<
        T: MPIDatatype, Whole: SendBuffer<T> & ~Copyable & ~Escapable,
        Received: ReceiveBuffer<T> & ~Copyable & ~Escapable
    >(
        _ whole: consuming Whole, sendLayouts: VariableLayouts<T>,
        into received: consuming Received, recvLayouts: VariableLayouts<T>
    ) throws(MPIError) -> Request<BufferPair<Whole, Received>> {
        let parts = try neighborParts("MPI_Ineighbor_alltoallw")
        var request = CMPI_REQUEST_NULL()
        var prepared: PreparedExchange?
        try requireOwnParts(
            "MPI_Ineighbor_alltoallw", sent: sendLayouts.elementCount, received: recvLayouts.elementCount)
        try exchange(whole, sendLayouts, &received, recvLayouts, parts: parts, "MPI_Ineighbor_alltoallw") {
            (whole, room) throws(MPIError) in
            let started = try ineighborAlltoallw(whole, sendLayouts, room, recvLayouts)
            (request, prepared) = (started.request, started.prepared)
            return started.code
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoallw", BufferPair(sent: whole, received: received),
            keeping: sendLayouts, recvLayouts, prepared)
    }

    /// Starts the nonblocking form of ``Neighbor_alltoallw(_:in:)``.
    ///
    /// MPI: `MPI_Ineighbor_alltoallw`, MPI-3.1 §7.7.4.
    @inlinable @_lifetime(copy buffer)
    public func Ineighbor_alltoallw<T: MPIDatatype, Buffer: ReceiveBuffer<T> & ~Copyable & ~Escapable>(
        _ parts: HaloParts<T>, in buffer: consuming Buffer
    ) throws(MPIError) -> Request<Buffer> {
        var request = CMPI_REQUEST_NULL()
        var prepared: PreparedExchange?
        try exchange(parts, in: &buffer, "MPI_Ineighbor_alltoallw") { (address) throws(MPIError) in
            let started = try ineighborAlltoallw(address, parts.sent, address, parts.received)
            (request, prepared) = (started.request, started.prepared)
            return started.code
        }
        return Request(
            unwrapped(request), self, "MPI_Ineighbor_alltoallw", buffer,
            keeping: parts.sent, parts.received, prepared)
    }

    /// Prepares the exchange of ``Neighbor_alltoallw(_:in:)`` so that it can be started repeatedly.
    ///
    /// ```swift
    /// var halo = try grid.Neighbor_alltoallw_init(parts, in: block.mutableSpan)
    /// for _ in 0..<steps {
    ///     try halo.start()
    ///     try halo.wait()
    ///     halo.withBuffer { update(&$0) }
    /// }
    /// ```
    ///
    /// Collective.
    ///
    /// - Throws: ``MPIError`` as ``Neighbor_alltoallw(_:in:)`` does, and if the library has no persistent collectives:
    ///   they are part of MPI-4, and Open MPI has them since 4.1.
    ///
    /// MPI: `MPI_Neighbor_alltoallw_init`, MPI-4.0 §8.8.
    @inlinable @_lifetime(copy buffer)
    public func Neighbor_alltoallw_init<
        T: MPIDatatype, Buffer: ReceiveBuffer<T> & BorrowedBuffer & ~Copyable & ~Escapable
    >(
        _ parts: HaloParts<T>, in buffer: consuming Buffer
    ) throws(MPIError) -> PersistentRequest<Buffer> {
        var request = CMPI_REQUEST_NULL()
        var prepared: PreparedExchange?
        try exchange(parts, in: &buffer, "MPI_Neighbor_alltoallw_init") { (address) throws(MPIError) in
            try requirePersistentCollectives("MPI_Neighbor_alltoallw_init")
            prepared = try neighborExchange?.prepared(sending: parts.sent.block, receiving: parts.received.block)
            if let prepared {
                let initialized = prepared.initialize(address, address)
                request = initialized.request
                return initialized.code
            }
            let (sent, received) = (parts.sent, parts.received)
            return CMPI_Neighbor_alltoallw_init(
                address, sent.neighborCounts, sent.neighborDisplacements, sent.types,
                address, received.neighborCounts, received.neighborDisplacements, received.types, handle, &request)
        }
        return PersistentRequest(
            unwrapped(request), self, "MPI_Neighbor_alltoallw_init", buffer,
            keeping: parts.sent, parts.received, prepared)
    }
}

extension TopologyCommunicator {
    /// Makes the `MPI_Neighbor_alltoallw` call of the blocking forms.
    @inlinable
    func neighborAlltoallw<T: MPIDatatype>(
        _ whole: UnsafeRawPointer?, _ sent: VariableLayouts<T>,
        _ room: UnsafeMutableRawPointer?, _ received: VariableLayouts<T>
    ) throws(MPIError) -> CInt {
        if let neighborExchange {
            return try neighborExchange.prepared(sending: sent.block, receiving: received.block).call(whole, room)
        }
        return CMPI_Neighbor_alltoallw(
            whole, sent.neighborCounts, sent.neighborDisplacements, sent.types,
            room, received.neighborCounts, received.neighborDisplacements, received.types, handle)
    }

    /// Makes the call of the nonblocking forms; the returned `prepared` must be kept until the request is complete.
    @inlinable
    func ineighborAlltoallw<T: MPIDatatype>(
        _ whole: UnsafeRawPointer?, _ sent: VariableLayouts<T>,
        _ room: UnsafeMutableRawPointer?, _ received: VariableLayouts<T>
    ) throws(MPIError) -> (code: CInt, request: MPI_Request, prepared: PreparedExchange?) {
        if let neighborExchange {
            let prepared = try neighborExchange.prepared(sending: sent.block, receiving: received.block)
            let started = prepared.start(whole, room)
            return (started.code, started.request, prepared)
        }
        var request = CMPI_REQUEST_NULL()
        let code = CMPI_Ineighbor_alltoallw(
            whole, sent.neighborCounts, sent.neighborDisplacements, sent.types,
            room, received.neighborCounts, received.neighborDisplacements, received.types, handle, &request)
        return (code, unwrapped(request), nil)
    }

    /// Shared implementation of the calls on one buffer.
    @inlinable
    func exchange<T: MPIDatatype>(
        _ parts: HaloParts<T>, in buffer: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable,
        _ function: StaticString, _ call: (UnsafeMutableRawPointer?) throws(MPIError) -> CInt
    ) throws(MPIError) {
        let counts = try neighborParts(function)
        try parts.sent.require(counts.sent, in: buffer, function, mayOverlap: true)
        try parts.received.require(counts.received, in: buffer, function)
        try requireOwnParts(function, sent: parts.sent.elementCount, received: parts.received.elementCount)
        try check(function, buffer.withMutableAddress(call))
    }

    /// Throws if this rank sends itself more or fewer elements than it receives: the libraries would silently truncate
    /// or shift them.
    ///
    /// - Parameters:
    ///   - sent: The number of elements in a part to send; `nil` if there is no such part.
    ///   - received: The number of elements in a part to receive; `nil` if there is no such part.
    @inlinable
    func requireOwnParts(
        _ function: StaticString, sent: (Int) -> Int?, received: (Int) -> Int?
    ) throws(MPIError) {
        for part in ownParts {
            guard let sentCount = sent(part.sent), let receivedCount = received(part.received) else { continue }
            if sentCount != receivedCount {
                throw MPIError(
                    refused: function, .truncated,
                    "this rank sends itself \(sentCount) elements and has room for \(receivedCount)")
            }
        }
    }

    /// The parts that this rank sends to itself, as pairs of a sent and a received part.
    @usableFromInline var ownParts: [(sent: Int, received: Int)] {
        let (sources, destinations) = neighbors
        guard let received = sources.firstIndex(of: rank), let sent = destinations.firstIndex(of: rank) else {
            return []
        }
        return neighborExchange?.own ?? [(sent: sent, received: received)]
    }

    /// Returns the number of parts in a call, one for each edge.
    ///
    /// - Throws: ``MPIError`` for a graph with an edge that does not lead back.
    @inlinable
    func neighborParts(_ function: StaticString) throws(MPIError) -> (sent: Int, received: Int) {
        if !areEdgesMatched {
            throw MPIError(
                refused: function, .topology,
                "not every edge of the graph leads back: a rank would wait for a message that is never sent")
        }
        let (received, sent) = neighborCounts
        return (sent, received)
    }

    /// Prepares a call with parts of different sizes in a topology in which a rank is a neighbor twice.
    @inlinable
    func prepare<T: MPIDatatype>(
        _ neighborExchange: NeighborExchange,
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ sendCounts: VariableCounts,
        _ received: borrowing some SendBuffer<T> & ~Copyable & ~Escapable, _ recvCounts: VariableCounts,
        _ parts: (sent: Int, received: Int), _ function: StaticString
    ) throws(MPIError) -> PreparedExchange {
        try require(sendCounts, in: whole.count, parts.sent, function, mayOverlap: true)
        try require(recvCounts, in: received.count, parts.received, function)
        let (sendItem, recvItem) = (whole.item, received.item)
        return try neighborExchange.prepared {
            sendCounts.block($0, of: sendItem)
        } receiving: {
            recvCounts.block($0, of: recvItem)
        }
    }

    /// Passes the addresses of two buffers to a call.
    @inlinable
    func perform<T: MPIDatatype>(
        _ whole: borrowing some SendBuffer<T> & ~Copyable & ~Escapable,
        _ received: inout some ReceiveBuffer<T> & ~Copyable & ~Escapable, _ function: StaticString,
        _ call: (UnsafeRawPointer?, UnsafeMutableRawPointer?) -> CInt
    ) throws(MPIError) {
        let code = try whole.withAddress { (whole) throws(MPIError) in
            try received.withMutableAddress { call(whole, $0) }
        }
        try check(function, code)
    }
}
