internal import CMPI
private import Synchronization

extension MPI {
    /// Runs `body` with a buffer attached, into which its buffered sends copy their messages.
    ///
    /// The buffer belongs to the process, which can have only one at a time. After `body` returns or throws, this
    /// method waits until all messages in the buffer have been sent, which requires that they are received.
    ///
    /// - Parameters:
    ///   - byteCount: The total size of the messages that may be in flight at once, plus ``bufferedSendOverhead`` bytes
    ///     for each.
    ///   - body: Code that does the buffered sends.
    /// - Throws: ``MPIError`` if a buffer is already attached, and any error that `body` throws.
    ///
    /// MPI: `MPI_Buffer_attach`, `MPI_Buffer_detach`, MPI-3.1 §3.6.
    public static func withAttachedBuffer<R: ~Copyable>(byteCount: Int, _ body: () throws -> R) throws -> R {
        let function: StaticString = "MPI_Buffer_attach"
        try requireRunning(function)
        let count = try cCount(byteCount, function)
        if count < 0 { throw MPIError(refused: function, .argument, "a space of \(byteCount) bytes") }
        guard !hasAttachedBuffer.exchange(true, ordering: .relaxed) else {
            throw MPIError(
                refused: function, .buffer, "a space is attached already; MPI.withAttachedBuffer does not nest")
        }
        defer { hasAttachedBuffer.store(false, ordering: .relaxed) }
        let space = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 16)
        defer { space.deallocate() }
        try check(function, MPI_Buffer_attach(space.baseAddress, count))
        defer {
            var address: UnsafeMutableRawPointer?
            var size: CInt = 0
            MPI_Buffer_detach(&address, &size)
        }
        return try body()
    }

    /// The maximum space that a buffered send needs in addition to its message, in bytes.
    ///
    /// MPI: `MPI_BSEND_OVERHEAD`, MPI-3.1 §3.6.
    public static var bufferedSendOverhead: Int { Int(MPI_BSEND_OVERHEAD) }
}

private let hasAttachedBuffer = Atomic<Bool>(false)

/// Throws if no buffer is attached. Open MPI would send sufficiently short messages without one.
@usableFromInline
func requireAttachedBuffer(_ function: StaticString) throws(MPIError) {
    if !hasAttachedBuffer.load(ordering: .relaxed) {
        try MPI.requireRunning(function)
        throw MPIError(
            refused: function, .buffer,
            "there is no space for buffered sends: make it with MPI.withAttachedBuffer(byteCount:_:)")
    }
}
