internal import CMPI

/// A copy of a send buffer, for in-place exchanges whose received parts overwrite the buffer.
///
/// The libraries have bugs in nonblocking in-place exchanges: Open MPI 4.1 mixes up the parts of `MPI_Ialltoallv` above
/// about 4 kB, and MPICH 4.0 uses the size of another part's datatype in `MPI_Ialltoallw`. The copy must stay alive
/// until the call completes.
@usableFromInline
final class BufferCopy {
    private let memory: UnsafeMutableRawPointer
    /// The address to pass to MPI in place of the buffer's address.
    @usableFromInline let address: UnsafeRawPointer

    /// - Parameters:
    ///   - address: The address from which the call counts its items.
    ///   - items: The items that are in the buffer.
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
