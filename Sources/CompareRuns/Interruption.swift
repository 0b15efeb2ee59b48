import CommandSupport
import Dispatch
import Synchronization

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Does something that may be interrupted: a signal to stop cancels the task it is done in.
///
/// - Throws: What `body` throws; ``UserError`` of a shell's status for the signal if one has come.
func interruptible<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
    let work = Task { try await body() }
    let sources = [SIGINT, SIGTERM, SIGHUP, SIGUSR1].map { number in
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        return (number, source)
    }
    let received = SignalNumber()
    for (number, source) in sources {
        source.setEventHandler {
            received.note(number)
            work.cancel()
        }
        source.activate()
    }
    let result = await work.result
    if let number = received.value {
        throw UserError("interrupted by signal \(number)", exitStatus: 128 + number)
    }
    return try result.get()
}

private final class SignalNumber: Sendable {
    private let number = Mutex<Int32?>(nil)
    func note(_ signal: Int32) { number.withLock { $0 = $0 ?? signal } }
    var value: Int32? { number.withLock { $0 } }
}
