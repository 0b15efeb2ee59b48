/// One message under construction: a single buffer that items are appended to.
///
/// Items are written in their final place. The header of a container whose count is not known yet is one byte to
/// start with, which is enough for the 23 entries most have; see `CBORWriter+Frames.swift`.
final class CBORWriter {
    let typedArrays: Bool
    @exclusivity(unchecked) var bytes: [UInt8] = []

    /// The value whose `encode(to:)` is running.
    @exclusivity(unchecked) var frame = Frame(id: 0, start: 0, firstHole: 0)
    /// Where containers belong that are still being written elsewhere.
    @exclusivity(unchecked) var holes: [Hole] = []
    @exclusivity(unchecked) var lastFrameID = 0

    let maximumDepth: Int
    /// How many values have an `encode(to:)` that is running.
    @exclusivity(unchecked) var depth: Int
    /// How many containers with a writer of their own, inside each other, the current value has opened.
    @exclusivity(unchecked) var nesting: Int
    /// Whether a container was asked for that would be too deep.
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
    /// The first byte of an item and its argument in the shortest form.
    @inline(__always)
    func append(_ major: MajorType, _ argument: UInt64) {
        append(major, argument, contents: .empty)
    }

    /// A byte or text string.
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

    /// How many bytes an argument takes after the first byte.
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

    /// An item with an argument of so many bytes; of none if the first byte holds it.
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
                // Of these eight bytes, those after `size` are overwritten or not counted.
                free.storeBytes(of: (argument << (64 - 8 * size)).bigEndian, toByteOffset: 1, as: UInt64.self)
                UnsafeMutableRawBufferPointer(rebasing: free[(1 + size)...]).copyMemory(from: contents)
                count = 1 + size + contents.count
            }
        }
    }

    func appendNull() { bytes.append(InitialByte.null) }

    func append<Key: CodingKey>(_ key: Key) { append(key, readAs: Key.self) }

    /// A key that the reader makes a key of another type of.
    func append<Reader: CodingKey>(_ key: some CodingKey, readAs reader: Reader.Type) {
        guard let number = key.integer(readAs: reader) else { return append(key.stringValue) }
        append(number.cborItem)
    }

    /// A number.
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
