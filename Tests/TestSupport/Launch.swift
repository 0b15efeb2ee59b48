import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// How a child process ended and what it said.
public struct Outcome: Sendable, CustomStringConvertible {
    /// The exit status; 128 + the signal's number where a signal ended the process, as a shell counts.
    public let status: Int32
    public let standardOutput: String
    public let standardError: String

    /// The lines of standard error that the program itself wrote: a launcher adds blocks of its own when a rank fails.
    public var ownErrorLines: [String] {
        standardError.split(separator: "\n").map(String.init).filter { line in
            !launcherPhrases.contains { line.contains($0) }
        }
    }

    public var description: String {
        "status \(status)\n--- stdout\n\(standardOutput)\n--- stderr\n\(standardError)"
    }
}

/// Pieces of the notices mpiexec prints around a failed rank (Open MPI 4, MPICH 4).
private let launcherPhrases = [
    "-----", "=====", "=   ", "MPI_ABORT was invoked", "with errorcode", "NOTE: invoking MPI_ABORT",
    "You may or may not see output", "exactly when Open MPI kills", "Primary job  terminated normally",
    "a non-zero exit code", "detected that one or more processes exited", "Process name:", "Exit code:",
    "Per user-direction", "application called MPI_Abort", "noticed that process rank", "the job to be terminated",
    "YOUR APPLICATION TERMINATED", "This typically refers to a problem", "Please see the FAQ page",
    "Abort(", "forcing all processes", "[warn] Epoll", "more processes have sent help message",
    "orte_base_help_aggregate", "ORTE_ERROR_LOG",
]

/// Seconds after which a program hangs: many times what the slowest takes on a slow machine.
public let hangLimit = 600

/// Runs a program found on `PATH` (or by its path) to its end and collects what it says.
///
/// - Parameter timeLimit: Seconds after which the child is ended, in case it hangs; the outcome's status is then 124
///   (or 137). No test depends on it otherwise.
public func run(
    _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    directory: String? = nil, timeLimit: Int = hangLimit
) async throws -> Outcome {
    // `timeout` ends the whole process group, launcher and ranks alike.
    let result = try await Subprocess.run(
        .name("timeout"),
        arguments: Arguments(["-k", "5", String(timeLimit), program] + arguments),
        environment: .inherit.updating(
            Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
        workingDirectory: directory.map { FilePath($0) },
        output: .string(limit: 1 << 26),
        error: .string(limit: 1 << 26))
    let status: Int32 =
        switch result.terminationStatus {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    return Outcome(
        status: status, standardOutput: result.standardOutput, standardError: result.standardError)
}

/// Runs `program` of this package (or any other, given a path) on `ranks` ranks.
///
/// The launcher is `$MPIEXEC`, or `mpiexec`. More ranks than cores are welcome: correctness is what is tested.
public func mpiexec(
    _ ranks: Int, _ program: String, _ arguments: [String] = [], environment: [String: String] = [:],
    directory: String? = nil, timeLimit: Int = hangLimit
) async throws -> Outcome {
    try await run(
        launcher, ["-n", String(ranks), builtProgram(program)] + arguments,
        environment: launcherEnvironment.merging(environment) { _, given in given },
        directory: directory, timeLimit: timeLimit)
}

/// The MPI launcher the tests use: `$MPIEXEC`, or `mpiexec`.
public let launcher = ProcessInfo.processInfo.environment["MPIEXEC"] ?? "mpiexec"

/// What lets Open MPI start more ranks than cores, and start at all as root in a container; and what spares a job that
/// ends with an error two seconds, in which it waits for ranks that have ended already. `$RANKS_PRELOAD` is a library
/// to load into the ranks: see Tests/Interposer/yield.c.
public let launcherEnvironment: [String: String] = {
    var variables = ["OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_odls_base_sigkill_timeout": "0"]
    if getuid() == 0 {
        variables["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        variables["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    }
    variables["LD_PRELOAD"] = ProcessInfo.processInfo.environment["RANKS_PRELOAD"]
    return variables
}()

/// The path of an executable product of this package, beside the running test bundle.
public func builtProgram(_ name: String) -> String {
    name.contains("/") ? name : buildDirectory + "/" + name
}

private let buildDirectory: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let executable = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let directory = executable.split(separator: "/").dropLast()
    return "/" + directory.joined(separator: "/")
}()

/// The Python with the scientific packages: `$PYTHON`, or `python3`.
public let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"

/// The root of the checkout.
public let packageDirectory: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

/// Writes an executable shell script.
///
/// - Returns: Its path.
@discardableResult
public func writeScript(_ text: String, to path: String) throws -> String {
    try Data("#!/bin/sh\n\(text)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
}

/// Compiles a C source of Tests/Interposer, which stands before functions of MPI in a program it is loaded into.
///
/// - Returns: The path of the library, in `directory`, for `LD_PRELOAD`.
public func interposer(_ name: String, in directory: String) async throws -> String {
    let library = "\(directory)/\(name).so"
    let compile = """
        cc -shared -fPIC -o '\(library)' '\(packageDirectory)/Tests/Interposer/\(name).c' \
            $(pkg-config --cflags "${MPI_PKG_CONFIG:-mpi-c}")
        """
    let outcome = try await run("sh", ["-c", compile])
    guard outcome.status == 0 else { throw CannotCompile(outcome: outcome) }
    return library
}

struct CannotCompile: Error {
    let outcome: Outcome
}

/// Gives `body` an empty directory that is removed afterwards.
public func withTemporaryDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
    var template = Array("/tmp/swiftmpi-test-XXXXXX".utf8CString)
    let path = template.withUnsafeMutableBufferPointer { buffer -> String? in
        mkdtemp(buffer.baseAddress!).map { String(cString: $0) }
    }
    guard let path else { throw Errno(rawValue: errno) }
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// The launcher of the MPI that the tests do not use, if it is installed under Debian's name for it.
public let foreignLauncher: String? = {
    let other = launcher.hasSuffix(".mpich") ? "mpiexec.openmpi" : "mpiexec.mpich"
    return FileManager.default.isExecutableFile(atPath: "/usr/bin/" + other) ? other : nil
}()
