public import CMPI

// When a rank sends a short message to itself, Open MPI 4 copies the message directly into the pending receive. If the
// receive buffer is too small, Open MPI silently truncates the message and reports the length of the buffer. It detects
// the truncation only for a synchronous send. Therefore, a short message from a rank to itself is copied and sent by a
// synchronous send that nobody waits for.

extension Communicator {
    /// The maximum length of a message that Open MPI 4 delivers this way, in bytes, including its header.
    @usableFromInline static var shortMessage: Int { 1024 }

    /// Returns whether the library would silently truncate a message whose receive buffer is too small.
    @inlinable
    final func isCutOff(_ count: CInt, _ type: MPI_Datatype, _ dest: CInt) -> Bool {
        CMPI_OPEN_MPI_MAJOR() == 4 && Int(dest) == rank && !isInter && count > 0
            && Int(count) <= Self.shortMessage && byteCount(of: type) <= Self.shortMessage / Int(count)
    }

    /// Returns the rank to which the library still has to send a message: `dest`, or ``MPI/procNull`` if the message is
    /// already in flight.
    ///
    /// MPI: `MPI_Pack`, `MPI_Issend`.
    @inlinable
    final func remaining(
        _ dest: CInt, _ address: UnsafeRawPointer?, _ count: CInt, _ type: MPI_Datatype, _ tag: CInt,
        _ function: StaticString
    ) throws(MPIError) -> CInt {
        if !isCutOff(count, type, dest) { return dest }
        try sendCopy(address, count, type, dest, tag, function)
        return CInt(MPI.procNull)
    }

    @usableFromInline
    final func sendCopy(
        _ address: UnsafeRawPointer?, _ count: CInt, _ type: MPI_Datatype, _ dest: CInt, _ tag: CInt,
        _ function: StaticString
    ) throws(MPIError) {
        var (code, byteCount) = (CInt(MPI_SUCCESS), CInt(0))
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(count) * SwiftMPI.byteCount(of: type)) { bytes, filled in
            code = MPI_Pack(address, count, type, bytes.baseAddress, CInt(bytes.count), &byteCount, handle)
            filled = Int(byteCount)
        }
        try check(function, code)
        var request = CMPI_REQUEST_NULL()
        code = bytes.withUnsafeBytes {
            MPI_Issend($0.baseAddress, byteCount, CMPI_PACKED(), dest, tag, handle, &request)
        }
        try check(function, code)
        try DetachedSends.keep(unwrapped(request), bytes)
    }
}
