// One-sided communication (MPI-3.1 chapter 11).
// Missing: everything public. This is what the suite's own halo exchange needs.

internal import CMPI
private import Glibc

/// Memory that all ranks of a node can read and write, a segment a rank.
///
/// Its users agree among themselves on who may touch what and when, by atomic variables in it. It is there until MPI is
/// finalized: giving it back is a collective call, in which a rank that ends with an error would keep the others
/// waiting.
///
/// MPI: `MPI_Win_allocate_shared`, MPI-3.1 §11.2.3.
package struct SharedMemory {
    // An optional pointer in one MPI, an integer in the other.
    private var window = CMPI_WIN_NULL()

    /// Allocates a segment of zeros on every rank. Collective.
    ///
    /// - Parameters:
    ///   - byteCount: Of this rank's segment.
    ///   - communicator: All its ranks are on one node; see ``Communicator/splitBySharedMemory(key:)``.
    package init(byteCount: Int, on communicator: Communicator) throws(MPIError) {
        let size = Self.pageAligned(byteCount)
        var memory: UnsafeMutableRawPointer?
        let code = MPI_Win_allocate_shared(
            size, 1, CMPI_INFO_NULL(), communicator.handle, &memory, &window)
        try check("MPI_Win_allocate_shared", code)
        memory?.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        try communicator.Barrier()
    }

    /// Whether the node has room for segments of so many bytes. Collective; the same on all ranks.
    ///
    /// Where it has not, neither library says so in a usable way: Open MPI fails on one rank only, for which the others
    /// wait, and MPICH dies when the memory is used. Both take it from `/dev/shm`.
    package static func isAvailable(byteCount: Int, on communicator: Communicator) throws(MPIError) -> Bool {
        let needed = try communicator.Allreduce(pageAligned(byteCount), op: .sum)
        var status = statvfs()
        let free =
            statvfs("/dev/shm", &status) == 0
            ? UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)) : (.max, false)
        let isEnough = free.overflow || UInt64(needed) <= free.partialValue
        return try communicator.Allreduce(isEnough, op: .logicalAnd)
    }

    /// Segments of whole pages begin at pages.
    private static func pageAligned(_ byteCount: Int) -> Int { (byteCount + 4095) / 4096 * 4096 }

    /// The segment of a rank.
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
