public import CMPI

// Open MPI 4 copies a short message of a rank to itself straight into the receive that waits for it. Where that has too
// little room it cuts the message off, reports the length of the room, and says nothing. It finds out for a synchronous
// send. Hence a short message to oneself is copied and sent as one that nobody waits for.

extension Communicator {
    /// Up to which length Open MPI 4 delivers a message to oneself like this, in bytes, its header included.
    @usableFromInline static var shortMessage: Int { 1024 }

    /// Whether the library would cut off a message silently where its receive is too small.
    @inlinable
    final func isCutOff(_ count: CInt, _ type: MPI_Datatype, _ dest: CInt) -> Bool {
        CMPI_OPEN_MPI_MAJOR() == 4 && Int(dest) == rank && !isInter && count > 0
            && byteCount(of: type) <= Self.shortMessage / Int(count)
    }

    /// The rank to which the library has to send a message: `dest`, or ``MPI/procNull`` where the message is under way
    /// already.
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
