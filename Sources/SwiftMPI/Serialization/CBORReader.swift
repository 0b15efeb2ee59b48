/// The bytes of a message while it is decoded, shared by everything that reads from it.
final class CBORMessage {
    @exclusivity(unchecked) private(set) var bytes: UnsafeRawBufferPointer

    private let copy: UnsafeMutableRawBufferPointer?
    /// The message of which this one is a part in another form.
    private let whole: CBORMessage?

    private let maximumDepth: Int
    /// How many values have an `init(from:)` that is running.
    @exclusivity(unchecked) private var depth = 0
    /// The length of the path to the innermost of them.
    @exclusivity(unchecked) private var pathLength = 0
    /// That the message is nested too deeply, which types that try several ways to decode themselves do not see.
    @exclusivity(unchecked) private(set) var failure: CBORError?

    /// The last long value that was passed over: the value around it is passed over next.
    @exclusivity(unchecked) fileprivate var longValue = -1..<0

    init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = .max) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        copy = nil
        whole = nil
    }

    /// A message of its own, or part of another one in another form.
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

    /// Forgets the bytes: a decoder or container that somebody kept must not find the caller's memory.
    func end() { bytes = .empty }

    var isOver: Bool { bytes.isEmpty }

    /// Checks that the message is one well-formed item and nothing else.
    ///
    /// What is read later was therefore found to be there.
    func validate() throws(CBORError) {
        var reader = CBORReader(self, at: 0)
        try reader.skip()
        guard reader.position == bytes.count else { throw CBORError(reason: .trailingBytes, offset: reader.position) }
    }
}

extension CBORMessage {
    /// Runs `body`, which is the `init(from:)` of the value at an offset, unless that is too deep.
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

    /// Throws if a container or a decoder that a value asks for has too many others of the same value around it.
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

/// A position in a message, and the reading of items from there on.
///
/// Readers are copied a lot and live no longer than the message, which the caller of ``CBORSerializer`` or a decoder
/// keeps alive: they do not count as its owners.
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

    /// The next item and the tag that it takes to understand it; the items inside it come next.
    ///
    /// A caller that does not know the tag has to refuse the item. A count that is returned does not exceed the number
    /// of bytes that remain.
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

    /// The tag that the next item begins with, if there is one, remarks included.
    mutating func nextTag() throws(CBORError) -> UInt64? {
        guard remaining > 0, bytes[position] & 0xe0 == MajorType.tag.rawValue else { return nil }
        let start = position
        guard let tag = try argument(try integer()) else { throw malformed(start) }
        return tag
    }

    /// Passes over a tag, and remarks before it; nothing if the next item does not begin with them.
    ///
    /// - Returns: Whether it does.
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

    /// The next item, if it takes no tag to understand it.
    @inline(__always)
    mutating func next(as type: Any.Type, path: () -> CodingPath?) throws -> CBORItem {
        let (tag, item) = try next()
        if tag != nil { throw CBORMismatch.type.error(type, item, tag: tag, path()) }
        return item
    }

    /// Whether the next byte is a break, which is then passed over.
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

    /// Passes over the next item and all that is inside it.
    mutating func skip() throws(CBORError) {
        let start = position
        let item = try next().item
        switch item {
        case .array, .map, .chunkedBytes, .chunkedText: try skipContents(of: item, from: start)
        default: break
        }
    }

    /// Passes over what is inside an item that begins at `first`, in a loop: it may be deeply nested.
    private mutating func skipContents(of item: CBORItem, from first: Int) throws(CBORError) {
        /// How many items are left of the innermost container that a break ends: of one of its entries, or of the
        /// whole.
        var due = 0
        /// The containers that a break ends, and what is left around each.
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
            // Each is a byte at least.
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

    /// Passes over the next item of a message that was found well-formed.
    mutating func skipValidated() { try! skip() }

    /// Whether an array or a map has another entry, which then comes next.
    ///
    /// - Parameter remaining: How many entries it has left, which is updated; nil if a break ends them.
    @inline(__always)
    mutating func hasEntry(_ remaining: inout Int?) -> Bool {
        guard let count = remaining else { return !skipBreak() }
        remaining = count - 1
        return count > 0
    }

    /// The next chunk of a string of indefinite length; nil after the last.
    mutating func nextChunk(of string: CBORItem) throws(CBORError) -> UnsafeRawBufferPointer? {
        if skipBreak() { return nil }
        let start = position
        switch (string, try next()) {
        case (.chunkedBytes, (nil, .bytes(let chunk))), (.chunkedText, (nil, .text(let chunk))): return chunk
        default: throw malformed(start)
        }
    }

    /// All chunks of a string of indefinite length, one after the other.
    mutating func remainingChunks(of string: CBORItem) throws(CBORError) -> [UInt8] {
        var contents: [UInt8] = []
        while let chunk = try nextChunk(of: string) { contents += chunk }
        return contents
    }
}

extension CBORReader {
    /// The argument that a first byte announces; nil is an indefinite length, or a break.
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

    /// A count of entries as an `Int`, if the message has enough bytes left for that many of a minimum size.
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
    /// A 16-bit float. (`Float16` does not exist on every platform.)
    init(halfBitPattern half: UInt16) {
        let magnitude = UInt32(half & 0x7fff)
        let isSpecial = magnitude >= 0x7c00
        // The fields are moved to where a Float has them; what then differs is the exponent's bias, 112.
        let moved = Float(bitPattern: magnitude << 13 | (isSpecial ? 0x7f80_0000 : 0))
        let value = isSpecial ? moved : moved * 0x1p112
        self = Float(bitPattern: value.bitPattern | UInt32(half & 0x8000) << 16)
    }
}
