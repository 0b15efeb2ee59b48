import Diffusion
import Testing

/// The vectorised kernel against the formula, point by point and bit for bit.
@Suite struct StencilKernelTests {
    /// A factor that is no power of two, so that every rounding shows.
    static let k = 0.2371

    @Test(arguments: 1...9)
    func everyPointHasTheBitsOfTheFormula(rows: Int) {
        for columns in 1...40 {
            let source = noise(rows, columns)
            for range in subranges(of: rows) {
                let target = filled(rows, columns, with: .nan)
                advance(source, into: target, rows: range, k: Self.k)
                var wrong = 0
                for row in range {
                    for column in 1...columns
                    where target[row, column].bitPattern != formula(source, row, column).bitPattern {
                        wrong += 1
                    }
                }
                #expect(wrong == 0, "\(rows) x \(columns), rows \(range)")
            }
        }
    }

    /// The last vector of a row may reach beyond the interior, where it writes zeros; nothing else is touched.
    @Test(arguments: 1...9)
    func nothingElseIsWritten(rows: Int) {
        let untouched = 7.25
        for columns in 1...40 {
            let source = noise(rows, columns)
            for range in subranges(of: rows) {
                let target = filled(rows, columns, with: untouched)
                advance(source, into: target, rows: range, k: Self.k)
                var wrong = 0
                let lastOfVectors = (columns + 7) / 8 * 8
                for (place, value) in target.storage.enumerated() {
                    let row = place / target.stride
                    let column = place % target.stride - Field.firstColumn + 1
                    let isInterior = range.contains(row) && (1...columns).contains(column)
                    let isTrimmed = range.contains(row) && column > columns && column <= lastOfVectors
                    if !isInterior && value != (isTrimmed ? 0 : untouched) { wrong += 1 }
                }
                #expect(wrong == 0, "\(rows) x \(columns), rows \(range)")
            }
        }
    }

    @Test(arguments: 1...9)
    func onePointHasTheBitsOfTheFormula(rows: Int) {
        for columns in [1, 2, 8, 9, 17] {
            let source = noise(rows, columns)
            for row in 1...rows {
                for column in 1...columns {
                    let target = filled(rows, columns, with: 7.25)
                    advance(source, into: target, row: row, column: column, k: Self.k)
                    #expect(target[row, column].bitPattern == formula(source, row, column).bitPattern)
                    #expect(target.storage.count { $0 != 7.25 } == 1)
                }
            }
        }
    }

    /// Infinities and NaN stay where they belong: lanes do not leak into each other.
    @Test(arguments: 1...17)
    func aPointReachesItsNeighboursOnly(column: Int) {
        let source = filled(5, 17, with: 1)
        source[3, column] = .infinity
        let target = filled(5, 17, with: 0)
        advance(source, into: target, rows: 1..<6, k: Self.k)
        for row in 1...5 {
            for other in 1...17 {
                let distance = abs(row - 3) + abs(other - column)
                #expect(target[row, other].isInfinite == (distance <= 1), "row \(row), column \(other)")
            }
        }
    }
}

/// One point of one time step, evaluated as the kernel documents it.
private func formula(_ p: borrowing Field, _ row: Int, _ column: Int) -> Double {
    let k = StencilKernelTests.k
    let neighbours = (p[row - 1, column] + p[row + 1, column]) + (p[row, column - 1] + p[row, column + 1])
    return (k * neighbours).addingProduct(1 - 4 * k, p[row, column])
}

/// A field of irregular numbers of many magnitudes in the interior and its rim, and NaN where the kernel has no business.
private func noise(_ rows: Int, _ columns: Int) -> Field {
    let field = filled(rows, columns, with: .nan)
    var state: UInt64 = 88_172_645_463_325_252
    for row in 0...rows + 1 {
        for column in 0...columns + 1 {
            let isCorner = (row == 0 || row == rows + 1) && (column == 0 || column == columns + 1)
            if isCorner { continue }
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            let exponent = UInt64(1023 - 20) + state % 40
            field[row, column] = Double(bitPattern: state & 0x800F_FFFF_FFFF_FFFF | exponent << 52)
        }
    }
    return field
}

private func filled(_ rows: Int, _ columns: Int, with value: Double) -> Field {
    let field = Field(rows: rows, columns: columns)
    field.storage.update(repeating: value)
    return field
}

private func subranges(of rows: Int) -> [Range<Int>] {
    (1...rows + 1).flatMap { start in (start...rows + 1).map { start..<$0 } }
}
