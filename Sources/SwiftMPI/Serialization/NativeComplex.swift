// Complex numbers. A single number is an array of its two parts; an array of numbers is one block of memory.

extension Complex: CBOREncodable, CBORDecodable, CBORBlockElement where Real: CBORNumber {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        writer.append(.tag, CBORTag.complex)
        writer.append(.array, 2)
        writer.append(real.cborItem)
        writer.append(imaginary.cborItem)
    }

    static func writeBlockTags(to writer: CBORWriter) {
        writer.append(.tag, CBORTag.complexArray)
        Real.writeBlockTags(to: writer)
    }

    /// Reads a complex or a real number: Python sends a number without an imaginary part as a real number.
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Complex {
        guard try reader.skip(tag: CBORTag.complex) else {
            return Complex(try Real.read(for: Self.self, from: &reader, path: path), 0)
        }
        let numbers = try readParts(from: &reader, path: path)
        guard numbers.count == 1 else { throw corrupted("\(2 * numbers.count) parts of one complex number", path) }
        return numbers[0]
    }

    static func readArray(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Complex] {
        if try reader.skip(tag: CBORTag.complexArray) { return try readParts(from: &reader, path: path) }
        var ahead = reader
        let (tag, item) = try ahead.next()
        if let nested = try reader.readNestedMessage(tag, path: path) {
            var rows = CBORReader(nested, at: 0)
            return try withExtendedLifetime(nested) { try readArray(from: &rows, path: path) }
        }
        if item.isByteString { return try Real.readArray(from: &reader, path: path).map { Complex($0, 0) } }
        return try reader.array(path: path) { reader, path in try read(from: &reader, path: path) }
    }

    /// Reads alternating real and imaginary parts, in one block of memory or number by number.
    private static func readParts(from reader: inout CBORReader, path: () -> CodingPath?) throws -> [Complex] {
        var ahead = reader
        if case (let tag?, .bytes(let block)) = try ahead.next(), let form = TypedArrayForm(tag: tag),
            form.holds(Real.self), block.count.isMultiple(of: MemoryLayout<Complex>.size)
        {
            reader = ahead
            return Real.copied(block, swapped: form.isSwapped, as: Complex.self)
        }
        let parts = try Real.readArray(from: &reader, path: path)
        guard parts.count.isMultiple(of: 2) else { throw corrupted("\(parts.count) parts of complex numbers", path) }
        return stride(from: 0, to: parts.count, by: 2).map { Complex(parts[$0], parts[$0 + 1]) }
    }

    private static func corrupted(_ what: String, _ path: () -> CodingPath?) -> DecodingError {
        .dataCorrupted(
            .init(codingPath: CodingPath.innermostKeys(path()), debugDescription: "The message has \(what)."))
    }
}

extension CBORReader {
    /// Whether the next item is an array of complex numbers.
    var isAtComplexArray: Bool {
        var ahead = self
        return (try? ahead.skip(tag: CBORTag.complexArray)) == true
    }
}
