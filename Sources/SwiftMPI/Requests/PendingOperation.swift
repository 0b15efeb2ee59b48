public import CMPI

/// The handle of a nonblocking operation, which must be waited for before it is dropped.
@frozen @usableFromInline
struct PendingOperation: ~Copyable {
    @usableFromInline let handle: MPI_Request
    /// The C function that started the operation.
    @usableFromInline let function: StaticString
    @usableFromInline let kind: Kind
    @usableFromInline var isComplete = false
    @usableFromInline var status = Status()
    /// The error code of the completed operation. After a test that finds a failure, the wait reports it again.
    @usableFromInline var code = CInt(MPI_SUCCESS)

    /// The call that the program used to start the operation.
    @frozen @usableFromInline
    enum Kind {
        /// A request of the C function.
        case request
        case isend, irecv
    }

    @inlinable
    init(_ handle: MPI_Request, _ function: StaticString, _ kind: Kind = .request) {
        self.handle = handle
        self.function = function
        self.kind = kind
    }

    @inlinable
    consuming func wait() throws(MPIError) -> Status {
        var status = status
        var code = code
        let isComplete = isComplete
        var handle = CMPI_REQUEST_NULL()
        handle = take()
        if !isComplete { code = MPI_Wait(&handle, &status.raw) }
        try check("MPI_Wait", code)
        return status
    }

    @inlinable
    mutating func test() throws(MPIError) -> Bool {
        if !isComplete {
            var status = Status()
            var handle = CMPI_REQUEST_NULL()
            handle = self.handle
            var isDone: CInt = 0
            code = MPI_Test(&handle, &isDone, &status.raw)
            // A failed operation is complete, too.
            if isDone != 0 || code != MPI_SUCCESS { (self.status, isComplete) = (status, true) }
        }
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

    /// Gives the handle to a set, which takes over the duty to wait for it.
    @usableFromInline
    consuming func take() -> MPI_Request {
        let handle = handle
        discard self
        return handle
    }

    @inlinable
    deinit {
        if !isComplete { endJobAsDropped() }
    }
}

extension PendingOperation {
    @usableFromInline
    func endJobAsDropped() {
        switch kind {
        case .request: endJob(dropped: "a request of \(function)", "wait for it")
        case .isend: endJob(dropped: "an isend", "wait for it or detach() it")
        case .irecv: endJob(dropped: "an irecv", "wait for it")
        }
    }
}

/// Ends the job because a value was dropped while MPI was still using its memory.
///
/// The job ends immediately, even if an error caused the drop and the program would catch that error, because MPI may
/// write to the freed memory.
@usableFromInline
func endJob(dropped what: String, _ advice: String) {
    let text = "\(what) was dropped before it was complete; \(advice), also before throwing"
    endJob(mistake: text, after: LastError.ofThisThread)
}
