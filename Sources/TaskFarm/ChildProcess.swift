private import CChildren
import CommandSupport
private import Glibc
import SystemSupport

/// The destination of a child's standard output or standard error.
enum ChildOutput {
    /// An open file descriptor of this process.
    case descriptor(Int32)
    case null
    /// A file that is appended to; `isEmptied` tells whether the file is truncated first.
    case file(String, isEmptied: Bool)
}

/// A child process in its own session.
///
/// The child has no controlling terminal to wait for, and signals to the process group or session of this process do
/// not reach it.
///
/// `posix_spawn` shares the memory of this process until the child executes another program. A bare `fork` would copy
/// memory that is registered with a network card and thereby break MPI.
struct ChildProcess {
    let processID: Int32

    /// Starts a command with `/bin/sh -c`.
    ///
    /// - Parameters:
    ///   - environment: The child's entire environment, as `name=value` strings.
    ///   - input: The descriptor that becomes the child's standard input; `nil` for `/dev/null`.
    /// - Throws: ``StartError`` if the process cannot be started.
    init(
        shell command: Bytes, environment: [Bytes], input: Int32? = nil, output: ChildOutput, error: ChildOutput
    ) throws(StartError) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        } else {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        }
        for (descriptor, target) in [(STDOUT_FILENO, output), (STDERR_FILENO, error)] {
            switch target {
            case .descriptor(let target): posix_spawn_file_actions_adddup2(&actions, target, descriptor)
            case .null: posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
            case .file(let path, let isEmptied):
                let flags = O_WRONLY | O_CREAT | O_APPEND | (isEmptied ? O_TRUNC : 0)
                posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o666)
            }
        }
        posix_spawnattr_setflags(&attributes, CChildrenSetSession)
        var processID: Int32 = 0
        let code = withCStrings([Bytes("sh".utf8), Bytes("-c".utf8), command]) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&processID, "/bin/sh", &actions, &attributes, arguments, environment)
            }
        }
        if code != 0 { throw StartError(code: code) }
        self.processID = processID
    }

    /// The `errno` value of a child that could not be started.
    struct StartError: Error, CustomStringConvertible {
        var code: Int32
        var description: String { "cannot start a process: \(systemError(code))" }
    }

    /// Whether the child has exited; it remains a zombie until ``reap()``. Adopted orphans that have exited are reaped
    /// here.
    var hasEnded: Bool {
        while true {
            let ended = CChildrenEnded()
            if ended == 0 || ended == processID { return ended != 0 }
            waitpid(ended, nil, 0)
        }
    }

    /// The way in which a child exited, and the resources that it used.
    struct Result {
        var ending: Ending
        var cpuSeconds: Double
        var peakMemoryBytes: Int
    }

    /// Waits until the child exits, and reaps it.
    @discardableResult
    func reap() -> Result {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(processID, &status, 0, &usage) < 0 && errno == EINTR {}
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        let signal = status & 0x7f
        let memory = usage.ru_maxrss * 1024
        return Result(
            ending: signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal),
            cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime),
            // Before it executed another program, the child was a copy of this process.
            peakMemoryBytes: memory > CommandSupport.peakMemoryBytes() ? memory : 0)
    }
}

/// Sets close-on-exec for all open file descriptors of this process, such as the connections of MPI, because a launcher
/// may wait until they are closed.
func setCloseOnExec() {
    for descriptor in 3..<Int32(min(sysconf(Int32(_SC_OPEN_MAX)), 4096)) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
}

/// Calls `body` with an array of C strings that ends with a null pointer.
private func withCStrings<R>(_ strings: [Bytes], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    var text: [CChar] = []
    for string in strings { text += string.map(CChar.init(bitPattern:)) + [0] }
    return text.withUnsafeMutableBufferPointer { text in
        var pointers: [UnsafeMutablePointer<CChar>?] = []
        var place = 0
        for string in strings {
            pointers.append(text.baseAddress! + place)
            place += string.count + 1
        }
        return body(pointers + [nil])
    }
}
