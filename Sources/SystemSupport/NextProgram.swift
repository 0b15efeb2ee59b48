private import Glibc
private import SwiftMPI

/// A program of the suite that continues with the output of this one.
///
/// It replaces this program after MPI has ended. A process in which MPI runs cannot safely start it as a child, because
/// memory that is registered with a network card is not preserved by a fork.
public struct NextProgram: Sendable {
    private let path: String
    private let arguments: [String]

    /// Finds a program in the directory of this one or in the directories of `PATH`.
    ///
    /// - Returns: `nil` if there is no such program.
    public init?(_ name: String, _ arguments: [String]) {
        let own = linkTarget("/proc/self/exe").split(separator: "/").dropLast().joined(separator: "/")
        guard let path = isProgram("/\(own)/\(name)") ? "/\(own)/\(name)" : pathOfProgram(name) else { return nil }
        self.path = path
        self.arguments = arguments
    }

    /// Replaces this process by the program.
    public func replaceThisProgram() -> Never {
        fflush(nil)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, &words)
        let reason = systemError()
        writeToStandardError("cannot start \(path): \(reason)\n")
        exit(ExitStatus.unavailable)
    }
}

/// Returns the path of a program, found in the same way as by a shell; `nil` if there is no such program.
///
/// A name with a slash is a path. Any other name is looked up in the directories of `PATH`, in which an empty entry
/// stands for the working directory.
public func pathOfProgram(_ name: String) -> String? {
    if name.contains("/") { return isProgram(name) ? name : nil }
    guard !name.isEmpty, let folders = getenv("PATH") else { return nil }
    return String(cString: folders).split(separator: ":", omittingEmptySubsequences: false)
        .map { "\($0.isEmpty ? "." : $0)/\(name)" }.first { isProgram($0) }
}

private func isProgram(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
}
