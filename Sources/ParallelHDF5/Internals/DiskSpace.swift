internal import CHDF5
internal import Glibc
internal import SwiftMPI

// Disk space is claimed before HDF5 writes to it, because a full disk that is detected later is handled badly (HDF5
// 1.10.8 on a full tmpfs, several ranks):
//
// - Open MPI 4.1.4 (ompio) loses collective writes silently: write, flush and close all report success.
// - MPICH 4.0.2 (ROMIO) reports the failed write, then hangs in the next flush, close or MPI_Finalize.
//
// A claim is one or two system calls on one rank, whose result is broadcast to all ranks.

extension HDF5Object where Self: ~Copyable {
    /// Claims disk space for everything written so far, for the first `end` bytes, and for metadata that HDF5 has not
    /// written yet.
    ///
    /// - Throws: ``HDF5Error`` on all ranks if there is not enough.
    ///
    /// C: H5Fget_mdc_size
    func claimSpace(upTo end: Int = 0, _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        let file = try Handle("H5Iget_file_id", attempt(), closedBy: H5Fclose, named: "H5Fclose") { H5Iget_file_id(id) }
        var cached = 0
        try check("H5Fget_mdc_size", attempt()) { H5Fget_mdc_size(file.id, nil, nil, &cached, nil) }
        try file.release(attempt())
        try throwing(
            communicator.agreed(attempt()) { claim(filePath, upTo: end, slack: cached + 1 << 16) }, attempt())
    }

    /// Throws if there is not enough disk space for chunks that are about to be compressed. Collective.
    ///
    /// Their size is not known in advance and so cannot be claimed. Instead, their uncompressed size must be free.
    ///
    /// - Parameter byteCount: The number of bytes that this rank writes.
    func requireSpace(_ byteCount: Int, _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        var total = byteCount
        do throws(MPIError) {
            if let communicator { total = try communicator.Allreduce(byteCount, op: .sum) }
        } catch {
            throw HDF5Error(attempt(), refusedBecause: "\(error)")
        }
        try throwing(communicator.agreed(attempt()) { hasSpace(filePath, total + 1 << 16) }, attempt())
    }

    private func throwing(_ status: CInt, _ attempt: @autoclosure () -> String) throws(HDF5Error) {
        if status != 0 { throw HDF5Error(attempt(), refusedBecause: String(cString: strerror(status))) }
    }
}

/// Returns 0 if `byteCount` bytes are free in the file system of a file, otherwise an errno.
private func hasSpace(_ path: String, _ byteCount: Int) -> CInt {
    var system = statvfs()
    if statvfs(path, &system) != 0 { return errno }
    return Double(byteCount) <= Double(system.f_bavail) * Double(system.f_frsize) ? 0 : ENOSPC
}

/// Allocates disk space for the current length of a file and at least `end` bytes, and for `slack` bytes more.
///
/// On file systems without `fallocate` this function only checks the free space, which other processes may take in the
/// meantime.
/// - Returns: 0, or an errno.
private func claim(_ path: String, upTo end: Int, slack: Int) -> CInt {
    let file = open(path, O_WRONLY | O_CLOEXEC)
    if file < 0 { return errno }
    defer { _ = close(file) }
    var status = stat()
    if fstat(file, &status) != 0 { return errno }
    let end = max(end, Int(status.st_size))
    for (keepsSize, start, count) in [(CInt(0), 0, end), (1, end, slack)] where count > 0 {
        let reason = CHDF5_fallocate(file, keepsSize, Int64(start), Int64(count))
        if reason == EOPNOTSUPP || reason == ENOSYS { return claimWithoutFallocate(file, status, upTo: end + slack) }
        if reason != 0 { return reason }
    }
    return 0
}

private func claimWithoutFallocate(_ file: CInt, _ status: stat, upTo end: Int) -> CInt {
    var system = statvfs()
    if fstatvfs(file, &system) != 0 { return errno }
    let missing = end - Int(status.st_blocks) * 512
    return Double(missing) <= Double(system.f_bavail) * Double(system.f_frsize) ? 0 : ENOSPC
}

extension Communicator? {
    /// Calls `find` on rank 0 and returns its result on all ranks. Without a communicator, calls `find` in this
    /// process.
    func agreed(_ attempt: @autoclosure () -> String, _ find: () -> CInt) throws(HDF5Error) -> CInt {
        guard let self else { return find() }
        var found = self.rank == 0 ? find() : 0
        do throws(MPIError) {
            try self.Bcast(&found, root: 0)
        } catch {
            throw HDF5Error(attempt(), refusedBecause: "\(error)")
        }
        return found
    }
}
