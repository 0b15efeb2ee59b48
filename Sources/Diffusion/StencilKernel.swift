// The five-point stencil, several time steps at a time.
//
// One explicit Euler step of ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) is, for every interior point c and its neighbors,
//
//     c ← (1 − 4k)·c + k·((N + S) + (W + E)),   k = D·dt/dx²,
//
// evaluated in exactly this order everywhere, so that a point has the same bits in any vector lane, row group, strip or
// rank. The first product and the sum around it are one fused multiply-add if the target processor has this instruction
// (all x86-64-v3 and 64-bit ARM processors do). The results of programs built for other processors differ in the last
// bits.
//
// The kernel is fast because it loads every value only once, at three levels:
//
// - Registers. Rows are processed in pairs, whose rows are each other's neighbors above and below: two rows of results
//   need four rows of loads instead of six. Along a row, three consecutive vectors are held in registers, and the left
//   and right neighbors are shifted out of them instead of being loaded again from unaligned addresses.
// - Cache, across rows. As soon as two rows have made a step, the two rows above them can make the next
//   step, and so on: a wave of all steps moves down the field, and the rows that it touches stay in cache.
//
//       step 1   . . . . . . ■     two rows further down than
//       step 2   . . . . ■         step 2, which is two rows further than
//       step 3   . . ■             step 3
//
// - Cache, across columns. Whole rows may still be too long, so the wave moves down one strip of columns
//   after the other. The strip of each step lies one vector to the left of the strip of the previous step, so that all
//   neighbors on the left and right are available and nothing is computed twice. The results of the previous strip are
//   no longer in cache. They are prefetched two rows ahead; otherwise every step would stall at the start of every row.
//
// Two fields suffice: the steps alternate between them. A step overwrites the results of the step two before it, always
// behind the wave, where they are no longer needed.
//
// On sides where a block has a neighbor, the depth of the halo is the number of steps. The first step computes all of
// the halo except its outermost points, the second step one point less on each side, and the last step only the block.
// Points that do not depend on the halo rows can be computed before these arrive: in the first step all rows of the
// block except the outermost, in the second step one row less on each side. The remaining points form two bands that
// widen by the same amount in each step. Both fields still contain the values that the bands need:
//
//       step 1   o i i i i i i i i o      i: interior, computed while the halo is in flight
//       step 2   o o i i i i i i o o      o: computed after it has arrived; continues into the halo above and below
//       step 3   o o o i i i i o o o
//
// (Wellein, Hager et al., "Efficient temporal blocking for stencil computations by multicore-aware wavefront
// parallelization", COMPSAC 2009; Frigo and Strumpen, "Cache oblivious stencil computations", ICS 2005.)

private import CProcessor

/// The vector type of the kernel. The compiler splits it if the processor has no 512-bit registers.
private typealias Vector = SIMD8<Double>

/// The sides of a block that have a neighbor. There the halo contains the neighbor's points; on other sides, zeros.
public struct OpenSides: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let north = OpenSides(rawValue: 1)
    public static let south = OpenSides(rawValue: 2)
    public static let west = OpenSides(rawValue: 4)
    public static let east = OpenSides(rawValue: 8)
}

/// The points of a block to advance, classified by whether they depend on the halo rows of open sides.
public enum BlockPart: Hashable, Sendable {
    /// All points.
    case whole
    /// The points that do not depend on the halo rows, which may still be in flight. The block must have at least twice
    /// as many rows as there are steps.
    case interior
    /// The points that depend on the halo rows. The interior must already have been advanced by the same number of
    /// steps.
    case bands
}

/// Advances a block by several time steps.
///
/// - Parameters:
///   - even: The block at the old time. Afterwards, the block at the new time if `steps` is even.
///   - odd: A field of the same size. Afterwards, the block at the new time if `steps` is odd. All other contents of
///     the two interiors and halos are unspecified afterwards, except that the halos on closed sides stay zero.
///   - steps: The number of steps: at least 1, and at most the depth of the halo if a side is open.
///   - k: D·dt/dx², dimensionless; at most 1/4 for a stable scheme.
///   - open: The sides that have neighbors. The halo of `even` contains the neighbors' points, including the corners
///     between two open sides.
///   - part: The points to advance. `interior` followed by `bands` is equivalent to `whole`.
///   - stripWidth: The width of a strip in columns, a multiple of 8; by default, a width that suits the cache.
public func advance(
    _ even: inout Field, _ odd: inout Field, steps: Int, k: Double, open: OpenSides = [],
    _ part: BlockPart = .whole, stripWidth: Int? = nil
) {
    precondition(even.rows == odd.rows && even.columns == odd.columns && even.halo == odd.halo, "fields of one size")
    precondition(steps >= 1 && (open.isEmpty || steps <= even.halo), "a halo as deep as there are steps")
    precondition(part == .whole || 2 * steps <= even.rows, "an interior in every step")
    let stripWidth = stripWidth ?? suitableStripWidth(columns: even.columns, steps: steps)
    precondition(stripWidth >= 8 && stripWidth.isMultiple(of: 8), "strips of whole vectors")
    if even.rows == 0 || even.columns == 0 { return }

    let stencil = FivePointStencil(k: k, columns: even.columns, isOpenEast: open.contains(.east), stride: even.stride)
    let (evenRow, oddRow) = (even.start(ofRow: 0), odd.start(ofRow: 0))
    withUnsafeTemporaryAllocation(of: Wave.Step.self, capacity: steps) { waveSteps in
        for band in Band.bands(of: part, rows: even.rows, steps: steps, open: open) {
            let wave = Wave(
                band: band, columns: even.columns, steps: steps, open: open, stripWidth: stripWidth / 8)
            for strip in wave.strips {
                for step in 0..<steps { waveSteps.initializeElement(at: step, to: wave.step(step + 1, strip: strip)) }
                var front = wave.start
                while front < wave.end {
                    var (source, target) = (evenRow, oddRow)
                    for step in waveSteps {
                        let row = max(step.rows.lowerBound, front - step.lag)
                        let end = min(step.rows.upperBound, front - step.lag + 2)
                        if end - row == 2 {
                            stencil.advancePair(
                                from: source + row * even.stride, to: target + row * even.stride, step.vectors)
                        } else if end - row == 1 {
                            stencil.advanceRow(
                                from: source + row * even.stride, to: target + row * even.stride, step.vectors)
                        }
                        swap(&source, &target)
                    }
                    front += 2
                }
            }
        }
    }
}

/// Returns the strip width in columns for the smallest number of equal strips in which the rows between the first and
/// the last step, of both fields, fit into the larger part of the cache.
private func suitableStripWidth(columns: Int, steps: Int) -> Int {
    let rows = 2 * (2 * steps + 2)
    let most = max(1, secondLevelCacheBytes * 5 / 8 / (rows * MemoryLayout<SIMD8<Double>>.size))
    // The halo adds up to one vector, and the shift of strips to the left adds one vector per step.
    let vectors = (columns + 7) / 8 + steps
    let strips = (vectors + most - 1) / most
    return (vectors + strips - 1) / strips * 8
}

/// The rows that a wave computes, between two edges that may move with each step.
private struct Band {
    /// The first row of step n is `start + startMoves * n`, and its rows end before `end + endMoves * n`.
    var start: Int
    var startMoves: Int
    var end: Int
    var endMoves: Int

    func rows(ofStep number: Int) -> Range<Int> { start + startMoves * number..<end + endMoves * number }

    /// Returns the bands that make up a part of a block.
    static func bands(of part: BlockPart, rows: Int, steps: Int, open: OpenSides) -> [Band] {
        let (north, south) = (open.contains(.north), open.contains(.south))
        switch part {
        case .whole:
            return [
                Band(
                    start: north ? 1 - steps : 1, startMoves: north ? 1 : 0, end: rows + 1 + (south ? steps : 0),
                    endMoves: south ? -1 : 0)
            ]
        case .interior:
            return [Band(start: 1, startMoves: north ? 1 : 0, end: rows + 1, endMoves: south ? -1 : 0)]
        case .bands:
            let above = Band(start: 1 - steps, startMoves: 1, end: 1, endMoves: 1)
            let below = Band(start: rows + 1, startMoves: -1, end: rows + 1 + steps, endMoves: -1)
            return (north ? [above] : []) + (south ? [below] : [])
        }
    }
}

/// A wave of time steps that moves down a band, one strip of columns after the other.
private struct Wave {
    /// The work of one step in a strip.
    struct Step {
        /// The rows that the step computes.
        var rows: Range<Int>
        /// The number of rows by which the step is behind the first step.
        var lag: Int
        /// The vectors that the step computes. Vector 0 starts at column 1.
        var vectors: Range<Int>
    }

    let band: Band
    let columns: Int
    let steps: Int
    let open: OpenSides
    /// The width of a strip in vectors.
    let stripWidth: Int

    /// The row at which the first step starts. This is early enough for all steps: each lags two rows behind the
    /// previous step, and its first row is at most one row earlier.
    var start: Int { band.rows(ofStep: 1).lowerBound }
    /// The row at which the last step is finished. All other steps are finished by then, because the rows of a step end
    /// at most one row earlier than those of the previous step.
    var end: Int { band.rows(ofStep: steps).upperBound + 2 * (steps - 1) }

    /// Returns the work of a step in a strip.
    ///
    /// - Parameters:
    ///   - number: The number of the step, counted from 1.
    ///   - strip: The first vector of the strip in the first step.
    func step(_ number: Int, strip: Int) -> Step {
        let first = strip - (number - 1)
        let all = vectors(ofStep: number)
        let vectors = (first..<first + stripWidth).clamped(to: all)
        return Step(
            rows: vectors.isEmpty ? 1..<1 : band.rows(ofStep: number), lag: 2 * (number - 1), vectors: vectors)
    }

    /// Returns the vectors that a step computes in all strips.
    private func vectors(ofStep number: Int) -> Range<Int> {
        // The number of halo points that the step computes.
        let more = steps - number
        let first = open.contains(.west) ? -more : 0
        let last = columns - 1 + (open.contains(.east) ? more : 0)
        return first >> 3..<last >> 3 + 1
    }

    /// The first vector of each strip in the first step.
    var strips: StrideTo<Int> {
        let all = vectors(ofStep: 1)
        return stride(from: all.lowerBound, to: all.upperBound + steps - 1, by: stripWidth)
    }
}

/// The five-point formula, and the loops that apply it along rows. All addresses are those of column 1.
private struct FivePointStencil {
    let neighbors: Vector
    let center: Vector
    let stride: Int
    /// The number of vectors of a row that contain only points to be computed.
    let fullVectors: Int
    /// The lanes of the next vector that lie on or beyond the boundary of the domain.
    let isBeyond: SIMDMask<SIMD8<Int64>>

    init(k: Double, columns: Int, isOpenEast: Bool, stride: Int) {
        neighbors = Vector(repeating: k)
        center = Vector(repeating: 1 - 4 * k)
        self.stride = stride
        fullVectors = isOpenEast ? .max : columns / 8
        isBeyond = Vector(0, 1, 2, 3, 4, 5, 6, 7) .>= Double(columns % 8)
    }

    @inline(__always)
    func new(north: Vector, _ row: Window, south: Vector) -> Vector {
        let sum = neighbors * ((north + south) + (row.west + row.east))
        return CProcessorFusesMultiplyAdd() ? sum.addingProduct(center, row.middle) : sum + center * row.middle
    }

    @inline(__always)
    func advancePair(
        from input: UnsafeMutablePointer<Double>, to output: UnsafeMutablePointer<Double>, _ vectors: Range<Int>
    ) {
        let first = 8 * vectors.lowerBound
        if first > 0 { prefetchPair(from: input + 2 * stride + first, to: output + 2 * stride + first) }
        var upper = Window(at: input + first)
        var lower = Window(at: input + first + stride)
        forEachVector(vectors) { column, trim in
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

    /// Prefetches the start of a pair of rows, which the previous strip has left in memory. The processor itself
    /// prefetches the rest of the rows.
    @inline(__always)
    func prefetchPair(from input: UnsafeMutablePointer<Double>, to output: UnsafeMutablePointer<Double>) {
        CProcessorPrefetch(input + stride - 8)
        CProcessorPrefetch(input + stride)
        CProcessorPrefetch(input + 2 * stride - 8)
        CProcessorPrefetch(input + 2 * stride)
        CProcessorPrefetch(output)
        CProcessorPrefetch(output + stride)
    }

    @inline(__always)
    func advanceRow(
        from input: UnsafeMutablePointer<Double>, to output: UnsafeMutablePointer<Double>, _ vectors: Range<Int>
    ) {
        var row = Window(at: input + 8 * vectors.lowerBound)
        forEachVector(vectors) { column, trim in
            row.lookAhead(to: input + column + 8)
            let north = load(input + column - stride)
            let south = load(input + column + stride)
            store(trim(new(north: north, row, south: south)), output + column)
            row.slide()
        }
    }

    /// Calls `body` with the first column of each vector. `trim` zeroes the lanes of the last vector that lie beyond
    /// the domain.
    @inline(__always)
    func forEachVector(_ vectors: Range<Int>, _ body: (_ column: Int, _ trim: (Vector) -> Vector) -> Void) {
        var column = 8 * vectors.lowerBound
        let end = 8 * min(vectors.upperBound, fullVectors)
        while column < end {
            body(column) { $0 }
            column += 8
        }
        if vectors.upperBound > fullVectors {
            body(column) { $0.replacing(with: 0, where: isBeyond) }
        }
    }
}

/// Three consecutive vectors of a row. The middle one is the current vector.
private struct Window {
    var left: Vector
    var middle: Vector
    var right = Vector.zero

    /// Loads the first vector of a row and the vector before it, but not yet the one after it.
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
    var west: Vector { CProcessorWest(left, middle) }

    /// The vector one column to the right of the current one.
    @inline(__always)
    var east: Vector { CProcessorEast(middle, right) }
}

// Raw loads and stores of an aligned vector. Typed accesses would violate the type to which the memory is bound.

@inline(__always)
private func load(_ address: UnsafeMutablePointer<Double>) -> Vector {
    UnsafeRawPointer(address).load(as: Vector.self)
}

@inline(__always)
private func store(_ vector: Vector, _ address: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(address).storeBytes(of: vector, as: Vector.self)
}
