// Values that are neither numbers nor collections.

extension Bool: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        writer.bytes.append(self ? InitialByte.true : InitialByte.false)
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Bool {
        let item = try reader.next(as: Bool.self, path: path)
        guard case .bool(let value) = item else { throw CBORMismatch.type.error(Bool.self, item, path()) }
        return value
    }
}

extension String: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) { writer.append(self) }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> String {
        let (tag, item) = try reader.next()
        // A date in text form can be read as text.
        guard tag == nil || tag == CBORTag.text || tag == CBORTag.dateText else {
            throw CBORMismatch.type.error(String.self, item, tag: tag, path())
        }
        switch item {
        case .text(let utf8): return try String(utf8: utf8, endingAt: reader.position)
        case .chunkedText:
            var text = ""
            while let chunk = try reader.nextChunk(of: item) {
                text += try String(utf8: chunk, endingAt: reader.position)
            }
            return text
        default: throw CBORMismatch.type.error(String.self, item, path())
        }
    }

    private init(utf8: UnsafeRawBufferPointer, endingAt end: Int) throws(CBORError) {
        // Several times faster than `String(validating:as:)` for short strings, which are the most common.
        guard let text = try? UTF8Span(validating: utf8.bindMemory(to: UInt8.self).span) else {
            throw CBORError(reason: .invalidText, offset: end - utf8.count)
        }
        self.init(copying: text)
    }
}

extension Optional: CBOREncodable where Wrapped: Encodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) throws {
        guard let self else { return writer.appendNull() }
        try ValueEncoder<Wrapped>().encode(self, to: writer, path: path)
    }
}

extension Optional: CBORDecodable where Wrapped: Decodable {
    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Wrapped? {
        if reader.isAtNull {
            try reader.skip()
            return nil
        }
        return try ValueDecoder<Wrapped>().decode(from: &reader, path: path)
    }
}
