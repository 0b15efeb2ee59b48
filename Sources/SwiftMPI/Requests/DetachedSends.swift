internal import CMPI
private import Glibc
private import Synchronization

/// The detached sends of this process, with the bytes that MPI is sending.
///
/// Any thread may add a send.
enum DetachedSends {
    /// A handle that any thread may use.
    private struct Send: @unchecked Sendable {
        var request: MPI_Request
        let bytes: [UInt8]

        /// Whether the send has completed or failed.
        var isComplete: Bool {
            var request = CMPI_REQUEST_NULL()
            request = self.request
            var isDone: CInt = 0
            return MPI_Test(&request, &isDone, CMPI_STATUS_IGNORE()) != MPI_SUCCESS || isDone != 0
        }
    }

    private struct Sends {
        var pending: [Send] = []
        var next = 0
        var areCompletedAtFinalize = false

        /// Tests the next pending send, in round-robin order.
        mutating func testNext() {
            if next >= pending.count { next = 0 }
            if pending.isEmpty { return }
            if pending[next].isComplete {
                pending.swapAt(next, pending.count - 1)
                pending.removeLast()
            } else {
                next += 1
            }
        }
    }

    private static let sends = Mutex(Sends())
    /// How long finalization waits before it leaves the remaining sends to MPI, in seconds.
    private static let patience = 10

    /// Keeps the bytes of a send in flight until it completes.
    static func keep(_ request: MPI_Request, _ bytes: [UInt8]) throws(MPIError) {
        let send = Send(request: request, bytes: bytes)
        try sends.withLock { (sends) throws(MPIError) in
            sends.pending.append(send)
            // Tests two sends for each one added, so that completed sends do not accumulate.
            for _ in 0..<2 { sends.testNext() }
            if sends.areCompletedAtFinalize { return }
            // MPI deletes the attributes of MPI_COMM_SELF at the beginning of MPI_Finalize (MPI-3.1 §8.7.1).
            try MPI.ownCommunicator().setAttribute(Finalization(), for: AttributeKey())
            sends.areCompletedAtFinalize = true
        }
    }

    private final class Finalization {
        deinit { DetachedSends.complete() }
    }

    /// Waits for all sends, up to a time limit. `MPI_Finalize` delivers sends that are received later; in Open MPI 4,
    /// it does not wait for a send that is never received.
    private static func complete() {
        sends.withLock { sends in
            let start = time(nil)
            while !sends.pending.isEmpty && time(nil) - start <= patience {
                sends.testNext()
                yieldProcessor()
            }
            if sends.pending.isEmpty { return }
            var rank: CInt = 0
            MPI_Comm_rank(CMPI_COMM_WORLD(), &rank)
            writeToStandardError(
                "rank \(rank): detached sends that are not received \(patience) s after the end of this rank: "
                    + "\(sends.pending.count), \(sends.pending.map(\.bytes.count).reduce(0, +)) bytes\n")
        }
    }
}
