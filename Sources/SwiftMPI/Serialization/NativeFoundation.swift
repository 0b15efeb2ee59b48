import FoundationEssentials

extension Data: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        withUnsafeBytes { writer.append(.bytes, $0) }
    }

    func withTrailingBlock(
        to writer: CBORWriter, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try withUnsafeBytes { bytes in
            if bytes.count < largeBlock {
                writer.append(.bytes, bytes)
                return try body(.empty)
            }
            writer.append(.bytes, UInt64(bytes.count))
            return try body(bytes)
        }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Data {
        let (tag, item) = try reader.next()
        guard TypedArrayForm.isOfBytes(tag) else { throw CBORMismatch.type.error(Data.self, item, tag: tag, path()) }
        switch item {
        case .bytes(let bytes): return Data(bytes)
        case .chunkedBytes: return Data(try reader.remainingChunks(of: item))
        default: throw CBORMismatch.type.error(Data.self, item, tag: tag, path())
        }
    }
}

extension CBORSerializer {
    /// Decodes the value of a message. If `T` is `Data` and the message is a single byte string, the result shares the
    /// message's memory.
    func decode<T: Decodable>(_ type: T.Type, in memory: ReceivedMemory) throws -> T {
        if T.self == Data.self, let data = Data(keeping: memory) { return data as! T }
        return try decode(type, from: UnsafeRawBufferPointer(memory.bytes))
    }
}

extension Data {
    fileprivate init?(keeping memory: ReceivedMemory) {
        let message = CBORMessage(UnsafeRawBufferPointer(memory.bytes))
        defer { message.end() }
        var reader = CBORReader(message, at: 0)
        guard case (let tag, .bytes(let contents))? = try? reader.next(), TypedArrayForm.isOfBytes(tag),
            reader.position == memory.bytes.count,
            let start = UnsafeMutableRawPointer(mutating: contents.baseAddress),
            Int(bitPattern: start).isMultiple(of: ReceivedMemory.alignment)
        else { return nil }
        self.init(
            bytesNoCopy: start, count: contents.count,
            deallocator: .custom { _, _ in withExtendedLifetime(memory) {} })
    }
}

/// A date is written as seconds since 1970 in a 64-bit float (tag 1), if they are exact.
///
/// A `Date` counts from 2001 and may have more precision. In this case, it is written as RFC 3339 text (tag 0) with all
/// its digits. The few dates that cannot be expressed as text are written as seconds since 2001 with SwiftMPI's own
/// tag.
extension Date: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        let seconds = timeIntervalSinceReferenceDate
        if Date(timeIntervalSince1970: timeIntervalSince1970) == self || !seconds.isFinite {
            writer.append(.tag, CBORTag.seconds)
            writer.append(timeIntervalSince1970)
        } else if let text = rfc3339(secondsSince2001: seconds) {
            writer.append(.tag, CBORTag.text)
            text.withUnsafeBytes { writer.append(.text, $0) }
        } else {
            writer.append(.tag, ownTag)
            writer.append(seconds)
        }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Date {
        var ahead = reader
        switch try ahead.next() {
        case (CBORTag.text, .text(let utf8)):
            reader = ahead
            guard let seconds = secondsSince2001(rfc3339: utf8) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: CodingPath.innermostKeys(path()),
                        debugDescription: "A date in the message is not as RFC 3339 has it."))
            }
            return Date(timeIntervalSinceReferenceDate: seconds)
        case (ownTag, .double(let seconds)):
            reader = ahead
            return Date(timeIntervalSinceReferenceDate: seconds)
        case (CBORTag.seconds, let item):
            reader = ahead
            do throws(CBORMismatch) { return Date(timeIntervalSince1970: try Double(item)) } catch {
                throw error.error(Date.self, item, path())
            }
        default:
            return Date(timeIntervalSince1970: try Double.read(from: &reader, path: path))
        }
    }
}

/// A UUID is written as 16 bytes with tag 37, which Python reads as a `uuid.UUID`. It can also be read from text.
extension UUID: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        writer.append(.tag, CBORTag.uuid)
        withUnsafeBytes(of: uuid) { writer.append(.bytes, $0) }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> UUID {
        let (tag, item) = try reader.next()
        guard tag == nil || tag == CBORTag.uuid else {
            throw CBORMismatch.type.error(UUID.self, item, tag: tag, path())
        }
        switch item {
        case .bytes(let bytes) where bytes.count == 16:
            return UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
        case .text(let utf8):
            guard let uuid = UUID(uuidString: String(decoding: utf8, as: UTF8.self)) else { fallthrough }
            return uuid
        default: throw CBORMismatch.type.error(UUID.self, item, path())
        }
    }
}
