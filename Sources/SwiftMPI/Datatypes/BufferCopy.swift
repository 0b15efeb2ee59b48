internal import CMPI

/// A copy of a buffer, to send from while others' parts are received in its place.
///
/// The libraries have faults in nonblocking exchanges in place: Open MPI 4.1 mixes up parts of `MPI_Ialltoallv` that
/// have more than about 4 kB, MPICH 4.0 takes the size of another part's datatype in `MPI_Ialltoallw`. The copy must be
/// there until the call is complete.
@usableFromInline
final class BufferCopy {
    private let memory: UnsafeMutableRawPointer
    /// Stands for the address of the buffer.
    @usableFromInline let address: UnsafeRawPointer

    /// - Parameters:
    ///   - address: Where the first of the items would begin that a call counts from.
    ///   - items: Those that the buffer has.
    @usableFromInline
    init<T: MPIDatatype>(of address: UnsafeMutableRawPointer?, items: Range<Int>, _ item: BufferItem, _: T.Type) {
        var (lower, length) = (MPI_Count(0), MPI_Count(item.extent))
        if item.datatype != T.mpiDatatype { MPI_Type_get_true_extent_x(item.datatype, &lower, &length) }
        let start = items.lowerBound * item.extent + Int(lower)
        let byteCount = items.isEmpty ? 0 : (items.count - 1) * item.extent + Int(length)
        memory = .allocate(byteCount: max(1, byteCount), alignment: 64)
        if let address, byteCount > 0 { memory.copyMemory(from: address + start, byteCount: byteCount) }
        self.address = UnsafeRawPointer(memory) - start
    }

    deinit { memory.deallocate() }
}
