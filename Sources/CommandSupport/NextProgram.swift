private import Glibc
private import SwiftMPI

/// A program of the suite that goes on with what this one has made.
///
/// It takes this program's place once MPI has ended. Starting it as a child, from a process in which MPI runs, is not
/// safe: memory that a network card knows of is not what it was after a fork.
public struct NextProgram: Sendable {
    private let path: String
    private let arguments: [String]

    /// Looks for a program beside this one, then in the folders of `PATH`.
    ///
    /// - Returns: `nil` if it is in neither.
    public init?(_ name: String, _ arguments: [String]) {
        let own = linkTarget("/proc/self/exe").split(separator: "/").dropLast().joined(separator: "/")
        guard let path = isProgram("/\(own)/\(name)") ? "/\(own)/\(name)" : pathOfProgram(name) else { return nil }
        self.path = path
        self.arguments = arguments
    }

    /// Becomes that program.
    public func replaceThisProgram() -> Never {
        fflush(nil)
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        execv(path, &words)
        let reason = systemError()
        writeToStandardError("cannot start \(path): \(reason)\n")
        exit(ExitStatus.unavailable)
    }
}

/// Where a program is, as a shell finds it: a name with a slash is its path, any other is looked for in the folders of
/// `PATH`, of which an empty one is the working folder; `nil` if it is not there.
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
