// Arrays of numbers as one block of memory (RFC 8746), with one copy in each direction.

/// The form of a typed array that its tag describes: 0b010, then the bits f, s, e and ll (RFC 8746 §2.1).
struct TypedArrayForm: Equatable {
    var isFloatingPoint: Bool
    var isSignedInteger: Bool
    var isLittleEndian: Bool
    var size: Int

    /// Creates the form of an array in this machine's memory.
    init<Element: CBORNumber>(of _: Element.Type) {
        isFloatingPoint = Element.isFloatingPoint
        isSignedInteger = Element.isSignedInteger
        size = MemoryLayout<Element>.size
        isLittleEndian = 1.littleEndian == 1
    }

    static let bytes = TypedArrayForm(of: UInt8.self)

    /// Creates the form of a block. The elements of a block without a tag are bytes.
    init?(ofBlock tag: UInt64?) {
        guard let tag else {
            self = .bytes
            return
        }
        self.init(tag: tag)
    }

    /// Returns whether the elements of a block with this tag, or without a tag, are single bytes.
    static func isOfBytes(_ tag: UInt64?) -> Bool { TypedArrayForm(ofBlock: tag) == .bytes }

    init?(tag: UInt64) {
        guard 64...87 ~= tag else { return nil }
        isFloatingPoint = tag & 16 != 0
        isSignedInteger = tag & 8 != 0
        isLittleEndian = tag & 4 != 0
        size = (isFloatingPoint ? 2 : 1) << Int(tag & 3)
        // Byte order does not apply to bytes. The tag that would indicate it, 68, means "clamped arithmetic".
        if size == 1 { isLittleEndian = 1.littleEndian == 1 }
    }

    var tag: UInt64 {
        let logarithm = size.trailingZeroBitCount - (isFloatingPoint ? 1 : 0)
        return 64 | (isFloatingPoint ? 16 : 0) | (isSignedInteger ? 8 : 0)
            | (isLittleEndian && size > 1 ? 4 : 0) | UInt64(logarithm)
    }

    /// Whether the byte order of the elements differs from this machine's.
    var isSwapped: Bool { isLittleEndian != (1.littleEndian == 1) }

    /// Returns whether such arrays have elements of a type, apart from their byte order.
    func holds<Element: CBORNumber>(_ type: Element.Type) -> Bool {
        var form = TypedArrayForm(of: type)
        form.isLittleEndian = isLittleEndian
        return form == self
    }

    /// The type of the elements; nil for 128-bit floats, for which Swift has no type.
    var element: (any CBORNumber.Type)? {
        let types: [any CBORNumber.Type] = [
            UInt8.self, UInt16.self, UInt32.self, UInt64.self, Int8.self, Int16.self, Int32.self, Int64.self,
            Float16.self, Float.self, Double.self,
        ]
        return types.first { holds($0) }
    }
}

extension CBORReader {
    /// Returns a message with a list instead, for callers that read a block element by element or an array with a shape
    /// row by row.
    ///
    /// Returns nil if the item at the reader's position is neither a typed array, a byte string nor an array with a
    /// shape.
    func listMessage(path: CodingPath?) throws -> CBORMessage? {
        if let nested = try nestedMessage(path: path) { return nested }
        var reader = self
        if isAtComplexArray { return try Complex<Double>.listMessage(from: &reader, path: { path }) }
        let (tag, item) = try reader.next()
        guard item.isByteString, let element = TypedArrayForm(ofBlock: tag)?.element else { return nil }
        reader = self
        return try element.listMessage(from: &reader, path: { path })
    }
}

/// A type whose arrays have the same bytes in a message as in memory.
protocol CBORBlockElement: CBORCodable, BitwiseCopyable {
    /// Writes the tags that precede the block.
    static func writeBlockTags(to writer: CBORWriter)
}

extension CBORBlockElement {
    static func write(_ elements: [Self], to writer: CBORWriter, path: () -> CodingPath?) throws {
        guard writesBlocks(to: writer) else { return try writeList(elements, to: writer) }
        elements.withUnsafeBytes {
            writeBlockTags(to: writer)
            writer.append(.bytes, $0)
        }
    }

    static func withTrailingBlock(
        of elements: [Self], to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try elements.withUnsafeBytes { block in
            if block.count < largeBlock || !writesBlocks(to: writer) {
                try write(elements, to: writer, path: { nil })
                return try body(.empty)
            }
            writeBlockTags(to: writer)
            writer.append(.bytes, UInt64(block.count))
            return try body(block)
        }
    }

    private static func writesBlocks(to writer: CBORWriter) -> Bool { writer.typedArrays || Self.self == UInt8.self }

    private static func writeList(_ elements: [Self], to writer: CBORWriter) throws {
        writer.append(.array, UInt64(elements.count))
        for element in elements { try element.write(to: writer, path: { nil }) }
    }

    /// Returns a message with a list of the elements of the block at the reader's position.
    fileprivate static func listMessage(from reader: inout CBORReader, path: () -> CodingPath?) throws -> CBORMessage {
        let writer = CBORWriter(typedArrays: false)
        try writeList(readArray(from: &reader, path: path), to: writer)
        return CBORMessage(owning: writer.bytes)
    }
}

extension CBORNumber {
    static func writeBlockTags(to writer: CBORWriter) {
        if Self.self != UInt8.self { writer.append(.tag, TypedArrayForm(of: Self.self).tag) }
    }

    static func readArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Self] {
        var ahead = reader
        let (tag, item) = try ahead.next()
        if let nested = try reader.readNestedMessage(tag, path: path) {
            var rows = CBORReader(nested, at: 0)
            return try withExtendedLifetime(nested) { try readArray(from: &rows, path: path) }
        }
        let form = tag == nil && Self.self != UInt8.self ? nil : TypedArrayForm(ofBlock: tag)
        switch (item, form) {
        case (.bytes(let block), let form?):
            reader = ahead
            return try array(block, form, path)
        case (.chunkedBytes, let form?):
            reader = ahead
            return try reader.remainingChunks(of: item).withUnsafeBytes { try array($0, form, path) }
        default:
            return try reader.array(path: path) { reader, path in try read(from: &reader, path: path) }
        }
    }

    /// Returns the numbers in a block, converted if they are of another type.
    private static func array(
        _ block: UnsafeRawBufferPointer, _ form: TypedArrayForm, _ path: () -> CodingPath?
    ) throws -> [Self] {
        guard block.count.isMultiple(of: form.size) else { throw corrupted(block, path) }
        if form.holds(Self.self) { return copied(block, swapped: form.isSwapped, as: Self.self) }
        guard let element = form.element else { throw CBORMismatch.type.error([Self].self, .bytes(block), path()) }
        do throws(CBORMismatch) {
            return try converted(from: element, block, swapped: form.isSwapped)
        } catch {
            throw error.error([Self].self, .bytes(block), path())
        }
    }

    private static func converted<Source: CBORNumber>(
        from source: Source.Type, _ block: UnsafeRawBufferPointer, swapped: Bool
    ) throws(CBORMismatch) -> [Self] {
        try source.copied(block, swapped: swapped, as: Source.self).map { number throws(CBORMismatch) in
            try Self(number.cborItem)
        }
    }

    /// Returns the elements in a block, each of which consists of one or more such numbers.
    static func copied<Element: BitwiseCopyable>(
        _ block: UnsafeRawBufferPointer, swapped: Bool, as _: Element.Type
    ) -> [Element] {
        let size = MemoryLayout<Self>.size
        let count = block.count / MemoryLayout<Element>.size
        return Array(unsafeUninitializedCapacity: count) { elements, initializedCount in
            let bytes = UnsafeMutableRawBufferPointer(elements)
            bytes.copyMemory(from: block)
            if swapped {
                for start in stride(from: 0, to: block.count, by: size) { bytes[start..<start + size].reverse() }
            }
            initializedCount = count
        }
    }

    private static func corrupted(_ block: UnsafeRawBufferPointer, _ path: () -> CodingPath?) -> DecodingError {
        .dataCorrupted(
            .init(
                codingPath: CodingPath.innermostKeys(path()),
                debugDescription: "A typed array of \(block.count) bytes does not hold a whole number of elements."))
    }
}
