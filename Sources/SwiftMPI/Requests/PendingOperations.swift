internal import CMPI

/// The handles of several nonblocking operations, each with the index under which it was added.
///
/// What is complete is taken out once: first what succeeded, then what failed, one error after the other.
struct PendingOperations: ~Copyable {
    /// An operation that is over.
    private struct Completion {
        var index: Int
        var status: Status
        var code: CInt

        var isSuccess: Bool { code == MPI_SUCCESS }
    }

    // Optional pointers in one MPI, integers in the other: the array's type is inferred.
    private var handles = Array(repeating: CMPI_REQUEST_NULL(), count: 0)
    private var indices: [Int] = []
    /// Over, and not taken out yet.
    private var completions: [Completion] = []

    init() {}

    /// How many were not taken out yet.
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

    /// Waits for all and takes out those that succeeded.
    ///
    /// One after the other, which is the same by definition (MPI-3.1 §3.7.5): `MPI_Waitall` of Open MPI 4 spins forever
    /// where a request had failed before the call.
    ///
    /// - Throws: ``MPIError`` of one that failed, which alone is taken out then.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    mutating func waitAll() throws(MPIError) {
        for place in handles.indices { wait(at: place) }
        handles = []
        indices = []
        try throwFirstError("MPI_Wait")
        completions = []
    }

    /// Whether all are complete.
    ///
    /// - Throws: ``MPIError`` of one that failed, once all are.
    mutating func testAll() throws(MPIError) -> Bool {
        try collect(.testing)
        if !handles.isEmpty { return false }
        try throwFirstError("MPI_Testsome")
        return true
    }

    /// Takes out one that is complete.
    ///
    /// - Returns: `nil` if there is none, or none is complete yet.
    /// - Throws: ``MPIError`` of one that failed, if no other is complete.
    mutating func any(_ patience: Patience) throws(MPIError) -> (index: Int, status: Status)? {
        if completions.isEmpty { try collect(patience) }
        guard let place = completions.firstIndex(where: \.isSuccess) else {
            try throwFirstError(patience.function)
            return nil
        }
        let completion = completions.remove(at: place)
        return (completion.index, completion.status)
    }

    /// Takes out all that are complete.
    ///
    /// - Returns: Nothing if there is none, or none is complete yet.
    /// - Throws: ``MPIError`` of one that failed, if no other is complete.
    mutating func some(_ patience: Patience) throws(MPIError) -> [(index: Int, status: Status)] {
        if completions.isEmpty { try collect(patience) }
        let successes = completions.filter(\.isSuccess).map { ($0.index, $0.status) }
        if successes.isEmpty { try throwFirstError(patience.function) }
        completions.removeAll(where: \.isSuccess)
        return successes
    }

    /// Whether a call waits for the first that is complete.
    enum Patience {
        case waiting, testing

        var function: StaticString { self == .waiting ? "MPI_Waitsome" : "MPI_Testsome" }
    }

    /// Looks what is complete.
    ///
    /// One call tells it of all. `MPI_Waitany` and `MPI_Testany` of Open MPI 4 do not: where one has failed, they also
    /// free the others that have, and nobody learns of those.
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
            // Only messages of ``MPI/procNull`` are left, which Open MPI 4 takes for none. They are complete.
            for place in handles.indices { wait(at: place) }
        } else {
            for (place, status) in zip(places, statuses).prefix(Int(number)) {
                // Without a failure the codes in the statuses are not set.
                let code = someFailed ? status.MPI_ERROR : CInt(MPI_SUCCESS)
                completions.append(Completion(index: indices[Int(place)], status: Status(status), code: code))
            }
        }
        // MPI has set the handles of the others to null.
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
