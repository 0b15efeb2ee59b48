import CommandSupport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A text file that is read from any place on.
struct TextFile: ~Copyable {
    let path: String
    let byteCount: Int
    let descriptor: Int32
    /// Where the line with the names of the columns begins, if there is one.
    private let heading: Int?

    /// - Throws: ``UserError`` of status 64 if it cannot be read.
    init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            let cause = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw UserError("cannot read \(path): \(cause)", exitStatus: ExitStatus.usage)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw UserError("cannot read \(path): it is not a regular file", exitStatus: ExitStatus.usage)
        }
        let heading: Int?
        do {
            var reader = LineReader(path, descriptor, at: 0)
            heading = try reader.heading()
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        self.heading = heading
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Whether a line is neither empty, nor a comment, nor the heading.
    func isSample(_ line: LineReader.Line, _ reader: borrowing LineReader) -> Bool {
        reader.hasContent(line) && line.offset != heading
    }
}

/// Reads lines one after the other, in memory of constant size.
struct LineReader {
    /// A line, for as long as no other is read.
    struct Line {
        /// Where it begins in the file.
        let offset: Int
        /// Where it lies in the buffer, without the character that ends it.
        let bytes: Range<Int>
    }

    private let path: String
    private let descriptor: Int32
    /// One byte more than is ever read, so that numbers end.
    private var buffer = [UInt8](repeating: 0, count: LineReader.capacity + 1)
    private var filled = 0
    private var position = 0
    /// Where the buffer begins in the file.
    private var offset: Int
    private var isAtEnd = false

    /// Longer lines are refused.
    private static var capacity: Int { 1 << 18 }

    init(_ path: String, _ descriptor: Int32, at offset: Int) {
        self.path = path
        self.descriptor = descriptor
        self.offset = offset
    }

    init(_ file: borrowing TextFile, at offset: Int) { self.init(file.path, file.descriptor, at: offset) }

    /// Where the first line with content begins, if it is not of numbers.
    fileprivate mutating func heading() throws -> Int? {
        while let line = try next() {
            if hasContent(line) { return numbers(line) == nil ? line.offset : nil }
        }
        return nil
    }

    /// - Returns: `nil` at the end of the file.
    mutating func next() throws -> Line? {
        var searched = position
        while true {
            let start = position
            if let end = endOfLine(from: searched) {
                position = end + 1
                return Line(offset: offset + start, bytes: start..<end)
            }
            if isAtEnd {
                position = filled
                return start < filled ? Line(offset: offset + start, bytes: start..<filled) : nil
            }
            try refill()
            searched = filled == 0 ? 0 : position
        }
    }

    private func endOfLine(from start: Int) -> Int? {
        buffer.withUnsafeBytes { buffer in
            memchr(buffer.baseAddress! + start, 10, filled - start).map { UnsafeRawPointer($0) - buffer.baseAddress! }
        }
    }

    /// Moves what has not been read to the front, and reads on behind it.
    private mutating func refill() throws {
        let rest = filled - position
        guard rest < Self.capacity else {
            throw UserError(
                "\(path): a line is longer than \(Self.capacity) bytes: this is no table of two columns",
                exitStatus: ExitStatus.data)
        }
        let (position, place) = (position, offset + filled)
        let count = buffer.withUnsafeMutableBytes { buffer in
            memmove(buffer.baseAddress!, buffer.baseAddress! + position, rest)
            return pread(descriptor, buffer.baseAddress! + rest, Self.capacity - rest, off_t(place))
        }
        guard count >= 0 else {
            throw UserError(
                "cannot read \(path): \(String(cString: strerror(errno)))", exitStatus: ExitStatus.ioError)
        }
        offset += position
        self.position = 0
        filled = rest + count
        buffer[filled] = 0
        isAtEnd = count == 0
    }

    func text(_ line: Line) -> String {
        String(decoding: buffer[line.bytes].prefix(60).prefix { $0 != 13 }, as: UTF8.self)
    }

    /// Whether a line is neither empty nor a comment.
    func hasContent(_ line: Line) -> Bool {
        guard let first = buffer[line.bytes].first(where: { !Self.isBlank($0) }) else { return false }
        return first != UInt8(ascii: "#")
    }

    /// Two numbers with a comma, a semicolon or blanks between them.
    func numbers(_ line: Line) -> (Double, Double)? {
        buffer.withUnsafeBufferPointer { buffer in
            var position = line.bytes.lowerBound
            func skipBlanks() {
                while position < line.bytes.upperBound, Self.isBlank(buffer[position]) { position += 1 }
            }
            func number() -> Double? {
                skipBlanks()
                guard position < line.bytes.upperBound else { return nil }
                let start = UnsafeRawPointer(buffer.baseAddress! + position).assumingMemoryBound(to: CChar.self)
                var end: UnsafeMutablePointer<CChar>?
                let value = strtod(start, &end)
                let length = end.map { UnsafePointer($0) - start } ?? 0
                position += length
                return length > 0 ? value : nil
            }
            guard let first = number() else { return nil }
            let afterFirst = position
            skipBlanks()
            var isSeparated = position > afterFirst
            if position < line.bytes.upperBound, [UInt8(ascii: ","), UInt8(ascii: ";")].contains(buffer[position]) {
                position += 1
                isSeparated = true
            }
            guard isSeparated, let second = number() else { return nil }
            skipBlanks()
            return position == line.bytes.upperBound ? (first, second) : nil
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}
