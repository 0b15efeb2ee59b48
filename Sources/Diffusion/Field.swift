private import Glibc

/// A two-dimensional grid of doubles, surrounded by a halo. On the boundary of the domain, the halo contains zeros.
///
/// Rows `1...rows` and columns `1...columns` are the interior. The halo is `halo` points wide: rows range from
/// `1 - halo` to `rows + halo`, and columns from `1 - halo` to `columns + halo`. The interior points of each row start
/// at a multiple of 64 bytes, so that vector loads are aligned. The layout of a row with a halo of one point is:
///
///     | 7 unused | column 0 | column 1 … columns | column columns+1 | unused up to a multiple of 8 |
///
/// A field is one block of memory that never moves.
public struct Field: ~Copyable {
    /// The number of interior rows, at least 0.
    public let rows: Int
    /// The number of interior columns, at least 0.
    public let columns: Int
    /// The width of the halo in points, at least 1.
    public let halo: Int
    /// The index of column 1 in the memory of a row, a multiple of 8.
    public let firstColumn: Int
    /// The number of doubles from one row to the next, a multiple of 8.
    public let stride: Int
    /// All `(rows + 2 * halo) * stride` doubles, including the unused ones.
    @usableFromInline let storage: UnsafeMutableBufferPointer<Double>

    /// Creates a field of zeros.
    public init(rows: Int, columns: Int, halo: Int = 1) {
        precondition(rows >= 0 && columns >= 0, "a field has no negative extent")
        precondition(halo >= 1, "a field has a rim")
        self.rows = rows
        self.columns = columns
        self.halo = halo
        firstColumn = Field.firstColumn(halo: halo)
        stride = Field.stride(columns: columns, halo: halo)
        // One additional vector at the end, which the kernel may load although it does not use the values.
        let count = (rows + 2 * halo) * stride
        let memory = allocateInHugePages(byteCount: (count + 8) * 8)
        storage = UnsafeMutableBufferPointer(
            start: memory.initializeMemory(as: Double.self, repeating: 0, count: count + 8), count: count)
    }

    deinit { UnsafeMutableRawPointer(storage.baseAddress!).deallocate() }

    /// Returns the size of a field in bytes; `nil` if it overflows an `Int`.
    public static func byteCount(rows: Int, columns: Int, halo: Int = 1) -> Int? {
        let padding = stride(columns: 0, halo: halo) + 8
        let (row, rowOverflow) = (columns + padding).multipliedReportingOverflow(by: 8)
        let (all, overflow) = row.multipliedReportingOverflow(by: rows + 2 * halo)
        return rowOverflow || overflow ? nil : all
    }

    /// Returns the index of column 1: whole vectors for the inner `halo - 1` points, and one vector for the outermost
    /// point.
    private static func firstColumn(halo: Int) -> Int { (halo - 1 + 7) / 8 * 8 + 8 }

    private static func stride(columns: Int, halo: Int) -> Int {
        firstColumn(halo: halo) + (columns + halo + 7) / 8 * 8
    }

    /// All `(rows + 2 * halo) * stride` doubles, including the unused ones, in the order of memory.
    public var elements: Span<Double> {
        @inlinable @_lifetime(borrow self)
        get { _overrideLifetime(storage.span, borrowing: self) }
    }

    /// Returns some columns of a row, such as `1..<columns + 1`.
    ///
    /// - Parameters:
    ///   - row: In `1 - halo...rows + halo`.
    ///   - columns: A range of columns from `1 - halo` to `columns + halo`.
    @inlinable @_lifetime(borrow self)
    public func row(_ row: Int, _ columns: Range<Int>) -> Span<Double> {
        let points = UnsafeBufferPointer(start: start(ofRow: row) + (columns.lowerBound - 1), count: columns.count)
        return _overrideLifetime(points.span, borrowing: self)
    }

    /// Returns some columns of a row as a mutable span; see ``row(_:_:)``.
    @inlinable @_lifetime(&self)
    public mutating func mutableRow(_ row: Int, _ columns: Range<Int>) -> MutableSpan<Double> {
        let points = UnsafeMutableBufferPointer(
            start: start(ofRow: row) + (columns.lowerBound - 1), count: columns.count)
        return _overrideLifetime(points.mutableSpan, mutating: &self)
    }

    /// Returns columns `1...columns` of a row in `1 - halo...rows + halo`.
    @inlinable @_lifetime(borrow self)
    public func interior(ofRow row: Int) -> Span<Double> { self.row(row, 1..<columns + 1) }

    /// Returns some rows, including the halo and the unused elements, as one contiguous span:
    /// `1 - halo..<rows + halo + 1` or a subrange.
    @inlinable @_lifetime(borrow self)
    public func wholeRows(_ some: Range<Int>) -> Span<Double> {
        _overrideLifetime(UnsafeBufferPointer(wholeRowsInStorage(some)).span, borrowing: self)
    }

    /// Returns some whole rows as a mutable span; see ``wholeRows(_:)``.
    @inlinable @_lifetime(&self)
    public mutating func mutableWholeRows(_ some: Range<Int>) -> MutableSpan<Double> {
        _overrideLifetime(wholeRowsInStorage(some).mutableSpan, mutating: &self)
    }

    /// Accesses a point, including those of the halo: `row` in `1 - halo...rows + halo`, `column` in
    /// `1 - halo...columns + halo`.
    @inlinable
    public subscript(row: Int, column: Int) -> Double {
        get { start(ofRow: row)[column - 1] }
        set { start(ofRow: row)[column - 1] = newValue }
    }

    /// Calls `body` with the address of the first interior point. Rows are ``stride`` elements apart. The address is
    /// valid until `body` returns.
    public mutating func withUnsafeMutableInterior<R: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutablePointer<Double>) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(start(ofRow: 1))
    }

    /// Returns the address of column 1 of a row in `1 - halo...rows + halo`. Column 0 precedes it.
    @inlinable
    func start(ofRow row: Int) -> UnsafeMutablePointer<Double> {
        storage.baseAddress! + (row + halo - 1) * stride + firstColumn
    }

    @inlinable
    func wholeRowsInStorage(_ some: Range<Int>) -> UnsafeMutableBufferPointer<Double> {
        UnsafeMutableBufferPointer(
            rebasing: storage[(some.lowerBound + halo - 1) * stride..<(some.upperBound + halo - 1) * stride])
    }
}

/// Allocates memory that is aligned to whole vectors. Large blocks use huge pages: the rows of a large field are pages
/// apart, and with small pages, moving down a strip of columns took up to a sixth longer.
private func allocateInHugePages(byteCount: Int) -> UnsafeMutableRawPointer {
    let hugePage = 2 << 20
    if byteCount >= 16 * hugePage {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
        madvise(memory, byteCount, MADV_HUGEPAGE)  // has no effect on systems without huge pages
        return memory
    }
    return .allocate(byteCount: byteCount, alignment: 64)
}
