internal import CHDF5
public import SwiftMPI

/// A failed HDF5 operation: what was attempted, and HDF5's own account of why it failed.
public struct HDF5Error: ExitStatusProviding, Sendable, Equatable, CustomStringConvertible {
    /// One entry of HDF5's error stack.
    public struct Frame: Sendable, Equatable, CustomStringConvertible {
        /// The function inside HDF5, e.g. `H5FD_sec2_open`.
        public let function: String
        /// What went wrong there.
        public let text: String
        /// The part of the library, e.g. `Virtual File Layer`.
        public let major: String
        /// The kind of failure, e.g. `Unable to open file`.
        public let minor: String

        public var description: String { "\(function): \(text) (\(major): \(minor))" }
    }

    /// What failed, as a verb and its object: `create /x/y.h5`.
    public let attempt: String
    /// The C function that reported the failure, or was not called; empty if the wrapper refused without any in mind.
    public let function: String
    /// HDF5's error stack, innermost first; empty if the wrapper refused.
    public let stack: [Frame]
    /// The innermost cause in a few words: `No such file or directory`.
    public let cause: String

    /// `EX_CANTCREAT` (73) for a file that cannot be created, `EX_IOERR` (74) for everything else.
    public var exitStatus: Int32 { function == "H5Fcreate" ? 73 : 74 }

    /// One line: `cannot create /x/y.h5: No such file or directory`.
    public var description: String { "cannot \(attempt): \(cause)" }
}

extension HDF5Error {
    /// A failure that HDF5 reported.
    init(attempt: String, function: String, stack: [Frame]) {
        self.attempt = attempt
        self.function = function
        self.stack = stack
        cause = HDF5Error.cause(of: stack) ?? "\(function) failed"
    }

    /// Arguments that the wrapper refuses before HDF5 sees them.
    init(_ attempt: String, refusedBecause cause: String, by function: StaticString = "") {
        self.attempt = attempt
        self.cause = cause
        self.function = "\(function)"
        stack = []
    }

    /// HDF5's error stack, innermost first, which the next HDF5 call clears.
    ///
    /// C: H5Ewalk2
    static func currentStack() -> [Frame] {
        var frames: [Frame] = []
        _ = withUnsafeMutablePointer(to: &frames) { frames in
            H5Ewalk2(
                CHDF5_H5E_DEFAULT(), H5E_WALK_UPWARD,
                { _, entry, frames in
                    guard let entry = entry?.pointee, let frames else { return 0 }
                    frames.assumingMemoryBound(to: [Frame].self).pointee.append(
                        Frame(
                            function: entry.func_name.map { String(cString: $0) } ?? "",
                            text: entry.desc.map { String(cString: $0) } ?? "",
                            major: HDF5Error.message(entry.maj_num), minor: HDF5Error.message(entry.min_num)))
                    return 0
                }, frames)
        }
        return frames
    }

    fileprivate static func message(_ id: hid_t) -> String {
        let count = H5Eget_msg(id, nil, nil, 0)
        guard count > 0 else { return "" }
        var bytes = [CChar](repeating: 0, count: count + 1)
        H5Eget_msg(id, nil, &bytes, bytes.count)
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The cause a person wants: the system's own words where the stack quotes them, or MPI's, else what the innermost
    /// frame says.
    private static func cause(of stack: [Frame]) -> String? {
        for frame in stack {
            if let text = frame.text.quoted(after: "error message = ") { return text }
            // Open MPI: `MPI_ERR_NO_SUCH_FILE: no such file or directory`; MPICH: `File does not exist, error stack: …`
            if let text = frame.text.quoted(after: "MPI error string is ") {
                let words = text.split(separator: ", error stack:")[0]
                return words.hasPrefix("MPI_ERR") ? words.split(separator: ": ").last.map(String.init) : String(words)
            }
        }
        if stack.contains(where: { $0.minor == "Not an HDF5 file" }) { return "not an HDF5 file" }
        if stack.contains(where: { $0.text.hasPrefix("truncated file") }) { return "the file is truncated" }
        return stack.first.map { $0.text.split(whereSeparator: \.isNewline).joined(separator: " ") }
    }
}

extension String {
    /// What stands between single quotes right after `introduction`.
    fileprivate func quoted(after introduction: String) -> String? {
        var start = startIndex
        while start < endIndex, !self[start...].hasPrefix(introduction + "'") { start = index(after: start) }
        guard start < endIndex else { return nil }
        let text = self[index(start, offsetBy: introduction.count + 1)...]
        return text.lastIndex(of: "'").map { _ in String(text.prefix { $0 != "'" }) }
    }
}
