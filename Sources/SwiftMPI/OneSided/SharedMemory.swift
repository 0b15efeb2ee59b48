// One-sided communication (MPI-3.1 chapter 11).
// Missing: everything public. This is only the part that the suite's own halo exchange needs.

internal import CMPI
private import Glibc

/// Memory that all ranks of a node can read and write, one segment for each rank.
///
/// The ranks must coordinate their accesses among themselves, through atomic variables in the memory. The memory is
/// kept until MPI is finalized: freeing it is a collective call, in which the other ranks would wait for a rank that
/// ends with an error.
///
/// MPI: `MPI_Win_allocate_shared`, MPI-3.1 §11.2.3.
package struct SharedMemory {
    // An optional pointer in one MPI, an integer in the other.
    private var window = CMPI_WIN_NULL()

    /// Allocates a segment of zeros on every rank. Collective.
    ///
    /// - Parameters:
    ///   - byteCount: The size of this rank's segment.
    ///   - communicator: A communicator whose ranks are all on one node; see
    ///     ``Communicator/splitBySharedMemory(key:)``.
    package init(byteCount: Int, on communicator: Communicator) throws(MPIError) {
        let size = Self.pageAligned(byteCount)
        var memory: UnsafeMutableRawPointer?
        let code = MPI_Win_allocate_shared(
            size, 1, CMPI_INFO_NULL(), communicator.handle, &memory, &window)
        try check("MPI_Win_allocate_shared", code)
        memory?.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        try communicator.Barrier()
    }

    /// Returns whether the node has room for segments of the given sizes. Collective; the result is the same on all
    /// ranks.
    ///
    /// If there is no room, neither library reports this in a usable way: Open MPI fails on only one rank, while the
    /// others wait for it, and MPICH dies when the memory is used. Both take the memory from `/dev/shm`.
    package static func isAvailable(byteCount: Int, on communicator: Communicator) throws(MPIError) -> Bool {
        let needed = try communicator.Allreduce(pageAligned(byteCount), op: .sum)
        var status = statvfs()
        let free =
            statvfs("/dev/shm", &status) == 0
            ? UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)) : (.max, false)
        let isEnough = free.overflow || UInt64(needed) <= free.partialValue
        return try communicator.Allreduce(isEnough, op: .logicalAnd)
    }

    /// Rounds a size up to whole pages, so that every segment begins at a page.
    private static func pageAligned(_ byteCount: Int) -> Int { (byteCount + 4095) / 4096 * 4096 }

    /// Returns the address of a rank's segment.
    ///
    /// MPI: `MPI_Win_shared_query`, MPI-3.1 §11.2.3.
    package func segment(of rank: Int) throws(MPIError) -> UnsafeMutableRawPointer {
        var size: MPI_Aint = 0
        var unit: CInt = 0
        var memory: UnsafeMutableRawPointer?
        let code = MPI_Win_shared_query(window, CInt(rank), &size, &unit, &memory)
        try check("MPI_Win_shared_query", code)
        return memory!
    }
}
