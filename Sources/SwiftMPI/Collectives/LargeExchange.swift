public import CMPI

/// A substitute for a collective that moves more data than the MPI library can handle in that call.
///
/// An all-to-all exchange whose datatypes may have any size. It must be kept alive until the call is complete.
///
/// MPI: `MPI_Alltoallw`, MPI-3.1 §5.8.
@usableFromInline
final class LargeExchange {
    private let communicator: MPI_Comm
    private let sent: MessageTable
    private let received: MessageTable

    /// - Parameters:
    ///   - sent: The block sent to a rank, or `nil` for no message.
    ///   - received: The block received from a rank, or `nil` for no message.
    fileprivate init(
        on communicator: Communicator, sending sent: (Int) -> Block?, receiving received: (Int) -> Block?
    ) throws(MPIError) {
        func messages(_ block: (Int) -> Block?) -> [[Block]] {
            (0..<communicator.size).map { rank in block(rank).map { [$0] } ?? [] }
        }
        self.communicator = communicator.handle
        self.sent = try MessageTable(messages(sent))
        self.received = try MessageTable(messages(received))
    }

    @usableFromInline
    func call(_ buffer: UnsafeRawPointer?, _ room: UnsafeMutableRawPointer?) -> CInt {
        MPI_Alltoallw(
            buffer, sent.counts, sent.displacements, sent.types, room, received.counts, received.displacements,
            received.types, communicator)
    }

    /// - Parameter store: Called with the request.
    @usableFromInline
    func start(
        _ buffer: UnsafeRawPointer?, _ room: UnsafeMutableRawPointer?, _ store: (MPI_Request) -> Void
    ) -> CInt {
        var request = CMPI_REQUEST_NULL()
        let code = MPI_Ialltoallw(
            buffer, sent.counts, sent.displacements, sent.types, room, received.counts, received.displacements,
            received.types, communicator, &request)
        store(unwrapped(request))
        return code
    }
}

extension Communicator {
    /// Returns whether a collective moves more bytes than some of MPICH 4.0's collectives can count.
    ///
    /// Beyond 2³¹−1 bytes in total, `MPI_Allgatherv` never returns on three or more ranks, and `MPI_Scatter`,
    /// `MPI_Iscatter` and `MPI_Ibcast` crash or abort the job.
    ///
    /// The result is the same on all ranks. MPI is queried only if the number of elements could be too large.
    @inlinable
    func isBeyondMPICH<Element>(_ count: Int, of item: BufferItem, _ type: Element.Type) -> Bool {
        CMPI_IS_MPICH() != 0 && count > Int(CInt.max) / max(1, item.elements * MemoryLayout<Element>.stride)
            && isBeyondMPICH(count, of: item.datatype)
    }

    @usableFromInline
    func isBeyondMPICH(_ count: Int, of type: MPI_Datatype) -> Bool {
        CMPI_IS_MPICH() != 0 && !isInter && count > Int(CInt.max) / max(1, byteCount(of: type))
    }

    /// Prepares the substitute for an `Allgatherv` if the library has no call for its table.
    ///
    /// - Parameter part: How this rank's part is described to MPI; `nil` if the part is in place.
    /// - Throws: ``MPIError`` if only this rank knows that its table exceeds C ints.
    @usableFromInline
    func largeAllgatherv(
        _ counts: VariableCounts, part: (count: CInt, type: MPI_Datatype)?, _ type: MPI_Datatype, isBlocking: Bool,
        _ function: StaticString
    ) throws(MPIError) -> LargeExchange? {
        if CMPI_HAS_LARGE_COUNTS() != 0 {
            if !isBeyondMPICH(counts.total, of: type) { return nil }
        } else if isInter || counts.large?.isByCounts == false {
            try requireLargeCounts(function)
        }
        // Open MPI 4 copies a rank's own part in a nonblocking exchange as if its byte count fit into a C int.
        if !isBlocking, CMPI_OPEN_MPI_MAJOR() == 4,
            (0..<counts.partCount).contains(where: { counts.count(of: $0) > Int(CInt.max) })
        {
            try requireLargeCounts(function)
        }
        let item = BufferItem(datatype: type, extent: extent(of: type), elements: 1)
        let places = (0..<size).map { counts.block($0, of: item) }
        let part = part.map { Block(offset: 0, count: Int($0.count), type: $0.type) }
        // A rank does not send an in-place part to itself.
        func isSent(_ peer: Int) -> Bool { part != nil || peer != rank }
        return try LargeExchange(on: self) {
            isSent($0) ? part ?? places[rank] : nil
        } receiving: {
            isSent($0) ? places[$0] : nil
        }
    }

    /// Prepares the substitute for a `Scatter`.
    ///
    /// - Parameters:
    ///   - sent: How a part in the root's buffer is described to MPI.
    ///   - part: How this rank's part is described; `nil` if the part is in place.
    @usableFromInline
    func largeScatter(
        _ sent: (count: CInt, type: MPI_Datatype), part: (count: CInt, type: MPI_Datatype)?, root: Int
    ) throws(MPIError) -> LargeExchange {
        let step = Int(sent.count) * extent(of: sent.type)
        return try LargeExchange(on: self) {
            rank == root && (part != nil || $0 != root)
                ? Block(offset: $0 * step, count: Int(sent.count), type: sent.type) : nil
        } receiving: {
            $0 == root ? part.map { Block(offset: 0, count: Int($0.count), type: $0.type) } : nil
        }
    }

    /// Prepares the substitute for an `Ibcast`.
    @usableFromInline
    func largeBcast(_ count: CInt, _ type: MPI_Datatype, root: Int) throws(MPIError) -> LargeExchange {
        let whole = Block(offset: 0, count: Int(count), type: type)
        return try LargeExchange(on: self) {
            rank == root && $0 != root ? whole : nil
        } receiving: {
            rank != root && $0 == root ? whole : nil
        }
    }
}
