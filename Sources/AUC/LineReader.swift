import Glibc
import SystemSupport

/// A regular file, open for reading.
struct InputFile: ~Copyable {
    let path: String
    let byteCount: Int
    fileprivate let descriptor: Int32

    /// - Throws: ``UserError`` of status 64 if it cannot be read.
    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            let cause = systemError()
            if descriptor >= 0 { close(descriptor) }
            throw UserError("cannot read \(path): \(cause)", exitStatus: ExitStatus.usage)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw UserError("cannot read \(path): it is not a regular file", exitStatus: ExitStatus.usage)
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }
}

/// Reads lines one after the other, using a constant amount of memory.
struct LineReader {
    /// A line, valid until the next one is read.
    struct Line {
        /// The position of the line in the file.
        let offset: Int
        /// The position of the line in the buffer, without line end and byte order mark.
        fileprivate(set) var bytes: Range<Int>
    }

    private let path: String
    private let descriptor: Int32
    /// The buffer, with one extra zero byte so that numbers are terminated.
    private var buffer = [UInt8](repeating: 0, count: LineReader.capacity + 1)
    private var filled = 0
    private var position = 0
    /// The position of the buffer in the file.
    private var offset: Int
    private var isAtEnd = false

    /// The maximum length of a line; longer lines are rejected.
    private static var capacity: Int { 1 << 18 }

    init(_ file: borrowing InputFile, at offset: Int) {
        path = file.path
        descriptor = file.descriptor
        self.offset = offset
    }

    /// - Returns: `nil` at the end of the file.
    mutating func next() throws -> Line? {
        var searched = position
        while true {
            let start = position
            if let end = endOfLine(from: searched) {
                position = end + 1
                return line(start..<end)
            }
            if isAtEnd {
                position = filled
                return start < filled ? line(start..<filled) : nil
            }
            try refill()
            searched = filled == 0 ? 0 : position
        }
    }

    private func line(_ bytes: Range<Int>) -> Line {
        var line = Line(offset: offset + bytes.lowerBound, bytes: bytes)
        if line.offset == 0 { line.bytes = buffer[bytes].withoutByteOrderMark.indices }
        while buffer[line.bytes].last == UInt8(ascii: "\r") { line.bytes = line.bytes.dropLast() }
        return line
    }

    private func endOfLine(from start: Int) -> Int? {
        buffer.withUnsafeBytes { buffer in
            memchr(buffer.baseAddress! + start, 10, filled - start).map { UnsafeRawPointer($0) - buffer.baseAddress! }
        }
    }

    /// Moves unread bytes to the front of the buffer and fills the rest.
    private mutating func refill() throws {
        let rest = filled - position
        guard rest < Self.capacity else {
            throw UserError(
                "\(path): a line is longer than \(Self.capacity) bytes: this is not a table",
                exitStatus: ExitStatus.data)
        }
        let (position, place) = (position, offset + filled)
        let count = buffer.withUnsafeMutableBytes { buffer in
            memmove(buffer.baseAddress!, buffer.baseAddress! + position, rest)
            return pread(descriptor, buffer.baseAddress! + rest, Self.capacity - rest, off_t(place))
        }
        guard count >= 0 else {
            let reason = systemError()
            throw UserError("cannot read \(path): \(reason)", exitStatus: ExitStatus.ioError)
        }
        offset += position
        self.position = 0
        filled = rest + count
        buffer[filled] = 0
        isAtEnd = count == 0
    }

    /// Calls `body` with the fields of a line.
    func withFields<R>(of line: Line, _ body: (inout TextFields) throws -> R) rethrows -> R {
        try buffer.withUnsafeBufferPointer { buffer in
            var fields = TextFields(buffer, line.bytes)
            return try body(&fields)
        }
    }

    /// Returns the beginning of a line, quoted for a message.
    func text(_ line: Line) -> String { quoted(buffer[line.bytes]) }
}

/// Returns the beginning of a text, quoted for a message: control characters and invalid bytes are escaped.
func quoted(_ bytes: some Sequence<UInt8>) -> String {
    let text = String(decoding: Array(bytes.prefix(60)), as: UTF8.self)
    return text.unicodeScalars.map { scalar in
        switch scalar {
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{FEFF}": "\\u{FEFF}"
        case _ where scalar.value < 32 || scalar.value == 127:
            "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
        default: String(scalar)
        }
    }.joined()
}
