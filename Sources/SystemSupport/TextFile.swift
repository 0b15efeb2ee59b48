private import Glibc
public import SwiftMPI

extension Communicator {
    /// Reads a small text file on rank 0 and broadcasts its contents without a byte order mark. Collective.
    ///
    /// - Throws: ``JobFailure`` of exit status 64 if the file cannot be read.
    public func readTextFile(_ path: String) throws -> String {
        let text = try failingTogether { rank == 0 ? try SystemSupport.readTextFile(path) : nil }
        return try bcast(text)
    }
}

/// Reads a small text file and returns its contents without a byte order mark.
///
/// - Throws: ``UserError`` of exit status 64 if the file cannot be read.
public func readTextFile(_ path: String) throws(UserError) -> String {
    guard let text = String(validating: try readBytes(of: path).withoutByteOrderMark, as: UTF8.self) else {
        throw UserError("cannot read \(path): it is not a text file", exitStatus: ExitStatus.usage)
    }
    return text
}

/// Reads the bytes of a small file or of a part of a file.
///
/// - Parameters:
///   - start: The offset of the first byte; a negative number counts from the end of the file.
///   - limit: The maximum number of bytes to read.
/// - Throws: ``UserError`` of exit status 64 if the file cannot be read.
public func readBytes(of path: String, from start: Int = 0, atMost limit: Int = .max) throws(UserError) -> [UInt8] {
    func unreadable(_ code: Int32) -> UserError {
        UserError("cannot read \(path): \(systemError(code))", exitStatus: ExitStatus.usage)
    }
    guard let file = fopen(path, "r") else { throw unreadable(errno) }
    defer { fclose(file) }
    if start != 0, fseek(file, start, start < 0 ? SEEK_END : SEEK_SET) != 0 { throw unreadable(errno) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: min(limit, 1 << 16))
    while true {
        let count = fread(&buffer, 1, min(buffer.count, limit - bytes.count), file)
        if ferror(file) != 0 { throw unreadable(errno) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

/// Checks that a text file can be written, before any work is done.
///
/// - Parameter replaceable: The files that the new file may replace; `nil` for any file.
/// - Throws: ``UserError`` of exit status 73 if the file cannot be written.
public func prepareTextFile(_ path: String, replacing replaceable: OwnFiles?) throws(UserError) {
    if path != "-" && !isStream(path) { try PublishedFile(path, replacing: replaceable).prepare() }
}

/// Writes a small text file atomically. Devices, pipes and standard output (`-`) are written directly.
///
/// - Parameter replaceable: The files that the new file may replace; `nil` for any file.
/// - Throws: ``UserError`` of exit status 73 or 74.
public func writeTextFile(_ path: String, _ text: String, replacing replaceable: OwnFiles?) throws(UserError) {
    if path == "-" { return print(text, terminator: "") }
    if isStream(path) { return try write(text, to: path, for: path, "a") }
    let target = PublishedFile(path, replacing: replaceable)
    try target.prepare()
    do {
        try write(text, to: target.temporaryPath, for: path, "w")
    } catch {
        target.discard()
        throw error
    }
    try target.publish()
}

private func write(_ text: String, to actualPath: String, for path: String, _ mode: String) throws(UserError) {
    func failed(_ code: Int32) -> UserError {
        UserError("cannot write \(path): \(systemError(code))", exitStatus: ExitStatus.ioError)
    }
    guard let file = fopen(actualPath, mode) else { throw failed(errno) }
    var text = text
    let failure = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) == $0.count ? 0 : errno }
    // Closing the file may write more, and may set another errno.
    let isClosed = fclose(file) == 0
    if failure != 0 || !isClosed { throw failed(failure != 0 ? failure : errno) }
}

/// Whether the path is that of a device or a pipe, which is written directly and never replaced.
private func isStream(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && [S_IFCHR, S_IFIFO].contains(status.st_mode & S_IFMT)
}
