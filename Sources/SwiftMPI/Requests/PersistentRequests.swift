// Nonblocking communication (MPI-3.1 chapters 3.7 and 3.9).
// Missing: a public interface. This type contains what the suite's own halo exchange needs.

internal import CMPI

/// A fixed set of sends and receives that is started any number of times, such as a halo exchange.
///
/// The buffers are raw memory. The owner of the set must keep them alive and in place as long as the set lives, and
/// must not access them between ``start()`` and ``wait()``. Use the set only inside a type that guarantees this.
///
/// MPI: persistent communication requests, MPI-3.1 §3.9.
package struct PersistentRequests: ~Copyable {
    // Handles are optional pointers in one MPI and integers in the other, so the array's type is inferred.
    private var requests = Array(repeating: CMPI_REQUEST_NULL(), count: 0)
    private let communicator: Communicator
    private let yields: Bool
    /// The numbers of messages and bytes that each round sends.
    package private(set) var messagesSent = 0
    package private(set) var bytesSent = 0
    private var isActive = false

    /// Creates an empty set on a communicator.
    ///
    /// - Parameter yields: Whether ``wait()`` yields the processor to other processes. Pass `true` if ranks share a
    ///   core: an MPI library that spins in a wait delays the very rank it is waiting for by a whole time slice each
    ///   time.
    package init(on communicator: Communicator, yields: Bool) {
        self.communicator = communicator
        self.yields = yields
    }

    /// Adds a send of `buffer`. Does nothing if `dest` is ``MPI/procNull``.
    ///
    /// MPI: `MPI_Send_init`, MPI-3.1 §3.9.
    package mutating func addSend<T: MPIDatatype>(
        _ buffer: UnsafeMutableBufferPointer<T>, dest: Int, tag: Int
    ) throws(MPIError) {
        if dest == MPI.procNull || buffer.isEmpty { return }
        let dest = try communicator.cDestination(dest, "MPI_Send_init")
        let tag = try communicator.cTag(tag, "MPI_Send_init")
        let count = try cCount(buffer.count, "MPI_Send_init")
        var request = CMPI_REQUEST_NULL()
        let code = MPI_Send_init(buffer.baseAddress, count, T.mpiDatatype, dest, tag, communicator.handle, &request)
        try check("MPI_Send_init", code)
        requests.append(request)
        messagesSent += 1
        bytesSent += buffer.count * MemoryLayout<T>.stride
    }

    /// Adds a receive into `buffer`. Does nothing if `source` is ``MPI/procNull``.
    ///
    /// MPI: `MPI_Recv_init`, MPI-3.1 §3.9.
    package mutating func addReceive<T: MPIDatatype>(
        into buffer: UnsafeMutableBufferPointer<T>, source: Int, tag: Int
    ) throws(MPIError) {
        if source == MPI.procNull || buffer.isEmpty { return }
        let source = try communicator.cSource(source, "MPI_Recv_init")
        let tag = try communicator.cTagOrAny(tag, "MPI_Recv_init")
        let count = try cCount(buffer.count, "MPI_Recv_init")
        var request = CMPI_REQUEST_NULL()
        let code = MPI_Recv_init(buffer.baseAddress, count, T.mpiDatatype, source, tag, communicator.handle, &request)
        try check("MPI_Recv_init", code)
        requests.append(request)
    }

    /// Starts all sends and receives.
    ///
    /// MPI: `MPI_Startall`, MPI-3.1 §3.9.
    package mutating func start() throws(MPIError) {
        isActive = true
        try check("MPI_Startall", MPI_Startall(CInt(requests.count), &requests))
    }

    /// Waits until all sends and receives are complete.
    ///
    /// MPI: `MPI_Waitall`, `MPI_Testall`, MPI-3.1 §3.7.5.
    package mutating func wait() throws(MPIError) {
        let count = CInt(requests.count)
        if yields {
            var areDone: CInt = 0
            while areDone == 0 {
                try check("MPI_Testall", MPI_Testall(count, &requests, &areDone, CMPI_STATUSES_IGNORE()))
                if areDone == 0 { yieldProcessor() }
            }
        } else {
            try check("MPI_Waitall", MPI_Waitall(count, &requests, CMPI_STATUSES_IGNORE()))
        }
        isActive = false
    }

    deinit {
        // MPI still uses the buffer of an active request, so it must not be freed. The job is then ending with an
        // error.
        if isActive || !MPI.isRunning { return }
        for index in requests.indices {
            var request = requests[index]
            MPI_Request_free(&request)
        }
    }
}
