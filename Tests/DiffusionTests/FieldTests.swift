import Diffusion
import Testing

@Suite struct FieldTests {
    static let extents = [0, 1, 2, 6, 7, 8, 9, 15, 16, 17, 40, 299]

    static let halos = [1, 2, 7, 8, 9, 10, 16, 17]

    @Test(arguments: extents, halos)
    func aRowOfInteriorPointsBeginsAtAVector(columns: Int, halo: Int) {
        for rows in Self.extents {
            let field = Field(rows: rows, columns: columns, halo: halo)
            for row in 1 - halo...rows + halo {
                let isAligned = field.interior(ofRow: row).withUnsafeBufferPointer {
                    UInt(bitPattern: $0.baseAddress) % 64 == 0
                }
                #expect(isAligned)
            }
            #expect(field.stride % 8 == 0)
            #expect(field.elements.count == (rows + 2 * halo) * field.stride)
        }
    }

    /// Every point has a place of its own inside the storage, next to those of its row.
    @Test(arguments: extents, halos)
    func noTwoPointsShareAPlace(columns: Int, halo: Int) {
        var field = Field(rows: 5, columns: columns, halo: halo)
        let (rows, all) = (1 - halo...5 + halo, 1 - halo...columns + halo)
        for row in rows {
            for column in all { field[row, column] = Double(1000 * row + column) }
        }
        for row in rows {
            for column in all {
                let place = (row + halo - 1) * field.stride + field.firstColumn - 1 + column
                let (element, point) = (field.elements[place], field[row, column])
                #expect(element == point && point == Double(1000 * row + column))
            }
            let interior = field.interior(ofRow: row).withUnsafeBufferPointer(Array.init)
            #expect(interior == (0..<columns).map { Double(1000 * row + $0 + 1) })
        }
    }

    @Test func aNewFieldIsZero() {
        let field = Field(rows: 3, columns: 11)
        let elements = field.elements.withUnsafeBufferPointer(Array.init)
        #expect(elements.allSatisfy { $0.bitPattern == 0 })
    }

    /// The estimate that decides whether a problem fits is never too small, and not too large by more than two vectors
    /// a row.
    @Test(arguments: extents, halos)
    func theMemoryIsKnownBefore(columns: Int, halo: Int) throws {
        for rows in Self.extents {
            let field = Field(rows: rows, columns: columns, halo: halo)
            let taken = field.elements.count * 8
            let known = try #require(Field.byteCount(rows: rows, columns: columns, halo: halo))
            #expect(known >= taken && known <= taken + (rows + 2 * halo) * 128)
        }
    }

    @Test func memoryBeyondCountingIsSaid() {
        #expect(Field.byteCount(rows: 1 << 30, columns: 1 << 30) == nil)
        #expect(Field.byteCount(rows: 1 << 40, columns: 1 << 40) == nil)
        #expect(Field.byteCount(rows: 1, columns: Int.max / 2) == nil)
    }
}
