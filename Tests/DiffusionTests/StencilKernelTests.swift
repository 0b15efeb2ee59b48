import CProcessor
import Diffusion
import Testing

/// The kernel against the formula, point by point and bit for bit.
@Suite struct StencilKernelTests {
    /// A factor that is no power of two, so that every rounding shows.
    static let k = 0.2371

    /// A whole domain: rows in pairs and alone, rows of whole vectors and of parts, one strip and many.
    @Test(arguments: [1, 2, 3, 4, 5, 8, 16])
    func everyPointHasTheBitsOfTheFormula(steps: Int) {
        for rows in 1...9 {
            for columns in [1, 2, 3, 7, 8, 9, 15, 16, 17, 24, 31, 40] {
                let start = noise(rows: rows, columns: columns)
                let expected = formula(start, steps: steps)
                for width in [8, 16, 1024] {
                    var block = Block(of: start, rows: 0..<rows, columns: 0..<columns, halo: 1)
                    let wrong = block.wrongPoints(steps: steps, open: [], stripWidth: width, expected)
                    #expect(wrong == 0, "\(rows) x \(columns), strips of \(width)")
                }
            }
        }
    }

    /// A part of the domain, with neighbors on some sides, of which its halo holds as much as is needed.
    @Test(arguments: [1, 2, 3, 5, 8, 9, 16])
    func aBlockAmongNeighborsHasTheSameBits(steps: Int) {
        let (rows, columns) = (39, 61)
        let start = noise(rows: rows, columns: columns)
        let expected = formula(start, steps: steps)
        let halo = max(steps, 3)
        /// Whether the neighbors, where there are any, have as many points as the halo is deep.
        func fits(_ part: Range<Int>, in count: Int) -> Bool {
            [part.lowerBound, count - part.upperBound].allSatisfy { $0 == 0 || $0 >= steps }
        }
        for some in [0..<rows, 0..<19, 20..<rows, 8..<18, 16..<17, 16..<18, 17..<22] where fits(some, in: rows) {
            for others in [0..<columns, 0..<23, 23..<columns, 16..<17, 17..<25, 18..<29, 24..<40]
            where fits(others, in: columns) {
                var open: OpenSides = []
                if some.lowerBound > 0 { open.insert(.north) }
                if some.upperBound < rows { open.insert(.south) }
                if others.lowerBound > 0 { open.insert(.west) }
                if others.upperBound < columns { open.insert(.east) }
                for width in [8, 24, 1024] {
                    var block = Block(of: start, rows: some, columns: others, halo: halo)
                    let wrong = block.wrongPoints(steps: steps, open: open, stripWidth: width, expected)
                    #expect(wrong == 0, "rows \(some), columns \(others), strips of \(width)")
                    if some.count >= 2 * steps {
                        var block = Block(of: start, rows: some, columns: others, halo: halo)
                        let wrong = block.wrongPointsInParts(steps: steps, open: open, stripWidth: width, expected)
                        #expect(wrong == 0, "rows \(some), columns \(others), strips of \(width), in two parts")
                    }
                }
            }
        }
    }

    /// The boundary of the domain is zero before and after.
    @Test(arguments: [1, 2, 7])
    func theRimStaysZero(steps: Int) {
        for columns in [1, 7, 8, 9, 16] {
            let start = noise(rows: 5, columns: columns)
            var block = Block(of: start, rows: 0..<5, columns: 0..<columns, halo: 1)
            advance(&block.even, &block.odd, steps: steps, k: Self.k)
            for field in [steps.isMultiple(of: 2) ? 0 : 1, steps.isMultiple(of: 2) ? 1 : 0] {
                for row in 0...6 {
                    for column in 0...columns + 1
                    where row == 0 || row == 6 || column == 0 || column == columns + 1 {
                        let value = field == 0 ? block.even[row, column] : block.odd[row, column]
                        #expect(value.bitPattern == 0, "row \(row), column \(column)")
                    }
                }
            }
        }
    }

    /// Infinities and NaN stay where they belong: lanes do not leak into each other.
    @Test(arguments: 1...17)
    func aPointReachesItsNeighborsOnly(column: Int) {
        var even = Field(rows: 5, columns: 17)
        var odd = Field(rows: 5, columns: 17)
        for row in 1...5 { for other in 1...17 { even[row, other] = 1 } }
        even[3, column] = .infinity
        advance(&even, &odd, steps: 1, k: Self.k)
        for row in 1...5 {
            for other in 1...17 {
                let distance = abs(row - 3) + abs(other - column)
                #expect(odd[row, other].isInfinite == (distance <= 1), "row \(row), column \(other)")
            }
        }
    }

    @Test func anEmptyBlockIsLeftAlone() {
        for (rows, columns) in [(0, 0), (0, 5), (5, 0)] {
            var even = Field(rows: rows, columns: columns)
            var odd = Field(rows: rows, columns: columns)
            advance(&even, &odd, steps: 3, k: Self.k)
            let elements = even.elements.withUnsafeBufferPointer(Array.init)
            #expect(elements.allSatisfy { $0 == 0 })
        }
    }
}

/// Interior points of a whole domain, in row-major order.
private struct Grid {
    var rows: Int
    var columns: Int
    var values: [Double]

    subscript(row: Int, column: Int) -> Double {
        (0..<rows).contains(row) && (0..<columns).contains(column) ? values[row * columns + column] : 0
    }
}

/// Time steps, evaluated as the kernel documents them.
private func formula(_ start: Grid, steps: Int) -> Grid {
    let k = StencilKernelTests.k
    var grid = start
    for _ in 0..<steps {
        let p = grid
        for row in 0..<p.rows {
            for column in 0..<p.columns {
                let neighbors = (p[row - 1, column] + p[row + 1, column]) + (p[row, column - 1] + p[row, column + 1])
                let (outer, center) = (k * neighbors, p[row, column])
                grid.values[row * p.columns + column] =
                    CProcessorFusesMultiplyAdd()
                    ? outer.addingProduct(1 - 4 * k, center) : outer + (1 - 4 * k) * center
            }
        }
    }
    return grid
}

/// A part of a domain in two fields: the interior and the halo of the first hold the domain's points, and everything
/// else that is not the domain's boundary holds numbers that would show.
private struct Block: ~Copyable {
    var even: Field
    var odd: Field
    let rows: Range<Int>
    let columns: Range<Int>

    init(of grid: Grid, rows: Range<Int>, columns: Range<Int>, halo: Int) {
        even = Field(rows: rows.count, columns: columns.count, halo: halo)
        odd = Field(rows: rows.count, columns: columns.count, halo: halo)
        (self.rows, self.columns) = (rows, columns)
        for row in 1 - halo...rows.count + halo {
            for column in 1 - halo...columns.count + halo {
                let place = (row: rows.lowerBound + row - 1, column: columns.lowerBound + column - 1)
                even[row, column] = grid[place.row, place.column]
                let isInside =
                    (0..<grid.rows).contains(place.row) && (0..<grid.columns).contains(place.column)
                odd[row, column] = isInside ? 1e300 : 0
            }
        }
    }

    /// How many points of the block have other bits than they should, after some steps.
    mutating func wrongPoints(steps: Int, open: OpenSides, stripWidth: Int, _ expected: Grid) -> Int {
        advance(&even, &odd, steps: steps, k: StencilKernelTests.k, open: open, stripWidth: stripWidth)
        return wrongPoints(after: steps, expected)
    }

    /// The same, the halo rows of open sides arriving only when the interior has been computed.
    mutating func wrongPointsInParts(steps: Int, open: OpenSides, stripWidth: Int, _ expected: Grid) -> Int {
        let above = open.contains(.north) ? 1 - even.halo..<1 : 0..<0
        let below = open.contains(.south) ? even.rows + 1..<even.rows + 1 + even.halo : 0..<0
        let halo = [
            even.wholeRows(above).withUnsafeBufferPointer(Array.init),
            even.wholeRows(below).withUnsafeBufferPointer(Array.init),
        ]
        for rows in [above, below] { put([Double](repeating: .nan, count: rows.count * even.stride), into: rows) }
        advance(&even, &odd, steps: steps, k: StencilKernelTests.k, open: open, .interior, stripWidth: stripWidth)
        for (rows, values) in zip([above, below], halo) { put(values, into: rows) }
        advance(&even, &odd, steps: steps, k: StencilKernelTests.k, open: open, .bands, stripWidth: stripWidth)
        return wrongPoints(after: steps, expected)
    }

    private mutating func put(_ values: [Double], into rows: Range<Int>) {
        var target = even.mutableWholeRows(rows)
        for index in values.indices { target[index] = values[index] }
    }

    private func wrongPoints(after steps: Int, _ expected: Grid) -> Int {
        var wrong = 0
        for row in rows {
            for column in columns {
                let (localRow, localColumn) = (row - rows.lowerBound + 1, column - columns.lowerBound + 1)
                let value =
                    steps.isMultiple(of: 2) ? even[localRow, localColumn] : odd[localRow, localColumn]
                if value.bitPattern != expected[row, column].bitPattern { wrong += 1 }
            }
        }
        return wrong
    }
}

/// Irregular numbers of many magnitudes.
private func noise(rows: Int, columns: Int) -> Grid {
    var state: UInt64 = 88_172_645_463_325_252
    let values = (0..<rows * columns).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        let exponent = UInt64(1023 - 20) + state % 40
        return Double(bitPattern: state & 0x800F_FFFF_FFFF_FFFF | exponent << 52)
    }
    return Grid(rows: rows, columns: columns, values: values)
}
