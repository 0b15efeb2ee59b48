/// The bytes of a message that is being decoded, shared by everything that reads from it.
final class CBORMessage {
    @exclusivity(unchecked) private(set) var bytes: UnsafeRawBufferPointer

    private let copy: UnsafeMutableRawBufferPointer?
    /// The original message, if this message is a converted part of it.
    private let whole: CBORMessage?

    private let maximumDepth: Int
    /// The number of values whose `init(from:)` is running.
    @exclusivity(unchecked) private var depth = 0
    /// The length of the path to the innermost of these values.
    @exclusivity(unchecked) private var pathLength = 0
    /// The error for a message that is nested too deeply. Kept here because a type that tries several ways to decode
    /// itself may discard the error that was thrown.
    @exclusivity(unchecked) private(set) var failure: CBORError?

    /// The most recently skipped long value. Kept because the value around it is usually skipped next.
    @exclusivity(unchecked) fileprivate var longValue = -1..<0

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = .max) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        copy = nil
        whole = nil
    }

    /// Creates a message that owns its bytes, which may be a converted part of another message.
    init(owning bytes: [UInt8], inside whole: CBORMessage? = nil) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyBytes(from: bytes)
        self.copy = copy
        self.whole = whole
        maximumDepth = whole?.maximumDepth ?? .max
        depth = whole?.depth ?? 0
        pathLength = whole?.pathLength ?? 0
        self.bytes = UnsafeRawBufferPointer(copy)
    }

    deinit { copy?.deallocate() }

    /// Drops the bytes, so that a decoder or container that outlives the call cannot access the caller's memory.
    func end() { bytes = .empty }

    var isOver: Bool { bytes.isEmpty }

    /// Checks that the message is exactly one well-formed item.
    ///
    /// Later reads rely on this check.
    func validate() throws(CBORError) {
        var reader = CBORReader(self, at: 0)
        try reader.skip()
        guard reader.position == bytes.count else { throw CBORError(reason: .trailingBytes, offset: reader.position) }
    }
}

extension CBORMessage {
    /// Runs `body`, the `init(from:)` of the value at an offset, or throws if the value is nested too deeply.
    @inline(__always)
    func descend<T>(to offset: Int, path: CodingPath?, _ body: () throws -> T) throws -> T {
        guard depth < maximumDepth else { throw tooDeep(offset) }
        let outerPathLength = pathLength
        depth += 1
        pathLength = path?.length ?? 0
        defer {
            depth -= 1
            pathLength = outerPathLength
        }
        if DeepRecursion.needsStack(at: depth) { return try DeepRecursion.withNewStack(body) }
        return try body()
    }

    /// Throws if a container or decoder that a value requests is nested too deeply inside other containers of the same
    /// value.
    func checkNesting(_ path: CodingPath, at offset: Int) throws(CBORError) {
        if path.length - pathLength > DeepRecursion.maximumNesting { throw tooDeep(offset) }
    }

    private func tooDeep(_ offset: Int) -> CBORError {
        let error = CBORError(reason: .tooDeep, offset: offset)
        note(error)
        return error
    }

    private func note(_ error: CBORError) {
        failure = failure ?? error
        whole?.note(error)
    }
}

/// A position in a message from which items are read.
///
/// Readers are copied often and never outlive the message, which the caller of ``CBORSerializer`` or a decoder keeps
/// alive. They therefore hold no reference to it.
struct CBORReader {
    unowned(unsafe) let message: CBORMessage
    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int

    init(_ message: CBORMessage, at position: Int) {
        self.message = message
        self.bytes = message.bytes
        self.position = position
    }

    private var remaining: Int { bytes.count - position }

    /// Reads the next item, with the tag that changes its meaning. The items inside it come next.
    ///
    /// A caller that does not know the tag must reject the item. A count in the result does not exceed the number of
    /// remaining bytes.
    @inline(__always)
    mutating func next() throws(CBORError) -> (tag: UInt64?, item: CBORItem) {
        var tag: UInt64?
        while true {
            let start = position
            let initialByte: UInt8 = try integer()
            let argument = try argument(initialByte)
            switch MajorType(rawValue: initialByte & 0xe0)! {
            case .unsigned:
                guard let argument else { throw malformed(start) }
                return (tag, .unsigned(argument))
            case .negative:
                guard let argument else { throw malformed(start) }
                return (tag, .negative(argument))
            case .bytes:
                guard let argument else { return (tag, .chunkedBytes) }
                return (tag, .bytes(try contents(argument, start)))
            case .text:
                guard let argument else { return (tag, .chunkedText) }
                return (tag, .text(try contents(argument, start)))
            case .array:
                return (tag, .array(count: try argument.map { c throws(CBORError) in try count(c, of: 1, start) }))
            case .map:
                return (tag, .map(count: try argument.map { c throws(CBORError) in try count(c, of: 2, start) }))
            case .tag:
                guard let argument else { throw malformed(start) }
                if !CBORTag.isRemark(argument) { tag = tag == nil ? argument : CBORTag.several }
            case .simple:
                return (tag, try simple(initialByte, argument, start))
            }
        }
    }

    /// Reads the tag with which the next item begins, if there is one. Includes tags that only add information.
    mutating func nextTag() throws(CBORError) -> UInt64? {
        guard remaining > 0, bytes[position] & 0xe0 == MajorType.tag.rawValue else { return nil }
        let start = position
        guard let tag = try argument(try integer()) else { throw malformed(start) }
        return tag
    }

    /// Skips a tag and any informational tags before it. Skips nothing if the next item does not begin with them.
    ///
    /// - Returns: Whether the item begins with the tag.
    mutating func skip(tag: UInt64) throws(CBORError) -> Bool {
        var ahead = self
        while let next = try ahead.nextTag() {
            if next == tag {
                self = ahead
                return true
            }
            guard CBORTag.isRemark(next) else { return false }
        }
        return false
    }

    /// Reads the next item; throws if a tag changes its meaning.
    @inline(__always)
    mutating func next(as type: Any.Type, path: () -> CodingPath?) throws -> CBORItem {
        let (tag, item) = try next()
        if tag != nil { throw CBORMismatch.type.error(type, item, tag: tag, path()) }
        return item
    }

    /// Skips the next byte if it is a break, and returns whether it is.
    mutating func skipBreak() -> Bool {
        guard remaining > 0, bytes[position] == InitialByte.break else { return false }
        position += 1
        return true
    }

    /// Whether the next item is null or undefined.
    var isAtNull: Bool {
        var ahead = self
        if case (nil, .null)? = try? ahead.next() { return true }
        return false
    }

    /// Skips the next item and its contents.
    mutating func skip() throws(CBORError) {
        let start = position
        let item = try next().item
        switch item {
        case .array, .map, .chunkedBytes, .chunkedText: try skipContents(of: item, from: start)
        default: break
        }
    }

    /// Skips the contents of an item that begins at `first`. Uses a loop, because the item may be deeply nested.
    private mutating func skipContents(of item: CBORItem, from first: Int) throws(CBORError) {
        /// The number of items to skip in the current entry of the innermost indefinite-length container, or in the
        /// whole item outside such containers.
        var due = 0
        /// The open indefinite-length containers: the number of items to skip outside each, and the number of items per
        /// entry.
        var openEnded: [(due: Int, entry: Int)] = []
        let longValue = message.longValue
        if first == longValue.lowerBound {
            position = longValue.upperBound
            return
        }
        var (item, start) = (item, first)
        while true {
            switch item {
            case .chunkedBytes, .chunkedText: while try nextChunk(of: item) != nil {}
            case .array(let count?): due += count
            case .map(let count?): due += 2 * count
            case .array(nil):
                openEnded.append((due, 1))
                due = 0
            case .map(nil):
                openEnded.append((due, 2))
                due = 0
            default: break
            }
            // Each item has at least one byte.
            guard due <= remaining else { throw CBORError(reason: .truncated, offset: start) }
            if due > 0, position == longValue.lowerBound {
                position = longValue.upperBound
                due -= 1
            }
            while due == 0 {
                guard let innermost = openEnded.last else {
                    if position - first >= Self.longLength { message.longValue = first..<position }
                    return
                }
                if skipBreak() {
                    due = innermost.due
                    openEnded.removeLast()
                } else {
                    due = innermost.entry
                }
            }
            due -= 1
            start = position
            item = try next().item
        }
    }

    private static let longLength = 256

    /// Skips the next item of a message that has been validated.
    mutating func skipValidated() { try! skip() }

    /// Returns whether an array or a map has another entry, which is then the next item.
    ///
    /// - Parameter remaining: The number of entries left, which is updated; nil if a break ends them.
    @inline(__always)
    mutating func hasEntry(_ remaining: inout Int?) -> Bool {
        guard let count = remaining else { return !skipBreak() }
        remaining = count - 1
        return count > 0
    }

    /// Reads the next chunk of a string of indefinite length; returns nil after the last chunk.
    mutating func nextChunk(of string: CBORItem) throws(CBORError) -> UnsafeRawBufferPointer? {
        if skipBreak() { return nil }
        let start = position
        switch (string, try next()) {
        case (.chunkedBytes, (nil, .bytes(let chunk))), (.chunkedText, (nil, .text(let chunk))): return chunk
        default: throw malformed(start)
        }
    }

    /// Reads the remaining chunks of a string of indefinite length and concatenates them.
    mutating func remainingChunks(of string: CBORItem) throws(CBORError) -> [UInt8] {
        var contents: [UInt8] = []
        while let chunk = try nextChunk(of: string) { contents += chunk }
        return contents
    }
}

extension CBORReader {
    /// Reads the argument that follows an initial byte; nil for an indefinite length or a break.
    @inline(__always)
    private mutating func argument(_ initialByte: UInt8) throws(CBORError) -> UInt64? {
        let small = initialByte & 0x1f
        return small < 24 ? UInt64(small) : try longArgument(initialByte)
    }

    private mutating func longArgument(_ initialByte: UInt8) throws(CBORError) -> UInt64? {
        switch initialByte & 0x1f {
        case 24: UInt64(try integer() as UInt8)
        case 25: UInt64(try integer() as UInt16)
        case 26: UInt64(try integer() as UInt32)
        case 27: try integer()
        case 31: nil
        default: throw malformed(position - 1)
        }
    }

    private mutating func integer<I: FixedWidthInteger>() throws(CBORError) -> I {
        let size = MemoryLayout<I>.size
        guard remaining >= size else { throw CBORError(reason: .truncated, offset: min(position, bytes.count)) }
        defer { position += size }
        return I(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: I.self))
    }

    @inline(__always)
    private mutating func contents(_ length: UInt64, _ start: Int) throws(CBORError) -> UnsafeRawBufferPointer {
        let length = try count(length, of: 1, start)
        defer { position += length }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    }

    /// Returns a count of entries as an `Int`. Throws if the remaining bytes cannot hold that many entries of a minimum
    /// size.
    @inline(__always)
    private func count(_ claim: UInt64, of size: UInt64, _ start: Int) throws(CBORError) -> Int {
        guard claim <= UInt64(remaining) / size else { throw CBORError(reason: .truncated, offset: start) }
        return Int(claim)
    }

    private func simple(_ initialByte: UInt8, _ argument: UInt64?, _ start: Int) throws(CBORError) -> CBORItem {
        switch (initialByte, argument) {
        case (InitialByte.false, _): return .bool(false)
        case (InitialByte.true, _): return .bool(true)
        case (InitialByte.null, _), (InitialByte.undefined, _): return .null
        case (InitialByte.half, let bits?): return .single(Float(halfBitPattern: UInt16(bits)))
        case (InitialByte.single, let bits?): return .single(Float(bitPattern: UInt32(bits)))
        case (InitialByte.double, let bits?): return .double(Double(bitPattern: bits))
        case (InitialByte.simple, let value?) where value < 32: throw malformed(start)
        case (_, let value?): return .simple(UInt8(value))
        case (_, nil): throw malformed(start)  // a break with nothing to end
        }
    }

    private func malformed(_ offset: Int) -> CBORError { CBORError(reason: .malformed, offset: offset) }
}

extension Float {
    /// Creates a number from a 16-bit float. `Float16` does not exist on every platform.
    init(halfBitPattern half: UInt16) {
        let magnitude = UInt32(half & 0x7fff)
        let isSpecial = magnitude >= 0x7c00
        // Shifts the fields to the positions that a Float has. The exponent's bias then still differs by 112.
        let moved = Float(bitPattern: magnitude << 13 | (isSpecial ? 0x7f80_0000 : 0))
        let value = isSpecial ? moved : moved * 0x1p112
        self = Float(bitPattern: value.bitPattern | UInt32(half & 0x8000) << 16)
    }
}
