private import Glibc

/// A small process that kills a rank's task when the rank itself is killed.
///
/// A task runs in a process group of its own, so it outlives a rank that is killed before it can end the task, and
/// would then run concurrently with its own repetition in the resumed farm. The guard reads the process group of the
/// current task from a pipe. When the rank dies, its end of the pipe is closed.
struct OrphanGuard {
    private let pipeEnd: Int32
    let process: ChildProcess
    private var group: Int32?

    init(environment: [Bytes]) throws(ChildProcess.StartError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildProcess.StartError(code: errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // The guard must not hold standard output open: a reader may wait until all writers have closed it.
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

    /// Sets the process group that must not outlive this process; `nil` for none.
    mutating func watch(_ group: Int32?) {
        if group == self.group { return }
        self.group = group
        var line = (group.map { "\($0)" } ?? "") + "\n"
        _ = line.withUTF8 { write(pipeEnd, $0.baseAddress, $0.count) }
    }

    /// Stops the guard.
    mutating func finish() {
        watch(nil)
        close(pipeEnd)
        _ = process.reap()
    }
}
