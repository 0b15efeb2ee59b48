internal import CHDF5

/// A failed HDF5 operation, with HDF5's own description of the failure.
public struct HDF5Error: Error, Sendable, Equatable, CustomStringConvertible {
    /// One entry of HDF5's error stack.
    public struct Frame: Sendable, Equatable, CustomStringConvertible {
        /// The function inside HDF5, e.g. `H5FD_sec2_open`.
        public let function: String
        /// A description of the failure.
        public let text: String
        /// The part of the library, e.g. `Virtual File Layer`.
        public let major: String
        /// The kind of failure, e.g. `Unable to open file`.
        public let minor: String

        public var description: String { "\(function): \(text) (\(major): \(minor))" }
    }

    /// The kinds of failures that callers may want to distinguish.
    public enum Reason: Sendable, Hashable {
        /// This library refused the call before it reached HDF5.
        case refused
        /// The file is not an HDF5 file.
        case notHDF5
        /// The file is shorter than its metadata says.
        case truncated
        /// Any other failure that HDF5 reported.
        case reported
    }

    /// The operation that failed, as a verb and its object: `create /x/y.h5`.
    public let attempt: String
    /// The C function that reported the failure or that would have been called; empty if the call was refused without
    /// reference to a function.
    public let function: String
    /// HDF5's error stack, innermost frame first; empty if this library refused the call.
    public let stack: [Frame]
    /// A short description of the innermost cause: `No such file or directory`.
    public let cause: String
    /// The kind of failure.
    public let reason: Reason

    /// The error on one line: `cannot create /x/y.h5: No such file or directory`.
    public var description: String { "cannot \(attempt): \(cause)" }
}

extension HDF5Error {
    /// Creates an error from HDF5's error stack. To be called right after the failure, because the next HDF5 call
    /// clears the stack.
    init(reportedBy function: StaticString, _ attempt: String) {
        let report = Report()
        self.attempt = attempt
        self.function = "\(function)"
        stack = report.frames
        reason = report.reason
        cause = report.cause ?? "\(function) failed"
    }

    /// Creates an error for arguments that this library refuses before it calls HDF5.
    init(_ attempt: String, refusedBecause cause: String, by function: StaticString = "") {
        self.attempt = attempt
        self.cause = cause
        self.function = "\(function)"
        stack = []
        reason = .refused
    }
}

/// The contents of HDF5's error stack after a failed call.
private struct Report {
    /// The frames of the error stack, innermost first.
    private(set) var frames: [HDF5Error.Frame] = []
    private(set) var reason = HDF5Error.Reason.reported

    /// C: H5Ewalk2
    init() {
        _ = withUnsafeMutablePointer(to: &self) { report in
            H5Ewalk2(
                CHDF5_H5E_DEFAULT(), H5E_WALK_UPWARD,
                { _, entry, report in
                    guard let entry = entry?.pointee, let report else { return 0 }
                    report.assumingMemoryBound(to: Report.self).pointee.add(entry)
                    return 0
                }, report)
        }
    }

    private mutating func add(_ entry: H5E_error2_t) {
        frames.append(
            HDF5Error.Frame(
                function: entry.func_name.map { String(cString: $0) } ?? "",
                text: entry.desc.map { String(cString: $0) } ?? "",
                major: Self.message(entry.maj_num), minor: Self.message(entry.min_num)))
        if entry.min_num == CHDF5_H5E_NOTHDF5() {
            reason = .notHDF5
        } else if entry.min_num == CHDF5_H5E_TRUNCATED(), reason == .reported {
            reason = .truncated
        }
    }

    private static func message(_ id: hid_t) -> String {
        let count = H5Eget_msg(id, nil, nil, 0)
        guard count > 0 else { return "" }
        var bytes = [CChar](repeating: 0, count: count + 1)
        H5Eget_msg(id, nil, &bytes, bytes.count)
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The cause to show to people: the system's or MPI's error message if the stack quotes one, otherwise the text of
    /// the innermost frame.
    var cause: String? {
        for frame in frames {
            if let text = frame.text.quoted(after: "error message = ") { return text }
            // Open MPI: `MPI_ERR_NO_SUCH_FILE: no such file or directory`; MPICH: `File does not exist, error stack: …`
            if let text = frame.text.quoted(after: "MPI error string is ") {
                let words = text.split(separator: ", error stack:")[0]
                return words.hasPrefix("MPI_ERR") ? words.split(separator: ": ").last.map(String.init) : String(words)
            }
        }
        switch reason {
        case .notHDF5: return "not an HDF5 file"
        case .truncated: return "the file is truncated"
        case .refused, .reported:
            return frames.first.map { $0.text.split(whereSeparator: \.isNewline).joined(separator: " ") }
        }
    }
}

extension String {
    /// Returns the text in single quotes directly after `introduction`.
    fileprivate func quoted(after introduction: String) -> String? {
        var start = startIndex
        while start < endIndex, !self[start...].hasPrefix(introduction + "'") { start = index(after: start) }
        guard start < endIndex else { return nil }
        let text = self[index(start, offsetBy: introduction.count + 1)...]
        return text.lastIndex(of: "'").map { _ in String(text.prefix { $0 != "'" }) }
    }
}
