private import Glibc

/// Throws if an output is the same file as an input or another output, even under a different name.
///
/// - Throws: ``UserError`` of exit status 64.
public func requireDistinct(inputs: [String], outputs: [String]) throws(UserError) {
    for (index, output) in outputs.enumerated() {
        let file = FileIdentity(output)
        func refused(_ what: String, _ other: String) -> UserError {
            UserError("cannot write \(output): it is \(what), \(other)", exitStatus: ExitStatus.usage)
        }
        if let input = inputs.first(where: { FileIdentity($0) == file }) { throw refused("an input too", input) }
        if let other = outputs[..<index].first(where: { FileIdentity($0) == file }) {
            throw refused("another output too", other)
        }
    }
}

/// The identity of a file, independent of its name.
private enum FileIdentity: Equatable {
    case node(device: UInt64, number: UInt64)
    /// A file that does not exist, identified by its directory and its name.
    case missing(device: UInt64, directory: UInt64, name: String)
    case nowhere(String)

    init(_ path: String) {
        let path = withoutLinks(path)
        var status = stat()
        if stat(path, &status) == 0 {
            self = .node(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
            return
        }
        let (directory, name) = directoryAndName(of: path)
        self =
            stat(directory, &status) == 0
            ? .missing(device: UInt64(status.st_dev), directory: UInt64(status.st_ino), name: name)
            : .nowhere(path)
    }
}

/// Returns a path with symbolic links resolved in its last component. The target of the last link need not exist.
func withoutLinks(_ path: String) -> String {
    var path = path
    // Linux follows up to 40 links.
    for _ in 0..<40 {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        if count <= 0 { break }
        let target = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        path = target.hasPrefix("/") ? target : directory + target
    }
    return path
}

/// Splits a path into its directory and its last component.
func directoryAndName(of path: String) -> (directory: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
}

/// Returns the target of a symbolic link; empty if the path is not a symbolic link.
public func linkTarget(_ path: String) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
    return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
}
