public import CMPI
private import Synchronization

/// An operation MPI calls back for: its handle, and the place of its closure.
///
/// MPI calls a C function and does not tell for which operation. So there is one C function for each operation that can
/// exist at a time; the function knows its number, under which the closure is found.
@usableFromInline
final class UserOperation: Sendable {
    @usableFromInline typealias Body = @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void

    /// A handle, which any thread may use.
    private struct Handle: @unchecked Sendable { let operation: MPI_Op }

    private let number: Int
    private let created: Handle

    @usableFromInline var handle: MPI_Op { created.operation }

    /// - Parameter body: Combines that many values of the type at the first address into those at the second.
    @usableFromInline
    init<T: MPIDatatype>(commutative: Bool, on type: T.Type, _ body: @escaping Body) throws(MPIError) {
        guard let number = functions.withLock({ $0.addInGap { body($0, $1, elementCount(of: T.self, $2, $3)) } }) else {
            throw MPIError(
                refused: "MPI_Op_create", MPIError.other,
                "\(callbacks.count) user-defined operations exist already; keep one that is used often")
        }
        var operation = CMPI_OP_NULL()
        let callback = unsafeBitCast(callbacks[number], to: CMPI_User_function.self)
        let code = MPI_Op_create(callback, commutative ? 1 : 0, &operation)
        if code != MPI_SUCCESS { functions.withLock { $0[number] = nil } }
        try check("MPI_Op_create", code)
        self.number = number
        self.created = Handle(operation: unwrapped(operation))
    }

    deinit {
        functions.withLock { $0[number] = nil }
        if !MPI.isRunning { return }
        var operation = CMPI_OP_NULL()
        operation = handle
        MPI_Op_free(&operation)
    }
}

private typealias Function = @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer, CInt, MPI_Datatype) -> Void

/// What the callbacks do.
private let functions = Mutex([Function?](repeating: nil, count: callbacks.count))

extension [Function?] {
    /// Puts a function at the first free place and tells which; `nil` if there is none.
    fileprivate mutating func addInGap(_ function: @escaping Function) -> Int? {
        guard let place = firstIndex(where: { $0 == nil }) else { return nil }
        self[place] = function
        return place
    }
}

private func call(
    _ number: Int, _ lower: UnsafeMutableRawPointer?, _ higher: UnsafeMutableRawPointer?,
    _ length: UnsafeMutablePointer<CInt>?, _ datatype: UnsafeMutableRawPointer?
) {
    guard let lower, let higher, let length, let datatype, length.pointee > 0 else { return }
    // Called outside the lock, so that several threads may reduce at a time.
    let function = functions.withLock { $0[number]! }
    function(lower, higher, length.pointee, datatype.load(as: MPI_Datatype.self))
}

/// How many values of a type MPI hands to a callback, one beside the other.
private func elementCount<T: MPIDatatype>(of type: T.Type, _ length: CInt, _ datatype: MPI_Datatype) -> Int {
    if datatype == T.mpiDatatype { return Int(length) }
    // Otherwise many elements in one item: more than 2³¹−1, or a layout, which must have no gaps.
    let (element, item) = (Reach(of: T.mpiDatatype), Reach(of: datatype))
    let count = item.extent / element.extent
    let dense = Reach(
        size: count * element.size, extent: item.extent, start: element.start,
        length: element.length + (count - 1) * element.extent)
    if item != dense {
        fatalError("a user-defined operation cannot combine a selection with gaps: its elements are not in one piece")
    }
    return Int(length) * count
}

/// Which bytes a datatype touches.
private struct Reach: Equatable {
    var size: Int
    var extent: Int
    /// The first byte, and how many there are up to the last.
    var start: Int
    var length: Int
}

extension Reach {
    init(of datatype: MPI_Datatype) {
        var (lowerBound, extent, start, length) = (MPI_Count(), MPI_Count(), MPI_Count(), MPI_Count())
        MPI_Type_get_extent_x(datatype, &lowerBound, &extent)
        MPI_Type_get_true_extent_x(datatype, &start, &length)
        self.init(size: byteCount(of: datatype), extent: Int(extent), start: Int(start), length: Int(length))
    }
}

/// `CMPI_User_function`, in words that are the same for every MPI. A declaration with that type in it crashes the tool
/// that extracts the documentation (Swift 6.3.1).
private typealias Callback =
    @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<CInt>?, UnsafeMutableRawPointer?
    ) -> Void

/// One C function an operation.
private var callbacks: [Callback] {
    [
        { call(0, $0, $1, $2, $3) }, { call(1, $0, $1, $2, $3) },
        { call(2, $0, $1, $2, $3) }, { call(3, $0, $1, $2, $3) },
        { call(4, $0, $1, $2, $3) }, { call(5, $0, $1, $2, $3) },
        { call(6, $0, $1, $2, $3) }, { call(7, $0, $1, $2, $3) },
        { call(8, $0, $1, $2, $3) }, { call(9, $0, $1, $2, $3) },
        { call(10, $0, $1, $2, $3) }, { call(11, $0, $1, $2, $3) },
        { call(12, $0, $1, $2, $3) }, { call(13, $0, $1, $2, $3) },
        { call(14, $0, $1, $2, $3) }, { call(15, $0, $1, $2, $3) },
        { call(16, $0, $1, $2, $3) }, { call(17, $0, $1, $2, $3) },
        { call(18, $0, $1, $2, $3) }, { call(19, $0, $1, $2, $3) },
        { call(20, $0, $1, $2, $3) }, { call(21, $0, $1, $2, $3) },
        { call(22, $0, $1, $2, $3) }, { call(23, $0, $1, $2, $3) },
        { call(24, $0, $1, $2, $3) }, { call(25, $0, $1, $2, $3) },
        { call(26, $0, $1, $2, $3) }, { call(27, $0, $1, $2, $3) },
        { call(28, $0, $1, $2, $3) }, { call(29, $0, $1, $2, $3) },
        { call(30, $0, $1, $2, $3) }, { call(31, $0, $1, $2, $3) },
    ]
}
