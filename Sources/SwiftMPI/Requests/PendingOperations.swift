internal import CMPI

/// The handles of several nonblocking operations, each with the index under which it was added.
///
/// Each completed operation is taken out once: first all that succeeded, then those that failed, one error at a time.
struct PendingOperations: ~Copyable {
    /// A completed operation.
    private struct Completion {
        var index: Int
        var status: Status
        var code: CInt

        var isSuccess: Bool { code == MPI_SUCCESS }
    }

    // Handles are optional pointers in one MPI and integers in the other, so the array's type is inferred.
    private var handles = Array(repeating: CMPI_REQUEST_NULL(), count: 0)
    private var indices: [Int] = []
    /// Operations that are complete but have not been taken out yet.
    private var completions: [Completion] = []

    init() {}

    /// The number of operations that have not been taken out yet.
    var count: Int { handles.count + completions.count }

    mutating func add(_ operation: consuming PendingOperation, at index: Int) {
        if operation.isComplete {
            completions.append(Completion(index: index, status: operation.status, code: operation.code))
            _ = operation.take()
        } else {
            handles.append(operation.take())
            indices.append(index)
        }
    }

    /// Waits for all operations and takes out those that succeeded.
    ///
    /// Waits for one operation after another, which is equivalent by definition (MPI-3.1 §3.7.5). `MPI_Waitall` of Open
    /// MPI 4 spins forever if a request failed before the call.
    ///
    /// - Throws: ``MPIError`` of an operation that failed; only that operation is taken out.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    mutating func waitAll() throws(MPIError) {
        for place in handles.indices { wait(at: place) }
        handles = []
        indices = []
        try throwFirstError("MPI_Wait")
        completions = []
    }

    /// Returns whether all operations are complete.
    ///
    /// - Throws: ``MPIError`` of an operation that failed, once all are complete.
    mutating func testAll() throws(MPIError) -> Bool {
        try collect(.testing)
        if !handles.isEmpty { return false }
        try throwFirstError("MPI_Testsome")
        return true
    }

    /// Takes out one completed operation.
    ///
    /// - Returns: The index and status of the operation, or `nil` if none is left or none is complete yet.
    /// - Throws: ``MPIError`` of an operation that failed, if no other is complete.
    mutating func any(_ patience: Patience) throws(MPIError) -> (index: Int, status: Status)? {
        if completions.isEmpty { try collect(patience) }
        guard let place = completions.firstIndex(where: \.isSuccess) else {
            try throwFirstError(patience.function)
            return nil
        }
        let completion = completions.remove(at: place)
        return (completion.index, completion.status)
    }

    /// Takes out all completed operations.
    ///
    /// - Returns: The indices and statuses of the operations; empty if none is left or none is complete yet.
    /// - Throws: ``MPIError`` of an operation that failed, if no other is complete.
    mutating func some(_ patience: Patience) throws(MPIError) -> [(index: Int, status: Status)] {
        if completions.isEmpty { try collect(patience) }
        let successes = completions.filter(\.isSuccess).map { ($0.index, $0.status) }
        if successes.isEmpty { try throwFirstError(patience.function) }
        completions.removeAll(where: \.isSuccess)
        return successes
    }

    /// Whether a call waits for at least one operation to complete.
    enum Patience {
        case waiting, testing

        var function: StaticString { self == .waiting ? "MPI_Waitsome" : "MPI_Testsome" }
    }

    /// Finds out which operations are complete.
    ///
    /// A single call reports all of them. `MPI_Waitany` and `MPI_Testany` of Open MPI 4 cannot be used: if one request
    /// has failed, they also free all other failed requests without reporting them.
    ///
    /// MPI: `MPI_Waitsome`, `MPI_Testsome`, MPI-3.1 §3.7.5.
    private mutating func collect(_ patience: Patience) throws(MPIError) {
        if handles.isEmpty { return }
        let count = CInt(handles.count)
        var number: CInt = 0
        var places = [CInt](repeating: 0, count: handles.count)
        var statuses = [MPI_Status](repeating: MPI_Status(), count: handles.count)
        let code =
            switch patience {
            case .waiting: MPI_Waitsome(count, &handles, &number, &places, &statuses)
            case .testing: MPI_Testsome(count, &handles, &number, &places, &statuses)
            }
        let someFailed = code == CInt(MPI_ERR_IN_STATUS)
        if !someFailed { try check(patience.function, code) }
        if number == CMPI_UNDEFINED() {
            // Only messages to or from ``MPI/procNull`` are left. Open MPI 4 does not count them as active, but they
            // are complete.
            for place in handles.indices { wait(at: place) }
        } else {
            for (place, status) in zip(places, statuses).prefix(Int(number)) {
                // MPI sets the error codes in the statuses only if some operation failed.
                let code = someFailed ? status.MPI_ERROR : CInt(MPI_SUCCESS)
                completions.append(Completion(index: indices[Int(place)], status: Status(status), code: code))
            }
        }
        // MPI has set the handles of completed operations to null.
        var left = 0
        for place in handles.indices where handles[place] != CMPI_REQUEST_NULL() {
            handles.swapAt(left, place)
            indices.swapAt(left, place)
            left += 1
        }
        handles.removeLast(handles.count - left)
        indices.removeLast(indices.count - left)
    }

    private mutating func wait(at place: Int) {
        var status = Status()
        let code = MPI_Wait(&handles[place], &status.raw)
        completions.append(Completion(index: indices[place], status: status, code: code))
    }

    private mutating func throwFirstError(_ function: StaticString) throws(MPIError) {
        guard let place = completions.firstIndex(where: { !$0.isSuccess }) else { return }
        let failure = completions.remove(at: place)
        var error = MPIError(code: failure.code, from: function)
        error.requestIndex = failure.index
        throw error
    }

    deinit {
        if !handles.isEmpty { endJob(dropped: "a set of \(handles.count) requests", "wait for them") }
    }
}
