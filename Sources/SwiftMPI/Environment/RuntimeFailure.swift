internal import CMPI
private import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Lets a rank that a Swift runtime check stops (precondition, overflow, index) say which rank it was.
///
/// An optimised Swift program ends in a bare trap instruction, and the launcher's own notice is long. The handler
/// writes one line, gives the signal back to whoever had it before, and returns: the instruction traps again and the
/// process dies of the signal, which every launcher answers by ending the job.
func announceRuntimeFailures(of rank: Int) {
    let line = Array("rank \(rank): stopped by a Swift runtime failure (failed precondition, overflow or index)\n".utf8)
    announcement.publish(line)
    for trap in traps {
        var previous = sigaction()
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            announcement.withElements { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
            traps.first { $0.signal == signal }?.previous.withElements { sigaction(signal, $0.baseAddress, nil) }
        }
        sigaction(trap.signal, &action, &previous)
        trap.previous.publish([previous])
    }
}

/// What Swift's trap instructions raise, `ud2` on x86-64 and `brk` on AArch64, and who handled it before.
private let traps = [
    (signal: SIGILL, previous: SignalSafe<sigaction>()), (signal: SIGTRAP, previous: SignalSafe<sigaction>()),
]
private let announcement = SignalSafe<UInt8>()

/// Plain memory that a signal handler may read. Never freed: a failure may come at any time.
private final class SignalSafe<Element>: Sendable {
    private let address = Atomic<UInt>(0)
    private let count = Atomic<Int>(0)

    func publish(_ elements: [Element]) {
        let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = copy.initialize(from: elements)
        address.store(UInt(bitPattern: copy.baseAddress), ordering: .relaxed)
        count.store(copy.count, ordering: .releasing)
    }

    func withElements(_ body: (UnsafeBufferPointer<Element>) -> Void) {
        let count = count.load(ordering: .acquiring)
        body(UnsafeBufferPointer(start: UnsafePointer(bitPattern: address.load(ordering: .relaxed)), count: count))
    }
}
