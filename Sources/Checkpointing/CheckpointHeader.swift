private import FoundationEssentials

/// The header of a checkpoint file.
///
/// All numbers are little-endian. The first 32 bytes have the same meaning in all versions of the format:
///
///     0   8  "SwMPIckp"
///     8   4  version of the format
///     12  4  CRC-32C of the header, computed with zeros in this field
///     16  8  length of the header, a multiple of 4096; the data start there
///     24  8  length of the text
///     32     the text, JSON; then the CRC-32C of each block, 4 bytes each; then zeros
///
/// The data are the array in row-major order. A block is a number of rows that depends only on the shape of the array.
struct CheckpointHeader: Equatable {
    /// The part of the header that is encoded as JSON.
    struct Text: Codable, Equatable {
        var program: String
        /// The parameters in which a run must agree with this checkpoint to resume from it.
        var parameters: [Parameter]
        var rowCount: Int
        var columnCount: Int
        /// The program's own state, which is JSON as well.
        var state: String
    }

    struct Parameter: Codable, Equatable {
        var name: String
        var value: String
    }

    var text: Text
    var checksums: [UInt32]

    static let version: UInt32 = 1
    private static let magic = Array("SwMPIckp".utf8)

    /// The reason why a file cannot be used.
    enum Failure: Error, Equatable {
        /// The file is damaged, with a description.
        case damaged(String)
        /// The file is intact, but has a later version of the format.
        case newerVersion(UInt32)
    }

    func serialized() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(text)
        let length = (32 + text.count + 4 * checksums.count + 4095) / 4096 * 4096
        var bytes = Self.magic + Self.bytes(of: Self.version) + [0, 0, 0, 0]
        bytes += Self.bytes(of: UInt64(length)) + Self.bytes(of: UInt64(text.count)) + text
        for checksum in checksums { bytes += Self.bytes(of: checksum) }
        bytes += [UInt8](repeating: 0, count: length - bytes.count)
        bytes.replaceSubrange(12..<16, with: Self.bytes(of: Checksum.of(bytes)))
        return bytes
    }

    /// Returns the length of a header, given its first 32 bytes.
    static func length(_ start: [UInt8], fileLength: Int) throws(Failure) -> Int {
        guard fileLength > 0 else { throw .damaged("it is empty") }
        guard start.count == 32, Array(start[..<8]) == magic else { throw .damaged("it does not begin as one") }
        guard let length = Int(exactly: number(start[16..<24])), length >= 4096, length.isMultiple(of: 4096)
        else { throw .damaged("its header is damaged") }
        guard length <= fileLength else { throw .damaged("it is cut short") }
        return length
    }

    init(text: Text, checksums: [UInt32]) {
        self.text = text
        self.checksums = checksums
    }

    /// Decodes a header.
    ///
    /// - Parameter fileLength: The length of the whole file in bytes.
    init(_ bytes: [UInt8], fileLength: Int) throws(Failure) {
        var unsigned = bytes
        unsigned.replaceSubrange(12..<16, with: [0, 0, 0, 0])
        guard Checksum.of(unsigned) == Self.number(bytes[12..<16]) else { throw .damaged("its header is damaged") }
        let version = UInt32(Self.number(bytes[8..<12]))
        guard version <= Self.version else { throw .newerVersion(version) }
        guard let textLength = Int(exactly: Self.number(bytes[24..<32])), textLength <= bytes.count - 32,
            let text = try? JSONDecoder().decode(Text.self, from: Data(bytes[32..<32 + textLength]))
        else { throw .damaged("its header cannot be read") }
        let array = CheckpointArray(
            rowCount: text.rowCount, columnCount: text.columnCount, rows: 0..<0, columns: 0..<0, base: nil, stride: 0)
        let table = 32 + textLength
        guard table + 4 * array.blockCount <= bytes.count else { throw .damaged("its header cannot be read") }
        guard fileLength >= bytes.count + array.byteCount else { throw .damaged("it is cut short") }
        guard fileLength == bytes.count + array.byteCount else { throw .damaged("it is too long") }
        self.text = text
        checksums = (0..<array.blockCount).map { UInt32(Self.number(bytes[table + 4 * $0..<table + 4 * $0 + 4])) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(of number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
