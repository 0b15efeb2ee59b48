private import Glibc
import Synchronization
import SystemSupport

/// The signal that asked this program to stop; 0 if none has.
private let receivedSignal = Atomic<Int32>(0)

/// Runs `body` so that a stop signal cancels the task that runs it.
///
/// - Throws: Any error that `body` throws; ``UserError`` with a shell's exit status for the signal if a signal has
///   arrived.
func interruptible<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
    receivedSignal.store(0, ordering: .relaxed)  // also makes it, before a handler may need it
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] {
        signal(number) { receivedSignal.store($0, ordering: .relaxed) }
    }
    let work = Task { try await body() }
    let watch = Task {
        while receivedSignal.load(ordering: .relaxed) == 0 { try await Task.sleep(for: .milliseconds(50)) }
        work.cancel()
    }
    let result = await work.result
    watch.cancel()
    let number = receivedSignal.load(ordering: .relaxed)
    if number != 0 { throw UserError("interrupted by signal \(number)", exitStatus: 128 + number) }
    return try result.get()
}
