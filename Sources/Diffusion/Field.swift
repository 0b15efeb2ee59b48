private import Glibc

/// A two-dimensional grid of doubles with a rim around it: a halo, or the boundary of the domain.
///
/// Rows `1...rows` and columns `1...columns` are the interior. The rim is `halo` points wide, so that rows go from
/// `1 - halo` to `rows + halo`, and columns likewise. A row of interior points starts at a multiple of 64 bytes, so
/// that whole vectors can be loaded aligned; for a halo of one point:
///
///     | 7 unused | column 0 | column 1 … columns | column columns+1 | unused up to a multiple of 8 |
///
/// A field is one piece of memory that never moves.
public struct Field: ~Copyable {
    /// Interior rows, at least 0.
    public let rows: Int
    /// Interior columns, at least 0.
    public let columns: Int
    /// How many points wide the rim is, at least 1.
    public let halo: Int
    /// Where column 1 lies in a row, a multiple of 8.
    public let firstColumn: Int
    /// Doubles from one row to the next, a multiple of 8.
    public let stride: Int
    /// All `(rows + 2 * halo) * stride` doubles, the unused ones included.
    @usableFromInline let storage: UnsafeMutableBufferPointer<Double>

    /// A field of zeros.
    public init(rows: Int, columns: Int, halo: Int = 1) {
        precondition(rows >= 0 && columns >= 0, "a field has no negative extent")
        precondition(halo >= 1, "a field has a rim")
        self.rows = rows
        self.columns = columns
        self.halo = halo
        firstColumn = Field.firstColumn(halo: halo)
        stride = Field.stride(columns: columns, halo: halo)
        // One vector more at the end: the kernel may look at the vector after the last one, though it uses nothing of
        // it.
        let count = (rows + 2 * halo) * stride
        let memory = allocateInHugePages(byteCount: (count + 8) * 8)
        storage = UnsafeMutableBufferPointer(
            start: memory.initializeMemory(as: Double.self, repeating: 0, count: count + 8), count: count)
    }

    deinit { UnsafeMutableRawPointer(storage.baseAddress!).deallocate() }

    /// The memory a field of this size takes, in bytes; `nil` if it exceeds what an `Int` can count.
    public static func byteCount(rows: Int, columns: Int, halo: Int = 1) -> Int? {
        let padding = stride(columns: 0, halo: halo) + 8
        let (row, rowOverflow) = (columns + padding).multipliedReportingOverflow(by: 8)
        let (all, overflow) = row.multipliedReportingOverflow(by: rows + 2 * halo)
        return rowOverflow || overflow ? nil : all
    }

    /// Whole vectors for the halo but for its outermost point, and one for that.
    private static func firstColumn(halo: Int) -> Int { (halo - 1 + 7) / 8 * 8 + 8 }

    private static func stride(columns: Int, halo: Int) -> Int {
        firstColumn(halo: halo) + (columns + halo + 7) / 8 * 8
    }

    /// All `(rows + 2 * halo) * stride` doubles, the unused ones included, in the order of memory.
    public var elements: Span<Double> {
        @inlinable @_lifetime(borrow self)
        get { _overrideLifetime(storage.span, borrowing: self) }
    }

    /// Some columns of a row, such as `1..<columns + 1`.
    ///
    /// - Parameters:
    ///   - row: `1 - halo...rows + halo`.
    ///   - columns: From `1 - halo` to `columns + halo`.
    @inlinable @_lifetime(borrow self)
    public func row(_ row: Int, _ columns: Range<Int>) -> Span<Double> {
        let points = UnsafeBufferPointer(start: start(ofRow: row) + (columns.lowerBound - 1), count: columns.count)
        return _overrideLifetime(points.span, borrowing: self)
    }

    /// Some columns of a row, to be changed; see ``row(_:_:)``.
    @inlinable @_lifetime(&self)
    public mutating func mutableRow(_ row: Int, _ columns: Range<Int>) -> MutableSpan<Double> {
        let points = UnsafeMutableBufferPointer(
            start: start(ofRow: row) + (columns.lowerBound - 1), count: columns.count)
        return _overrideLifetime(points.mutableSpan, mutating: &self)
    }

    /// The columns `1...columns` of a row, `1 - halo...rows + halo`.
    @inlinable @_lifetime(borrow self)
    public func interior(ofRow row: Int) -> Span<Double> { self.row(row, 1..<columns + 1) }

    /// Some rows from end to end, in one piece: `1 - halo..<rows + halo + 1` or a subrange.
    @inlinable @_lifetime(borrow self)
    public func wholeRows(_ some: Range<Int>) -> Span<Double> {
        _overrideLifetime(UnsafeBufferPointer(wholeRowsInStorage(some)).span, borrowing: self)
    }

    /// Some rows from end to end, to be changed; see ``wholeRows(_:)``.
    @inlinable @_lifetime(&self)
    public mutating func mutableWholeRows(_ some: Range<Int>) -> MutableSpan<Double> {
        _overrideLifetime(wholeRowsInStorage(some).mutableSpan, mutating: &self)
    }

    /// A point, rim included: `row` in `1 - halo...rows + halo`, `column` in `1 - halo...columns + halo`.
    @inlinable
    public subscript(row: Int, column: Int) -> Double {
        get { start(ofRow: row)[column - 1] }
        set { start(ofRow: row)[column - 1] = newValue }
    }

    /// Gives `body` the address of the first interior point, from where rows are ``stride`` apart. It is valid until
    /// `body` returns.
    public mutating func withUnsafeMutableInterior<R: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutablePointer<Double>) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(start(ofRow: 1))
    }

    /// The address of column 1 of a row, `1 - halo...rows + halo`; column 0 lies before it.
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

/// Memory that begins at a vector, in huge pages where it is large. A row and the row below are pages apart in a large
/// field: with small pages, going down a strip of it took up to a sixth longer.
private func allocateInHugePages(byteCount: Int) -> UnsafeMutableRawPointer {
    let hugePage = 2 << 20
    if byteCount >= 16 * hugePage {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: hugePage)
        madvise(memory, byteCount, MADV_HUGEPAGE)  // a system without them goes on with small ones
        return memory
    }
    return .allocate(byteCount: byteCount, alignment: 64)
}
