public import CMPI
private import Synchronization

/// A closure that MPI calls back for.
///
/// MPI calls a C function and does not say for which operation; the only thing of the call that reaches the function is
/// the datatype. Each operation therefore reduces with a datatype of its own, under which the function finds the
/// closure. Any number of operations can exist.
///
/// The datatype is the element's with bounds that the libraries' algorithms handle. It is counted from the first byte
/// that travels: where an element begins with others, Open MPI 4 writes behind its buffers. It ends, with nothing,
/// where the next element begins: where an element ends with bytes that do not travel, MPICH 4 reduces and scatters
/// wrong places.
@usableFromInline
final class UserOperation: Sendable {
    /// Combines that many values, of which MPI describes the bytes.
    @usableFromInline typealias Body = @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void

    private let own: DatatypeHandle
    private let isCommutative: Bool

    @usableFromInline var handle: MPI_Op { OwnOperations.userDefinedHandle(commutative: isCommutative) }
    @usableFromInline var datatype: MPI_Datatype { own.datatype }
    /// Where the datatype begins in an element, in bytes.
    @usableFromInline let offset: Int

    /// - Parameters:
    ///   - file: Where the operation is made.
    ///   - combine: Combines the values of the first span into those of the second.
    @usableFromInline
    init<T: MPIDatatype>(
        commutative: Bool, file: StaticString, line: Int,
        _ combine: @escaping @Sendable (Span<T>, inout MutableSpan<T>) -> Void
    ) throws(MPIError) {
        try MPI.requireRunning("MPI_Op_create")
        let bytes = try ElementBytes(of: T.self)
        let stride = MemoryLayout<T>.stride
        var (nothing, whole) = (CMPI_DATATYPE_NULL(), CMPI_DATATYPE_NULL())
        try check("MPI_Type_contiguous", MPI_Type_contiguous(0, CMPI_BYTE(), &nothing))
        defer { MPI_Type_free(&nothing) }
        var types = [nothing, nothing]
        types[0] = T.mpiDatatype
        let code = MPI_Type_create_struct(2, [1, 1], [-bytes.start, stride], &types, &whole)
        try check("MPI_Type_create_struct", code)
        let own = try CommittedDatatypes.keep(CommittedDatatypes.committed(unwrapped(whole), extent: stride))
        let place = SourcePlace(" in the operation made at \(file):\(line)")
        bodies.withLock {
            $0[own] = { (lower, higher, count) in
                place.whileAtWork { bytes.combine(lower, higher, count, combine) }
            }
        }
        self.own = own
        self.offset = bytes.start
        self.isCommutative = commutative
    }

    deinit {
        bodies.withLock { [own] in $0[own] = nil }
        CommittedDatatypes.free(own)
    }

    /// What MPI calls for every user-defined operation.
    static let callback: OperationCallback = { lower, higher, length, datatype in
        guard let lower, let higher, let length, let datatype, length.pointee > 0 else { return }
        // Called outside the lock, so that several threads may reduce at a time.
        let own = DatatypeHandle(datatype: datatype.load(as: MPI_Datatype.self))
        let body = bodies.withLock { $0[own] }
        guard let body else {
            endJob(mistake: "a user-defined operation was called from C with a datatype that is not its own")
        }
        body(lower, higher, Int(length.pointee))
    }
}

/// What the callback does for each operation.
private let bodies = Mutex<[DatatypeHandle: UserOperation.Body]>([:])
