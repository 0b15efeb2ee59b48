// Nonblocking communication of objects. The wire format is mpi4py's: see ObjectMessage.swift.
// Missing: cancelling a request; mpi4py's `waitsome` and `testsome`, for which ``ObjectRequests/waitAny()`` and
// ``ObjectRequests/testAny()`` in a loop are equivalent.

/// A pending `isend` or `irecv`.
///
/// Complete the request with `wait()`, or with `test()` until it returns `true`. Dropping a pending request is a
/// programming error, which ends the job with a one-line message. A send can also be left to the library: see
/// ``ObjectSendRequest/detach()``.
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.
public protocol ObjectRequest: ~Copyable {
    /// The result of waiting: the received object, or nothing for a send.
    associatedtype Outcome

    /// Returns whether the communication is complete. If it is, `wait()` returns immediately.
    ///
    /// - Throws: ``MPIError`` if the communication has failed; `wait()` throws the same error.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    mutating func test() throws(MPIError) -> Bool

    /// Waits until the communication is complete.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    consuming func wait() throws -> Outcome
}
