public import CMPI
private import Synchronization

/// A closure that MPI calls to combine values.
///
/// MPI calls a C function without telling it which operation is running. Of the call's arguments, only the datatype
/// reaches that function. Each operation therefore reduces with its own datatype, which the function uses to look up
/// the closure. Any number of operations can exist.
///
/// The datatype is the element's datatype with bounds that the libraries' algorithms can handle. It begins at the first
/// byte that is sent: if an element begins with other bytes, Open MPI 4 writes past the end of its buffers. It ends,
/// with an empty block, where the next element begins: if an element ends with bytes that are not sent, MPICH 4 reduces
/// and scatters the wrong elements.
@usableFromInline
final class UserOperation: Sendable {
    /// Combines the given number of values. The pointers are the addresses of the first bytes that MPI describes.
    @usableFromInline typealias Body = @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void

    private let own: DatatypeHandle
    private let isCommutative: Bool

    @usableFromInline var handle: MPI_Op { OwnOperations.userDefinedHandle(commutative: isCommutative) }
    @usableFromInline var datatype: MPI_Datatype { own.datatype }
    /// The offset in an element at which the datatype begins, in bytes.
    @usableFromInline let offset: Int

    /// - Parameters:
    ///   - file: The file in which the operation is created.
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

    /// The function that MPI calls for every user-defined operation.
    static let callback: OperationCallback = { lower, higher, length, datatype in
        guard let lower, let higher, let length, let datatype, length.pointee > 0 else { return }
        // Calls the closure outside the lock, so that several threads can reduce at the same time.
        let own = DatatypeHandle(datatype: datatype.load(as: MPI_Datatype.self))
        let body = bodies.withLock { $0[own] }
        guard let body else {
            endJob(mistake: "a user-defined operation was called from C with a datatype that is not its own")
        }
        body(lower, higher, Int(length.pointee))
    }
}

/// The closures of all operations, which the callback looks up by datatype.
private let bodies = Mutex<[DatatypeHandle: UserOperation.Body]>([:])
