internal import Glibc
private import Synchronization

/// Makes a rank that is stopped by a signal report its number and the cause in one line.
///
/// In an optimized Swift program, a failed check executes a bare trap instruction. The launcher's own notice is long,
/// and the handlers of Open MPI and of UCX print a backtrace of the MPI library. The handler here writes one line,
/// restores the previous handler, and returns: the instruction fails again, and the process dies of the signal. Every
/// launcher then ends the job.
///
/// The handlers are installed by the first run in a process and stay for all later runs.
///
/// - Parameter handlers: The handlers from before MPI was initialized. A handler of the program, or the Swift runtime's
///   backtrace handler if `SWIFT_BACKTRACE` is set, is called after the line is written.
func announceFatalSignals(of rank: Int, before handlers: SignalHandlers) {
    if areAnnounced.exchange(true, ordering: .relaxed) { return }
    SourcePlace.prepare()
    useOwnStackForSignals()
    for (fatal, previous) in zip(fatalSignals, handlers.actions) {
        fatal.previous.publish([previous])
        fatal.announcement.publish(Array("rank \(rank): stopped by \(fatal.cause)".utf8))
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, info, _ in announce(signal, info!.pointee.si_code) }
        action.sa_flags = SA_SIGINFO | SA_ONSTACK
        sigaction(fatal.signal, &action, nil)
    }
}

private let areAnnounced = Atomic<Bool>(false)

/// The handlers of the fatal signals.
struct SignalHandlers {
    fileprivate let actions: [sigaction]

    /// Reads the handlers in use, replacing those that print an unrequested backtrace with the system's default.
    init() {
        actions = fatalSignals.map { fatal in
            var action = sigaction()
            sigaction(fatal.signal, nil, &action)
            return action.printsUnaskedBacktrace ? sigaction() : action
        }
    }
}

private struct FatalSignal {
    let signal: Int32
    let cause: String
    let announcement = SignalSafe<UInt8>()
    let previous = SignalSafe<sigaction>()
}

/// Swift traps are `ud2` on x86-64, which raises `SIGILL`, and `brk` on AArch64, which raises `SIGTRAP`.
private let fatalSignals = [
    FatalSignal(signal: SIGILL, cause: trapped), FatalSignal(signal: SIGTRAP, cause: trapped),
    FatalSignal(signal: SIGABRT, cause: "SIGABRT (a fatal error of the Swift runtime or of a C library)"),
    FatalSignal(signal: SIGSEGV, cause: "SIGSEGV (infinite recursion or an invalid memory access)"),
    FatalSignal(signal: SIGBUS, cause: "SIGBUS (an access to memory or a mapped file that does not exist)"),
    FatalSignal(signal: SIGFPE, cause: "SIGFPE (an arithmetic error in C code)"),
]
private let trapped = "a Swift runtime failure (failed precondition, overflow or index)"

/// The body of the signal handler; does only what is async-signal-safe.
private func announce(_ signal: Int32, _ code: Int32) {
    let isRaised = code <= 0  // by kill, raise or abort, not by an instruction
    fatalSignals.withUnsafeBufferPointer { signals in
        for fatal in signals where fatal.signal == signal {
            fatal.announcement.withElements { writeLine(UnsafeRawBufferPointer($0), SourcePlace.current) }
            fatal.previous.withElements { _ = sigaction(signal, $0.baseAddress, nil) }
        }
    }
    // A trap instruction is never inside the C library, so the library's buffers are consistent.
    if !isRaised && (signal == SIGILL || signal == SIGTRAP) { tryToFlushStandardOutput() }
    if isRaised { raise(signal) }
}

/// Writes two texts as one line in a single call.
private func writeLine(_ text: UnsafeRawBufferPointer, _ end: UnsafeRawBufferPointer) {
    var newline = UInt8(ascii: "\n")
    withUnsafeMutableBytes(of: &newline) { newline in
        withUnsafeTemporaryAllocation(of: iovec.self, capacity: 3) { pieces in
            pieces[0] = iovec(text)
            pieces[1] = iovec(end)
            pieces[2] = iovec(UnsafeRawBufferPointer(newline))
            _ = writev(STDERR_FILENO, pieces.baseAddress, 3)
        }
    }
}

/// Lets the handlers run even if the stack of this thread is exhausted.
private func useOwnStackForSignals() {
    var current = stack_t()
    guard sigaltstack(nil, &current) == 0, current.ss_flags & Int32(SS_DISABLE) != 0 else { return }
    // Never freed: the thread may need it at any time.
    var stack = stack_t()
    stack.ss_size = 65_536
    stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: 65_536, alignment: 16)
    sigaltstack(&stack, nil)
}

extension iovec {
    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        self.init(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }
}

extension sigaction {
    /// Whether the handler prints a backtrace that nobody requested.
    ///
    /// This applies to the handler that UCX installs when its library is loaded, and to that of an Open MPI initialized
    /// earlier. It also applies to the handler of the Swift runtime, which mistakes the pseudo-terminal of Open MPI's
    /// launcher for an interactive terminal.
    fileprivate var printsUnaskedBacktrace: Bool {
        guard let address = dlsym(nil, "dladdr") else { return false }
        // Glibc hides `dladdr` and `Dl_info`. The structure begins with the path of the file that contains the address.
        let dladdr = unsafeBitCast(
            address, to: (@convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer) -> CInt).self)
        var info: (path: UnsafePointer<CChar>?, UnsafeRawPointer?, UnsafePointer<CChar>?, UnsafeRawPointer?)
        info = (nil, nil, nil, nil)
        let handler = unsafeBitCast(__sigaction_handler.sa_sigaction, to: UnsafeRawPointer?.self)
        guard dladdr(handler, &info) != 0, let path = info.path else { return false }
        let file = String(cString: path).split(separator: "/").last ?? ""
        return file.hasPrefix("libucs.") || file.hasPrefix("libopen-pal.")
            || (file.hasPrefix("libswiftCore.") && getenv("SWIFT_BACKTRACE") == nil)
    }
}

/// Plain memory that a signal handler may read. Never freed, because a failure may occur at any time.
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
