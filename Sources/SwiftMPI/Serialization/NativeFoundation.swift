#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Data: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        withUnsafeBytes { writer.append(.bytes, $0) }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Data {
        let item = try reader.next().item
        switch item {
        case .bytes(let bytes): return Data(bytes)
        case .chunkedBytes: return Data(try reader.remainingChunks(of: item))
        default: throw CBORMismatch.type.error(Data.self, item, path())
        }
    }
}

/// Seconds since 1970 as a 64-bit float (tag 1), which is exact to about a quarter of a microsecond.
extension Date: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        writer.append(.tag, 1)
        writer.append(timeIntervalSince1970)
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> Date {
        var ahead = reader
        guard case (0, .text(let utf8)) = try ahead.next() else {
            return Date(timeIntervalSince1970: try Double.read(from: &reader, path: path))
        }
        reader = ahead
        guard let seconds = secondsSince1970(rfc3339: utf8) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: CodingPath.keys(path()),
                    debugDescription: "A date in the message is not as RFC 3339 has it."))
        }
        return Date(timeIntervalSince1970: seconds)
    }
}

/// 16 bytes with tag 37, which is a `uuid.UUID` to Python; read from text too.
extension UUID: CBORCodable {
    func write(to writer: CBORWriter, path: () -> CodingPath?) {
        writer.append(.tag, 37)
        withUnsafeBytes(of: uuid) { writer.append(.bytes, $0) }
    }

    static func read(from reader: inout CBORReader, path: () -> CodingPath?) throws -> UUID {
        let item = try reader.next().item
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
