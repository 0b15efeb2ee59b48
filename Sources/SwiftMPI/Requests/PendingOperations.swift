internal import CMPI

/// The handles of several nonblocking operations, at fixed places; a completed one leaves a null handle.
struct PendingOperations: ~Copyable {
    // Optional pointers in one MPI, integers in the other: the array's type is inferred.
    private var handles = Array(repeating: CMPI_REQUEST_NULL(), count: 0)

    init() {}

    /// How many were added.
    var count: Int { handles.count }

    /// How many of them are not known to be complete.
    var pendingCount: Int { handles.count { $0 != CMPI_REQUEST_NULL() } }

    mutating func add(_ operation: consuming PendingOperation) {
        if operation.isComplete {
            handles.append(CMPI_REQUEST_NULL())
            _ = operation.take()
        } else {
            handles.append(operation.take())
        }
    }

    /// Forgets all, which must be complete.
    mutating func removeAll() { handles.removeAll() }

    /// Waits for all, also for those after one that fails, and throws the error of the first that did.
    ///
    /// One after the other, which is the same by definition (MPI-3.1 §3.7.5): `MPI_Waitall` of Open MPI 4 spins forever
    /// where a request had failed before the call, and it tells the error only by way of the statuses.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    mutating func waitAll() throws(MPIError) {
        var firstError: MPIError?
        for index in handles.indices {
            do {
                try check("MPI_Wait", MPI_Wait(&handles[index], CMPI_STATUS_IGNORE()))
            } catch {
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
    }

    /// MPI: `MPI_Testall`, MPI-3.1 §3.7.5.
    mutating func testAll() throws(MPIError) -> Bool {
        var statuses = [MPI_Status](repeating: MPI_Status(), count: count)
        var areDone: CInt = 0
        let code = MPI_Testall(CInt(count), &handles, &areDone, &statuses)
        try check("MPI_Testall", Self.firstError(code, statuses))
        return areDone != 0
    }

    /// MPI: `MPI_Waitany`, MPI-3.1 §3.7.5.
    mutating func waitAny() throws(MPIError) -> (index: Int, status: Status)? {
        var index: CInt = 0
        var status = Status()
        try check("MPI_Waitany", MPI_Waitany(CInt(count), &handles, &index, &status.raw))
        return index == CMPI_UNDEFINED() ? nil : (Int(index), status)
    }

    /// MPI: `MPI_Testany`, MPI-3.1 §3.7.5.
    mutating func testAny() throws(MPIError) -> (index: Int, status: Status)? {
        var index: CInt = 0
        var isDone: CInt = 0
        var status = Status()
        try check("MPI_Testany", MPI_Testany(CInt(count), &handles, &index, &isDone, &status.raw))
        return isDone == 0 || index == CMPI_UNDEFINED() ? nil : (Int(index), status)
    }

    /// MPI: `MPI_Waitsome`, MPI-3.1 §3.7.5.
    mutating func waitSome() throws(MPIError) -> [(index: Int, status: Status)] {
        let count = count
        return try Self.some("MPI_Waitsome", of: count) { MPI_Waitsome(CInt(count), &handles, $0, $1, $2) }
    }

    /// MPI: `MPI_Testsome`, MPI-3.1 §3.7.5.
    mutating func testSome() throws(MPIError) -> [(index: Int, status: Status)] {
        let count = count
        return try Self.some("MPI_Testsome", of: count) { MPI_Testsome(CInt(count), &handles, $0, $1, $2) }
    }

    private static func some(
        _ function: StaticString, of count: Int,
        _ call: (UnsafeMutablePointer<CInt>?, UnsafeMutablePointer<CInt>?, UnsafeMutablePointer<MPI_Status>?) -> CInt
    ) throws(MPIError) -> [(index: Int, status: Status)] {
        var number: CInt = 0
        var indices = [CInt](repeating: 0, count: count)
        var statuses = [MPI_Status](repeating: MPI_Status(), count: count)
        let code = call(&number, &indices, &statuses)
        if number == CMPI_UNDEFINED() { return [] }
        let done = Int(number)
        try check(function, Self.firstError(code, Array(statuses.prefix(done))))
        return (0..<done).map { (Int(indices[$0]), Status(statuses[$0])) }
    }

    /// The code of the operation that failed, where the call says only that one did.
    private static func firstError(_ code: CInt, _ statuses: [MPI_Status]) -> CInt {
        if code != CInt(MPI_ERR_IN_STATUS) { return code }
        return statuses.map(\.MPI_ERROR).first { $0 != MPI_SUCCESS && $0 != CInt(MPI_ERR_PENDING) } ?? code
    }

    deinit {
        if pendingCount > 0 { endJob(dropped: "a set of \(pendingCount) requests", "wait for them") }
    }
}
