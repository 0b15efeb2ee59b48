private import Glibc
private import Synchronization
internal import SystemSupport

/// The descriptor that the handler writes the number of a received signal to.
private let writeEnd = Atomic<Int32>(-1)

private let stopSignals = [SIGUSR1, SIGTERM, SIGINT]

/// The signals that a rank waits for: `SIGCHLD`, and the signals by which the user or the batch system asks the farm to
/// stop.
struct Signals {
    private let readEnd: Int32
    /// The time of the last signal that asked the farm to stop.
    private var lastStop = -Double.infinity

    /// Installs the handlers. From then on, the signals no longer terminate the process.
    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0)
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .relaxed)
        // SIGPIPE must not terminate the process. It gets a handler because children inherit ignored signals, but not
        // handlers.
        handle(stopSignals + [SIGCHLD, SIGPIPE], with: noteSignal)
    }

    /// Waits until a signal arrives or the output of tasks can be forwarded, but no longer than the given number of
    /// milliseconds.
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

    /// Returns whether a stop signal has arrived since the last call.
    ///
    /// A terminal and a launcher may both forward a signal that a person sent once, so stop signals in quick succession
    /// count as one.
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
