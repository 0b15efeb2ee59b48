private import Glibc

/// A small process that ends a rank's task when the rank is killed.
///
/// A task in a process group of its own outlives a rank that dies without a chance to end it, and would run beside its
/// own repetition when the farm is resumed. The guard reads from a pipe which group the rank runs; when the rank is
/// gone, so is the other end of the pipe.
struct OrphanGuard {
    private let pipeEnd: Int32
    let process: ChildProcess
    private var group: Int32?

    init(environment: [Bytes]) throws(ChildProcess.StartError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildProcess.StartError(code: errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // Whoever waits for all writers of standard output to go shall not wait for the guard.
        process = try ChildProcess(
            shell: Bytes(
                #"""
                trap '' HUP INT TERM USR1 USR2
                while read -r line; do group=$line; done
                test -z "$group" || kill -s KILL -- "-$group"
                """#.utf8),
            environment: environment, input: ends[0], output: .null, error: .null)
        pipeEnd = ends[1]
    }

    /// Tells which process group shall not outlive this process; `nil` for none.
    mutating func watch(_ group: Int32?) {
        if group == self.group { return }
        self.group = group
        var line = (group.map { "\($0)" } ?? "") + "\n"
        _ = line.withUTF8 { write(pipeEnd, $0.baseAddress, $0.count) }
    }

    /// Ends the guard.
    mutating func finish() {
        watch(nil)
        close(pipeEnd)
        _ = process.reap()
    }
}
