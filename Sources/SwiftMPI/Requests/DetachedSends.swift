internal import CMPI
private import Glibc
private import Synchronization

/// The sends of this process that nobody waits for, with the bytes that MPI sends.
///
/// Any thread may add one.
enum DetachedSends {
    /// A handle, which any thread may use.
    private struct Send: @unchecked Sendable {
        var request: MPI_Request
        let bytes: [UInt8]

        /// Whether it is over, also by an error.
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

        /// Tests one of them, in turn.
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
    /// How long finalizing waits before it leaves the rest to MPI, in seconds.
    private static let patience = 10

    /// Keeps a send that is under way.
    static func keep(_ request: MPI_Request, _ bytes: [UInt8]) throws(MPIError) {
        let send = Send(request: request, bytes: bytes)
        try sends.withLock { (sends) throws(MPIError) in
            sends.pending.append(send)
            // Two for one: however many are added, they do not become more and more.
            for _ in 0..<2 { sends.testNext() }
            if sends.areCompletedAtFinalize { return }
            // MPI frees what is cached with MPI_COMM_SELF at the beginning of MPI_Finalize (MPI-3.1 §8.7.1).
            try MPI.ownCommunicator().setAttribute(Finalization(), for: AttributeKey())
            sends.areCompletedAtFinalize = true
        }
    }

    private final class Finalization {
        deinit { DetachedSends.complete() }
    }

    /// Waits for all, but not forever: `MPI_Finalize` delivers those that are received later, and in Open MPI 4 it does
    /// not wait for one that never is.
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
