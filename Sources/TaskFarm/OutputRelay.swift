private import CChildren
import CommandSupport
private import Glibc
import SystemSupport

/// Forwards the output of tasks to an output of this process.
///
/// Tasks do not inherit the output itself: a process that a task leaves behind would keep the output open, and its
/// reader would wait. Without the relay, the farm would also not notice that output is lost.
struct OutputRelay {
    /// The condition that a relay waits for.
    enum Readiness {
        case readable(Int32)
        case writable(Int32)
    }

    /// The descriptor that tasks write to.
    let inlet: Int32
    private let outlet: Int32
    let target: Int32
    private var buffer: ArraySlice<UInt8> = []
    /// The number of bytes forwarded so far.
    private var passed = 0
    /// The `errno` value of the write that failed. After a failure, nothing more is forwarded.
    private(set) var failure: Int32?

    init(to target: Int32) throws(ChildProcess.StartError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildProcess.StartError(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        outlet = ends[0]
        inlet = ends[1]
        self.target = target
    }

    /// The condition under which the relay can continue; `nil` after a failure.
    var readiness: Readiness? {
        failure != nil ? nil : buffer.isEmpty ? .readable(outlet) : .writable(target)
    }

    /// The value that ``passed`` reaches when everything written so far is forwarded.
    var end: Int { passed + buffer.count + Int(CChildrenReadableBytes(outlet)) }

    func hasPassed(_ end: Int) -> Bool { failure == nil && passed >= end }

    /// Forwards available output as long as the target accepts it without blocking.
    mutating func pass() {
        // A pipe that is ready accepts this many bytes. The number of rounds is limited, as a task may write without
        // end.
        let piece = 4096
        for _ in 0..<64 where failure == nil {
            if buffer.isEmpty {
                var bytes = Bytes(repeating: 0, count: piece)
                let count = read(outlet, &bytes, piece)
                if count <= 0 { return }
                buffer = bytes[..<count]
            }
            var state = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
            if poll(&state, 1, 0) <= 0 { return }
            let count = buffer.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
            if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
            if count < 0 { return fail(errno) }
            passed += count
            buffer.removeFirst(count)
        }
    }

    /// Closes the pipe, so that tasks that continue to write get the same error as from the target itself.
    private mutating func fail(_ code: Int32) {
        failure = code
        buffer = []
        close(outlet)
    }
}

/// Forwards the standard output and standard error of tasks.
struct OutputRelays {
    /// A single relay if both outputs are the same file, so that its lines stay in order.
    private var relays: [OutputRelay]

    init() throws(ChildProcess.StartError) {
        relays = [try OutputRelay(to: STDOUT_FILENO)]
        if !isSameFile(STDOUT_FILENO, STDERR_FILENO) { relays.append(try OutputRelay(to: STDERR_FILENO)) }
    }

    var output: ChildOutput { .descriptor(relays[0].inlet) }
    var error: ChildOutput { .descriptor(relays[relays.count - 1].inlet) }

    var readiness: [OutputRelay.Readiness] { relays.compactMap(\.readiness) }

    /// The values that each relay's count reaches when everything written so far is forwarded.
    var ends: [Int] { relays.map(\.end) }

    func havePassed(_ ends: [Int]) -> Bool { zip(relays, ends).allSatisfy { $0.hasPassed($1) } }

    mutating func pass() {
        for index in relays.indices { relays[index].pass() }
    }

    var hasFailed: Bool { relays.contains { $0.failure != nil } }

    /// - Throws: ``UserError`` of status 74 if some output could not be forwarded.
    func checkSuccess() throws(UserError) {
        for relay in relays {
            if let code = relay.failure { throw cannotWrite(relay.target, code) }
        }
    }
}

private func isSameFile(_ first: Int32, _ second: Int32) -> Bool {
    var (a, b) = (stat(), stat())
    return fstat(first, &a) == 0 && fstat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino
}
