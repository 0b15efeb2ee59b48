/// A rank's part of a two-dimensional array of doubles. The whole array is saved in row-major order.
public struct CheckpointArray {
    /// The number of rows of the whole array.
    public let rowCount: Int
    public let columnCount: Int
    /// The rows of this rank's part. Both `rows` and `columns` may be empty.
    public let rows: Range<Int>
    public let columns: Range<Int>
    /// The address of the rank's first element, and the number of elements from one row to the next. The caller keeps
    /// the memory alive.
    let base: UnsafeMutablePointer<Double>?
    let stride: Int

    public init(
        rowCount: Int, columnCount: Int, rows: Range<Int>, columns: Range<Int>, base: UnsafeMutablePointer<Double>?,
        stride: Int
    ) {
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.rows = columns.isEmpty ? 0..<0 : rows
        self.columns = columns
        self.base = base
        self.stride = stride
    }

    /// An empty array, for programs that save only their state.
    public static var none: CheckpointArray {
        CheckpointArray(rowCount: 0, columnCount: 0, rows: 0..<0, columns: 0..<0, base: nil, stride: 0)
    }

    var byteCount: Int { 8 * rowCount * columnCount }

    /// The number of rows of a block, which is the unit of checksums and has up to 4 MiB. Depends only on the shape of
    /// the array.
    var rowsPerBlock: Int { max(1, min(rowCount, (4 << 20) / max(8, 8 * columnCount))) }

    var blockCount: Int { (rowCount + rowsPerBlock - 1) / rowsPerBlock }

    func rows(ofBlock block: Int) -> Range<Int> {
        block * rowsPerBlock..<min(rowCount, (block + 1) * rowsPerBlock)
    }

    /// The blocks of which this rank has a part.
    var blocks: Range<Int> {
        rows.isEmpty ? 0..<0 : rows.lowerBound / rowsPerBlock..<(rows.upperBound - 1) / rowsPerBlock + 1
    }

    /// Returns the address of this rank's part of a row.
    func address(ofRow row: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(base! + (row - rows.lowerBound) * stride)
    }

    /// Returns the offset of this rank's part of a row in the whole array, in bytes.
    func offset(ofRow row: Int) -> Int { 8 * (row * columnCount + columns.lowerBound) }

    /// Returns the contribution of this rank's part to the remainder of a block.
    func remainder(ofBlock block: Int) -> UInt32 {
        let whole = rows(ofBlock: block)
        let mine = whole.clamped(to: rows)
        let rowPower = Checksum.power(words: columnCount)
        var sum: UInt32 = 0
        for row in mine {
            sum = Checksum.multiplied(sum, rowPower)
            sum ^= Checksum.remainder(address(ofRow: row), count: columns.count)
        }
        let wordsAfter = (whole.upperBound - mine.upperBound) * columnCount + columnCount - columns.upperBound
        return Checksum.multiplied(sum, Checksum.power(words: wordsAfter))
    }

    /// Returns the checksum of a block, given the sum of all ranks' contributions.
    func checksum(ofBlock block: Int, _ remainder: UInt32) -> UInt32 {
        Checksum.finished(remainder, words: rows(ofBlock: block).count * columnCount)
    }
}
