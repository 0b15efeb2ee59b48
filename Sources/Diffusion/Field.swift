#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// A two-dimensional grid of doubles with a rim one point wide: the halo, or the boundary of the domain.
///
/// Rows `1...rows` and columns `1...columns` are the interior; row 0, row `rows + 1` and the columns likewise are the
/// rim. A row of interior points starts at a multiple of 64 bytes, so that whole vectors can be loaded aligned:
///
///     | 7 unused | column 0 | column 1 … columns | column columns+1 | unused up to a multiple of 8 |
///
/// A field is one piece of memory that never moves: addresses in it stay valid as long as it lives.
public struct Field: ~Copyable {
    /// Interior rows, at least 0.
    public let rows: Int
    /// Interior columns, at least 0.
    public let columns: Int
    /// Doubles from one row to the next, a multiple of 8.
    public let stride: Int
    /// All `(rows + 2) * stride` doubles, the unused ones included.
    public let storage: UnsafeMutableBufferPointer<Double>

    /// Where column 1 lies in a row.
    public static var firstColumn: Int { 8 }

    /// A field of zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a field has no negative extent")
        self.rows = rows
        self.columns = columns
        stride = Field.stride(columns: columns)
        // One vector more at the end: the kernel may look at the vector after the last one, though it uses nothing of it.
        let count = (rows + 2) * stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: (count + 8) * 8, alignment: 64)
        storage = UnsafeMutableBufferPointer(
            start: memory.initializeMemory(as: Double.self, repeating: 0, count: count + 8), count: count)
    }

    deinit { UnsafeMutableRawPointer(storage.baseAddress!).deallocate() }

    /// The memory a field of this size takes, in bytes; `nil` if it exceeds what an `Int` can count.
    public static func byteCount(rows: Int, columns: Int) -> Int? {
        let (row, rowOverflow) = (columns + 17).multipliedReportingOverflow(by: 8)
        let (all, overflow) = row.multipliedReportingOverflow(by: rows + 2)
        return rowOverflow || overflow ? nil : all
    }

    private static func stride(columns: Int) -> Int { firstColumn + (columns + 8) / 8 * 8 }

    /// The address of column 1 of a row, `0...rows + 1`; column 0 lies before it.
    @inlinable
    public func start(ofRow row: Int) -> UnsafeMutablePointer<Double> {
        storage.baseAddress! + row * stride + Self.firstColumn
    }

    /// The columns `1...columns` of a row, `0...rows + 1`.
    @inlinable
    public func interior(ofRow row: Int) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(start: start(ofRow: row), count: columns)
    }

    /// A point, rim included: `row` in `0...rows + 1`, `column` in `0...columns + 1`.
    @inlinable
    public subscript(row: Int, column: Int) -> Double {
        get { start(ofRow: row)[column - 1] }
        nonmutating set { start(ofRow: row)[column - 1] = newValue }
    }
}
