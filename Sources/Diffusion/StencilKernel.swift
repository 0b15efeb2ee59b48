// The five-point stencil.
//
// One explicit Euler step of ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) is, for every interior point c and its neighbours,
//
//     c ← (1 − 4k)·c + k·((N + S) + (W + E)),   k = D·dt/dx²,
//
// evaluated with two fused operations in exactly this order everywhere, so that a point has the same bits whichever
// vector lane, row group or rank computes it.
//
// Speed comes from loading every value once. Rows are processed in pairs, which serve as each other's neighbours above
// and below: two rows of results need four rows of loads instead of six. Along a row three consecutive vectors are held
// in registers, and the neighbours left and right are shifted out of them instead of being loaded again from unaligned
// addresses.

/// The vector the kernel works in. A compiler without 512-bit registers splits it.
private typealias Vector = SIMD8<Double>

/// Advances interior rows of a field by one time step.
///
/// - Parameters:
///   - source: The field at the old time. Its rim is read.
///   - target: Gets the field at the new time in the given rows; of the same size as `source`. Where the columns do not
///     fill the last vector of these rows, the rest of it becomes zero, the rim to the right included; all else stays
///     as it is.
///   - rows: Which of the interior rows, a subrange of `1..<source.rows + 1`.
///   - k: D·dt/dx², without unit; at most 1/4 for a stable scheme.
public func advance(_ source: borrowing Field, into target: borrowing Field, rows: Range<Int>, k: Double) {
    precondition(source.rows == target.rows && source.columns == target.columns, "fields of one size")
    precondition(rows.lowerBound >= 1 && rows.upperBound <= source.rows + 1, "interior rows only")
    let stencil = FivePointStencil(k: k, stride: source.stride, columns: source.columns)
    var row = rows.lowerBound
    while row + 2 <= rows.upperBound {
        stencil.advancePair(from: source.start(ofRow: row), to: target.start(ofRow: row))
        row += 2
    }
    if row < rows.upperBound {
        stencil.advanceRow(from: source.start(ofRow: row), to: target.start(ofRow: row))
    }
}

/// Advances one point, for the few that are not worth a vector; the same bits as ``advance(_:into:rows:k:)``.
public func advance(_ source: borrowing Field, into target: borrowing Field, row: Int, column: Int, k: Double) {
    let cross =
        (source[row - 1, column] + source[row + 1, column]) + (source[row, column - 1] + source[row, column + 1])
    target[row, column] = (k * cross).addingProduct(1 - 4 * k, source[row, column])
}

/// The formula, and how it walks along rows. Addresses are those of column 1.
private struct FivePointStencil {
    let neighbours: Vector
    let centre: Vector
    let stride: Int
    let columns: Int

    init(k: Double, stride: Int, columns: Int) {
        neighbours = Vector(repeating: k)
        centre = Vector(repeating: 1 - 4 * k)
        self.stride = stride
        self.columns = columns
    }

    @inline(__always)
    func new(north: Vector, _ row: Window, south: Vector) -> Vector {
        (neighbours * ((north + south) + (row.west + row.east))).addingProduct(centre, row.middle)
    }

    @inline(__always)
    func advancePair(from input: UnsafeMutablePointer<Double>, to output: UnsafeMutablePointer<Double>) {
        var upper = Window(at: input)
        var lower = Window(at: input + stride)
        forEachVector { column, trim in
            upper.lookAhead(to: input + column + 8)
            lower.lookAhead(to: input + column + 8 + stride)
            let north = load(input + column - stride)
            let south = load(input + column + 2 * stride)
            store(trim(new(north: north, upper, south: lower.middle)), output + column)
            store(trim(new(north: upper.middle, lower, south: south)), output + column + stride)
            upper.slide()
            lower.slide()
        }
    }

    @inline(__always)
    func advanceRow(from input: UnsafeMutablePointer<Double>, to output: UnsafeMutablePointer<Double>) {
        var row = Window(at: input)
        forEachVector { column, trim in
            row.lookAhead(to: input + column + 8)
            let north = load(input + column - stride)
            let south = load(input + column + stride)
            store(trim(new(north: north, row, south: south)), output + column)
            row.slide()
        }
    }

    /// Runs `body` for the first column of each vector; `trim` zeroes what of the last one lies beyond the interior.
    @inline(__always)
    func forEachVector(_ body: (_ column: Int, _ trim: (Vector) -> Vector) -> Void) {
        var column = 0
        while column + 8 <= columns {
            body(column) { $0 }
            column += 8
        }
        if column < columns {
            let isBeyond = Vector(0, 1, 2, 3, 4, 5, 6, 7) .>= Double(columns - column)
            body(column) { $0.replacing(with: 0, where: isBeyond) }
        }
    }
}

/// Three consecutive vectors of a row; the middle one is the current.
private struct Window {
    var left: Vector
    var middle: Vector
    var right = Vector.zero

    /// Looks at the first vector of a row, without the one after it.
    @inline(__always)
    init(at start: UnsafeMutablePointer<Double>) {
        left = load(start - 8)
        middle = load(start)
    }

    @inline(__always)
    mutating func lookAhead(to next: UnsafeMutablePointer<Double>) { right = load(next) }

    @inline(__always)
    mutating func slide() { (left, middle) = (middle, right) }

    /// The vector one column to the left of the current one.
    @inline(__always)
    var west: Vector {
        Vector(left[7], middle[0], middle[1], middle[2], middle[3], middle[4], middle[5], middle[6])
    }

    /// The vector one column to the right of the current one.
    @inline(__always)
    var east: Vector {
        Vector(middle[1], middle[2], middle[3], middle[4], middle[5], middle[6], middle[7], right[0])
    }
}

// Raw loads and stores of an aligned vector; typed ones would be of a type the memory does not have.

@inline(__always)
private func load(_ address: UnsafeMutablePointer<Double>) -> Vector {
    UnsafeRawPointer(address).load(as: Vector.self)
}

@inline(__always)
private func store(_ vector: Vector, _ address: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(address).storeBytes(of: vector, as: Vector.self)
}
