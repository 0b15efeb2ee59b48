import Diffusion
import Testing

@Suite struct FieldTests {
    static let extents = [0, 1, 2, 6, 7, 8, 9, 15, 16, 17, 40, 299]

    @Test(arguments: extents)
    func aRowOfInteriorPointsBeginsAtAVector(columns: Int) {
        for rows in Self.extents {
            let field = Field(rows: rows, columns: columns)
            for row in 0...rows + 1 {
                #expect(UInt(bitPattern: field.start(ofRow: row)) % 64 == 0)
            }
            #expect(field.stride % 8 == 0)
            #expect(field.storage.count == (rows + 2) * field.stride)
        }
    }

    /// Every point has a place of its own inside the storage, next to those of its row.
    @Test(arguments: extents)
    func noTwoPointsShareAPlace(columns: Int) {
        let field = Field(rows: 5, columns: columns)
        for row in 0...6 {
            for column in 0...columns + 1 { field[row, column] = Double(1000 * row + column + 1) }
        }
        for row in 0...6 {
            for column in 0...columns + 1 {
                #expect(field[row, column] == Double(1000 * row + column + 1))
                #expect(field.storage[row * field.stride + Field.firstColumn - 1 + column] == field[row, column])
            }
            #expect(Array(field.interior(ofRow: row)) == (0..<columns).map { Double(1000 * row + $0 + 2) })
        }
    }

    @Test func aNewFieldIsZero() {
        let field = Field(rows: 3, columns: 11)
        #expect(field.storage.allSatisfy { $0.bitPattern == 0 })
    }

    /// The estimate that decides whether a problem fits is never too small, and not too large by more than a vector a row.
    @Test(arguments: extents)
    func theMemoryIsKnownBefore(columns: Int) throws {
        for rows in Self.extents {
            let taken = Field(rows: rows, columns: columns).storage.count * 8
            let known = try #require(Field.byteCount(rows: rows, columns: columns))
            #expect(known >= taken && known <= taken + (rows + 2) * 64)
        }
    }

    @Test func memoryBeyondCountingIsSaid() {
        #expect(Field.byteCount(rows: 1 << 30, columns: 1 << 30) == nil)
        #expect(Field.byteCount(rows: 1 << 40, columns: 1 << 40) == nil)
        #expect(Field.byteCount(rows: 1, columns: Int.max / 2) == nil)
    }
}
