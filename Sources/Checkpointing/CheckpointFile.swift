private import Glibc
internal import SystemSupport

/// An open file of which each rank reads or writes its own parts, with POSIX calls.
///
/// Every rank transfers whole blocks of rows where it has them, directly to or from the field, without a copy:
/// collective buffering by an MPI library would bring no advantage. No two ranks write the same bytes, and every rank
/// synchronizes its bytes to the disk before the file gets its name. NFS and Lustre require no more than that.
struct CheckpointFile: ~Copyable {
    enum Mode { case read, write, create }

    private let descriptor: Int32
    private let path: String

    init(_ path: String, _ mode: Mode) throws(UserError) {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .write: O_WRONLY
            case .create: O_WRONLY | O_CREAT
            }
        descriptor = open(path, flags | O_CLOEXEC, 0o666)
        self.path = path
        if descriptor < 0 { throw Self.failed("open", path) }
    }

    deinit { close(descriptor) }

    var length: Int {
        get throws(UserError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw Self.failed("read", path) }
            return Int(status.st_size)
        }
    }

    func setLength(_ byteCount: Int) throws(UserError) {
        guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw Self.failed("write", path) }
    }

    /// Returns `count` bytes from the start of the file, or fewer if the file is shorter.
    func start(count: Int) throws(UserError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = pread(descriptor, &bytes, count, 0)
        guard read >= 0 else { throw Self.failed("read", path) }
        return Array(bytes[..<read])
    }

    func writeStart(_ bytes: [UInt8]) throws(UserError) {
        let result = bytes.withUnsafeBytes { source in
            Result<Void, UserError> { () throws(UserError) in
                try transfer(UnsafeMutableRawPointer(mutating: source.baseAddress!), source.count, at: 0, isWrite: true)
            }
        }
        try result.get()
    }

    /// Writes or reads this rank's part of a block.
    ///
    /// - Parameter dataStart: The offset of the array in the file.
    func transfer(_ array: CheckpointArray, block: Int, dataStart: Int, isWrite: Bool) throws(UserError) {
        let rows = array.rows(ofBlock: block).clamped(to: array.rows)
        let length = 8 * array.columns.count
        if array.columns.count < array.columnCount {
            for row in rows {
                try transfer(
                    array.address(ofRow: row), length, at: dataStart + array.offset(ofRow: row), isWrite: isWrite)
            }
            return
        }
        // Whole rows are contiguous in the file: one call transfers many of them.
        var first = rows.lowerBound
        while first < rows.upperBound {
            let some = first..<min(rows.upperBound, first + 1024)
            let pieces = some.map { iovec(iov_base: array.address(ofRow: $0), iov_len: length) }
            let offset = off_t(dataStart + array.offset(ofRow: first))
            let count = Int32(pieces.count)
            let done =
                isWrite ? pwritev(descriptor, pieces, count, offset) : preadv(descriptor, pieces, count, offset)
            // After a short transfer the rows are transferred again, one by one.
            if done < some.count * length {
                for row in some {
                    try transfer(
                        array.address(ofRow: row), length, at: dataStart + array.offset(ofRow: row), isWrite: isWrite)
                }
            }
            first = some.upperBound
        }
    }

    private func transfer(
        _ memory: UnsafeMutableRawPointer, _ count: Int, at offset: Int, isWrite: Bool
    ) throws(UserError) {
        var done = 0
        while done < count {
            let some =
                isWrite
                ? pwrite(descriptor, memory + done, count - done, off_t(offset + done))
                : pread(descriptor, memory + done, count - done, off_t(offset + done))
            if some < 0 && errno == EINTR { continue }
            if some == 0 { errno = isWrite ? ENOSPC : EIO }
            guard some > 0 else { throw Self.failed(isWrite ? "write" : "read", path) }
            done += some
        }
    }

    /// Synchronizes the data that this rank has written to the disk.
    func synchronize() throws(UserError) {
        guard fsync(descriptor) == 0 else { throw Self.failed("write", path) }
    }

    static func failed(_ attempt: String, _ path: String) -> UserError {
        let reason = systemError()
        return UserError("cannot \(attempt) \(path): \(reason)", exitStatus: ExitStatus.ioError)
    }
}
