public import CMPI

/// The handle of a nonblocking operation, and who must wait for it.
@frozen @usableFromInline
struct PendingOperation: ~Copyable {
    @usableFromInline let handle: MPI_Request
    /// The C function that started it.
    @usableFromInline let function: StaticString
    /// What the program knows it as, if not as a request of that function.
    @usableFromInline let name: StaticString?
    @usableFromInline var isComplete = false
    @usableFromInline var status = Status()

    @inlinable
    init(_ handle: MPI_Request, _ function: StaticString, called name: StaticString? = nil) {
        self.handle = handle
        self.function = function
        self.name = name
    }

    @inlinable
    consuming func wait() throws(MPIError) -> Status {
        var status = status
        let isComplete = isComplete
        var handle = CMPI_REQUEST_NULL()
        handle = take()
        if !isComplete { try check("MPI_Wait", MPI_Wait(&handle, &status.raw)) }
        return status
    }

    @inlinable
    mutating func test() throws(MPIError) -> Bool {
        if isComplete { return true }
        var status = Status()
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        var isDone: CInt = 0
        let code = MPI_Test(&handle, &isDone, &status.raw)
        // A failed operation is over, too.
        if isDone != 0 || code != MPI_SUCCESS { (self.status, isComplete) = (status, true) }
        try check("MPI_Test", code)
        return isComplete
    }

    @usableFromInline
    func cancel() throws(MPIError) {
        if isComplete { return }
        var handle = CMPI_REQUEST_NULL()
        handle = self.handle
        try check("MPI_Cancel", MPI_Cancel(&handle))
    }

    /// Gives the handle to a set, which must wait for it from now on.
    @usableFromInline
    consuming func take() -> MPI_Request {
        let handle = handle
        discard self
        return handle
    }

    @inlinable
    deinit {
        if !isComplete { endJob(dropped: name?.description ?? "a request of \(function)", "wait for it") }
    }
}

/// Ends the job because something was dropped that MPI still uses.
@usableFromInline
func endJob(dropped what: String, _ advice: String) {
    endJob(mistake: "\(what) was dropped before it was complete; \(advice), also before throwing")
}
