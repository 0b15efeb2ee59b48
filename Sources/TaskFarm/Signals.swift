private import Glibc
private import Synchronization
internal import SystemSupport

/// Where the handler writes the number of a signal that has come.
private let writeEnd = Atomic<Int32>(-1)

private let stopSignals = [SIGUSR1, SIGTERM, SIGINT]

/// The signals that a rank waits for: a child has ended, or the user or the batch system wants the farm to stop.
struct Signals {
    private let readEnd: Int32
    /// When the last one came that asked to stop.
    private var lastStop = -Double.infinity

    /// From here on they no longer end the process.
    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .relaxed)
        // A pipe whose reader is gone is not worth dying for. A handler is not inherited by children, ignoring is.
        handle(stopSignals + [SIGCHLD, SIGPIPE], with: noteSignal)
    }

    /// Waits until a signal comes or the output of tasks can be passed on, but no longer than some milliseconds.
    func wait(milliseconds: Int, orFor outputs: [OutputRelay.Readiness]) {
        var descriptors = [pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)]
        descriptors += outputs.map { output in
            switch output {
            case .readable(let descriptor): pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            case .writable(let descriptor): pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            }
        }
        poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
    }

    /// Whether a signal to stop has come since the last call.
    ///
    /// A terminal and a launcher may both pass on what a person has typed once: what follows within a moment is the
    /// same.
    mutating func takeStopSignal(now: Double) -> Bool {
        var signals: [UInt8] = Array(repeating: 0, count: 64)
        var isStop = false
        while case let length = read(readEnd, &signals, signals.count), length > 0 {
            isStop = isStop || signals[..<length].contains { stopSignals.contains(Int32($0)) }
        }
        if !isStop || now - lastStop < 0.2 { return false }
        lastStop = now
        return true
    }
}

private func noteSignal(_ signal: Int32) {
    let error = errno
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(writeEnd.load(ordering: .relaxed), &byte, 1)
    errno = error
}
