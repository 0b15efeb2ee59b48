/// A message under construction: one buffer to which items are appended.
///
/// Items are written to their final position. If the count of a container is not known yet, its header is initially one
/// byte, which suffices for 23 entries, as most containers need; see `CBORWriter+Frames.swift`.
final class CBORWriter {
    let typedArrays: Bool
    @exclusivity(unchecked) var bytes: [UInt8] = []

    /// The value whose `encode(to:)` is running.
    @exclusivity(unchecked) var frame = Frame(id: 0, start: 0, firstHole: 0)
    /// The positions of containers that are still being written by other writers.
    @exclusivity(unchecked) var holes: [Hole] = []
    @exclusivity(unchecked) var lastFrameID = 0

    let maximumDepth: Int
    /// The number of values whose `encode(to:)` is running.
    @exclusivity(unchecked) var depth: Int
    /// The number of nested containers with their own writers in the current value.
    @exclusivity(unchecked) var nesting: Int
    /// Whether a container was requested that would be nested too deeply.
    @exclusivity(unchecked) var isTooDeep = false

    init(typedArrays: Bool, maximumDepth: Int = .max, depth: Int = 0, nesting: Int = 0) {
        self.typedArrays = typedArrays
        self.maximumDepth = maximumDepth
        self.depth = depth
        self.nesting = nesting
        bytes.reserveCapacity(200)  // as quickly allocated as 16 bytes, and small messages never grow it
    }

    var tooDeep: CBORError { CBORError(reason: .tooDeep, offset: bytes.count) }
}

extension CBORWriter {
    /// Appends the initial byte of an item and its argument in the shortest form.
    @inline(__always)
    func append(_ major: MajorType, _ argument: UInt64) {
        append(major, argument, contents: .empty)
    }

    /// Appends a byte or text string.
    func append(_ major: MajorType, _ contents: UnsafeRawBufferPointer) {
        append(major, UInt64(contents.count), contents: contents)
    }

    func append(_ text: String) {
        text.utf8Span.span.withUnsafeBytes { append(.text, $0) }
    }

    func append(simple value: UInt8) { append(.simple, UInt64(value)) }

    func append(halfBitPattern: UInt16) { append(.simple, UInt64(halfBitPattern), size: 2) }

    func append(_ number: Float) { append(.simple, UInt64(number.bitPattern), size: 4) }

    func append(_ number: Double) { append(.simple, number.bitPattern, size: 8) }

    @inline(__always)
    private func append(_ major: MajorType, _ argument: UInt64, contents: UnsafeRawBufferPointer) {
        append(major, argument, size: Self.size(of: argument), contents: contents)
    }

    /// Returns the number of bytes of an argument after the initial byte.
    @inline(__always)
    static func size(of argument: UInt64) -> Int {
        switch argument {
        case 0..<24: 0
        case ...0xff: 1
        case ...0xffff: 2
        case ...0xffff_ffff: 4
        default: 8
        }
    }

    /// Appends an item whose argument has `size` bytes, or 0 bytes if the initial byte contains the argument.
    @inline(__always)
    private func append(
        _ major: MajorType, _ argument: UInt64, size: Int,
        contents: UnsafeRawBufferPointer = .empty
    ) {
        bytes.append(addingCapacity: 9 + contents.count) { free in
            free.withUnsafeMutableBufferPointer { free, count in
                let free = UnsafeMutableRawBufferPointer(free)
                let information = size == 0 ? UInt8(argument) : 24 + UInt8(size.trailingZeroBitCount)
                free[0] = major.rawValue | information
                // Of these eight bytes, those after the first `size` are overwritten or not counted.
                free.storeBytes(of: (argument << (64 - 8 * size)).bigEndian, toByteOffset: 1, as: UInt64.self)
                UnsafeMutableRawBufferPointer(rebasing: free[(1 + size)...]).copyMemory(from: contents)
                count = 1 + size + contents.count
            }
        }
    }

    func appendNull() { bytes.append(InitialByte.null) }

    func append<Key: CodingKey>(_ key: Key) { append(key, readAs: Key.self) }

    /// Appends a key that the reader creates as a key of another type.
    func append<Reader: CodingKey>(_ key: some CodingKey, readAs reader: Reader.Type) {
        guard let number = key.integer(readAs: reader) else { return append(key.stringValue) }
        append(number.cborItem)
    }

    /// Appends a number.
    func append(_ number: CBORItem) {
        switch number {
        case .unsigned(let value): append(.unsigned, value)
        case .negative(let value): append(.negative, value)
        case .single(let value): append(value)
        case .double(let value): append(value)
        default: preconditionFailure("\(number.kind(nil)) is not a number")
        }
    }
}
