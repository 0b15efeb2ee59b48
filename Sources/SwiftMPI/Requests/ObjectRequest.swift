// Nonblocking communication of objects. The wire format is mpi4py's: see ObjectMessage.swift.
// Missing: cancelling a request; mpi4py's `waitsome` and `testsome`, which ``ObjectRequests/waitAny()`` and
// ``ObjectRequests/testAny()`` in a loop are.

/// An `isend` or `irecv` under way.
///
/// It has to be brought to its end by `wait()`, or by `test()` until that says `true`: to drop it before is a mistake
/// that ends the job, with one line that says so. A send can also be left to the library:
/// ``ObjectSendRequest/detach()``.
///
/// MPI: `MPI_Request`, MPI-3.1 §3.7.
public protocol ObjectRequest: ~Copyable {
    /// What waiting gives: the object received, or nothing for a send.
    associatedtype Outcome

    /// Whether the communication is complete; `wait()` returns at once then.
    ///
    /// - Throws: ``MPIError`` if it has failed, which `wait()` throws as well.
    ///
    /// MPI: `MPI_Test`, MPI-3.1 §3.7.3.
    mutating func test() throws(MPIError) -> Bool

    /// Waits until the communication is complete.
    ///
    /// MPI: `MPI_Wait`, MPI-3.1 §3.7.3.
    consuming func wait() throws -> Outcome
}
