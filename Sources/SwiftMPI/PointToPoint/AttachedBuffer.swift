internal import CMPI
private import Synchronization

extension MPI {
    /// Gives the buffered sends of `body` space to copy their messages to.
    ///
    /// The space belongs to the process, which can have only one at a time. When `body` is over, it waits until all
    /// messages copied to it have been sent, which needs their receivers.
    ///
    /// - Parameters:
    ///   - byteCount: The messages that may be under way at once, ``bufferedSendOverhead`` bytes for each added.
    ///   - body: Does the buffered sends.
    /// - Throws: ``MPIError`` if another space is attached; what `body` throws.
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

    /// What a buffered send needs beside its message at most, in bytes.
    ///
    /// MPI: `MPI_BSEND_OVERHEAD`, MPI-3.1 §3.6.
    public static var bufferedSendOverhead: Int { Int(MPI_BSEND_OVERHEAD) }
}

private let hasAttachedBuffer = Atomic<Bool>(false)

/// Throws where a buffered send has no space. Open MPI would send what is short enough without one.
@usableFromInline
func requireAttachedBuffer(_ function: StaticString) throws(MPIError) {
    if !hasAttachedBuffer.load(ordering: .relaxed) {
        try MPI.requireRunning(function)
        throw MPIError(
            refused: function, .buffer,
            "there is no space for buffered sends: make it with MPI.withAttachedBuffer(byteCount:_:)")
    }
}
