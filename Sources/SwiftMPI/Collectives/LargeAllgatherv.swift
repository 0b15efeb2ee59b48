public import CMPI

/// An `Allgatherv` of parts beyond a C int, with a library that has no call for it.
///
/// An all-to-all in which each rank sends its part to all others, by datatypes that may have any size. It must be there
/// until the call is complete.
///
/// MPI: `MPI_Alltoallw`, MPI-3.1 §5.8.
@usableFromInline
final class LargeAllgatherv {
    private let communicator: MPI_Comm
    private let sent: MessageTable
    private let received: MessageTable

    /// - Parameters:
    ///   - counts: The parts and their places in the whole buffer.
    ///   - part: This rank's own; `nil` if it is in place.
    fileprivate init(
        _ counts: VariableCounts, part: Block?, whole type: MPI_Datatype, on communicator: Communicator
    ) throws(MPIError) {
        let item = BufferItem(datatype: type, extent: extent(of: type), elements: 1)
        let places = (0..<communicator.size).map { counts.block($0, of: item) }
        // Nothing goes to oneself of what is in place.
        func messages(_ block: (Int) -> Block) -> [[Block]] {
            places.indices.map { part == nil && $0 == communicator.rank ? [] : [block($0)] }
        }
        self.communicator = communicator.handle
        sent = try MessageTable(messages { _ in part ?? places[communicator.rank] })
        received = try MessageTable(messages { places[$0] })
    }

    @usableFromInline
    func call(_ part: UnsafeRawPointer?, _ whole: UnsafeMutableRawPointer?) -> CInt {
        MPI_Alltoallw(
            part, sent.counts, sent.displacements, sent.types, whole, received.counts, received.displacements,
            received.types, communicator)
    }

    @usableFromInline
    func start(
        _ part: UnsafeRawPointer?, _ whole: UnsafeMutableRawPointer?
    ) -> (code: CInt, request: MPI_Request) {
        var request = CMPI_REQUEST_NULL()
        let code = MPI_Ialltoallw(
            part, sent.counts, sent.displacements, sent.types, whole, received.counts, received.displacements,
            received.types, communicator, &request)
        return (code, unwrapped(request))
    }
}

extension Communicator {
    /// Prepares an `Allgatherv` by other means, if the library has no call for its table.
    ///
    /// - Parameter part: How this rank's part is described to MPI; `nil` if it is in place.
    /// - Throws: ``MPIError`` where only this rank knows that its table is beyond C ints.
    @usableFromInline
    func largeAllgatherv(
        _ counts: VariableCounts, part: (count: CInt, type: MPI_Datatype)?, _ type: MPI_Datatype, isBlocking: Bool,
        _ function: StaticString
    ) throws(MPIError) -> LargeAllgatherv? {
        if CMPI_HAS_LARGE_COUNTS() != 0 { return nil }
        if isInter || counts.large?.isByCounts == false { try requireLargeCounts(function) }
        // Open MPI 4 copies a rank's own part of a nonblocking exchange as if a C int could count its bytes.
        if !isBlocking, CMPI_OPEN_MPI_MAJOR() == 4,
            (0..<counts.partCount).contains(where: { counts.count(of: $0) > Int(CInt.max) })
        {
            try requireLargeCounts(function)
        }
        return try LargeAllgatherv(
            counts, part: part.map { Block(offset: 0, count: Int($0.count), type: $0.type) }, whole: type, on: self)
    }
}
