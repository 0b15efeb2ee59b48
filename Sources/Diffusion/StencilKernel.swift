// The five-point stencil, several time steps at a time.
//
// One explicit Euler step of ∂p/∂t = D(∂²p/∂x² + ∂²p/∂y²) is, for every interior point c and its neighbors,
//
//     c ← (1 − 4k)·c + k·((N + S) + (W + E)),   k = D·dt/dx²,
//
// evaluated in exactly this order everywhere, so that a point has the same bits whichever vector lane, row group, strip
// or rank computes it. The first product and the sum around it are one fused operation where the processor that is
// compiled for has it (all x86-64-v3 and 64-bit ARM have); programs built for others give other last bits.
//
// Speed comes from loading every value once, at three levels:
//
// - Registers. Rows are processed in pairs, which serve as each other's neighbors above and below: two rows of results
//   need four rows of loads instead of six. Along a row three consecutive vectors are held in registers, and the
//   neighbors left and right are shifted out of them instead of being loaded again from unaligned addresses.
// - Cache, in the order of rows. As soon as two rows have made a step, the two rows above them can make the next step,
//   and so on: a wave of all steps moves down the field, and what it touches stays in cache.
//
//       step 1   . . . . . . ■     two rows further down than
//       step 2   . . . . ■         step 2, which is two rows further than
//       step 3   . . ■             step 3
//
// - Cache, in the order of columns. Full rows may still be too long, so the wave moves down one strip of columns after
//   the other. Each step's strip lies one vector further left than the step before: everything it needs from the left
//   and the right is there, and nothing is computed twice. What the strip before has left there is no longer in cache,
//   and is asked for two rows ahead: else every step would begin every row by waiting.
//
// Two fields suffice: steps write to one and the other in turn. A step overwrites what the step two before it has left,
// always behind the wave, where nobody needs it any more.
//
// Where a block of the field has a neighbor, its halo is as deep as there are steps. The first step computes all but
// the outermost points of it, the second one point less on each side, the last one just the block. What does not depend
// on the halo rows can be computed before they have come: the first step all but the outermost row of the block, the
// second one row less on each side. The rest are two bands that widen to the same degree, and they still find in both
// fields what they need:
//
//       step 1   o i i i i i i i i o      i: interior, computed while the halo travels
//       step 2   o o i i i i i i o o      o: after it has come; above and below it goes on into the halo
//       step 3   o o o i i i i o o o
//
// (Wellein, Hager et al., "Efficient temporal blocking for stencil computations by multicore-aware wavefront
// parallelization", COMPSAC 2009; Frigo and Strumpen, "Cache oblivious stencil computations", ICS 2005.)

private import CProcessor

/// The vector the kernel works in. A compiler without 512-bit registers splits it.
private typealias Vector = SIMD8<Double>

/// The sides of a block on which the field goes on: there the halo holds a neighbor's points, elsewhere zeros.
public struct OpenSides: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let north = OpenSides(rawValue: 1)
    public static let south = OpenSides(rawValue: 2)
    public static let west = OpenSides(rawValue: 4)
    public static let east = OpenSides(rawValue: 8)
}

/// Which points of a block to advance, counted by whether they depend on the halo rows of open sides.
public enum BlockPart: Hashable, Sendable {
    /// All.
    case whole
    /// Those that do not; the halo rows need not be there yet. There must be twice as many rows as steps.
    case interior
    /// Those that do; after the interior has been advanced by as many steps.
    case bands
}

/// Advances a block by several time steps.
///
/// - Parameters:
///   - even: The block at the old time; in the end at the new time if `steps` is even.
///   - odd: Of the same size; in the end the block at the new time if `steps` is odd. What else the two hold in their
///     interiors and halos is of no use afterwards; their rims on closed sides stay zero.
///   - steps: At least 1, and at most the depth of the halo if a side is open.
///   - k: D·dt/dx², without unit; at most 1/4 for a stable scheme.
///   - open: Where there are neighbors; their points are in the halo of `even`, corners between two open sides
///     included.
///   - part: What of it; `interior` and then `bands` do together what `whole` does.
///   - stripWidth: How many columns to go down at a time, a multiple of 8; if none is given, as many as suit the cache.
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

/// Strips of one width, as few as there can be so that the rows between the first step and the last, of both fields,
/// fit into the larger part of the cache.
private func suitableStripWidth(columns: Int, steps: Int) -> Int {
    let rows = 2 * (2 * steps + 2)
    let most = max(1, secondLevelCacheBytes * 5 / 8 / (rows * MemoryLayout<SIMD8<Double>>.size))
    // The halo is up to a vector and the lean as many vectors as there are steps.
    let vectors = (columns + 7) / 8 + steps
    let strips = (vectors + most - 1) / most
    return (vectors + strips - 1) / strips * 8
}

/// Rows that a wave computes, between two edges that may move from step to step.
private struct Band {
    /// The first row of a step is `start` and as many times `startMoves` further as there were steps; likewise the end.
    var start: Int
    var startMoves: Int
    var end: Int
    var endMoves: Int

    func rows(ofStep number: Int) -> Range<Int> { start + startMoves * number..<end + endMoves * number }

    /// The bands that make up a part of a block.
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

/// Where each step of a wave is when it comes by.
private struct Wave {
    /// What a step does in a strip.
    struct Step {
        /// The rows it computes.
        var rows: Range<Int>
        /// How many rows it is behind the first step.
        var lag: Int
        /// The vectors it computes, counted from the one that begins at column 1.
        var vectors: Range<Int>
    }

    let band: Band
    let columns: Int
    let steps: Int
    let open: OpenSides
    /// In vectors.
    let stripWidth: Int

    /// The row at which the first step begins. No step begins more than one row earlier than the step before, which it
    /// is two rows behind.
    var start: Int { band.rows(ofStep: 1).lowerBound }
    /// The row at which the last step is done, and with it all: no step ends more than one row earlier than the one
    /// before.
    var end: Int { band.rows(ofStep: steps).upperBound + 2 * (steps - 1) }

    /// - Parameters:
    ///   - number: Of the step, from 1 on.
    ///   - strip: The first vector of the strip in the first step.
    func step(_ number: Int, strip: Int) -> Step {
        let first = strip - (number - 1)
        let all = vectors(ofStep: number)
        let vectors = (first..<first + stripWidth).clamped(to: all)
        return Step(
            rows: vectors.isEmpty ? 1..<1 : band.rows(ofStep: number), lag: 2 * (number - 1), vectors: vectors)
    }

    /// The vectors of all strips.
    private func vectors(ofStep number: Int) -> Range<Int> {
        // How many points of the halo it computes.
        let more = steps - number
        let first = open.contains(.west) ? -more : 0
        let last = columns - 1 + (open.contains(.east) ? more : 0)
        return first >> 3..<last >> 3 + 1
    }

    /// The first vectors of the strips in the first step.
    var strips: StrideTo<Int> {
        let all = vectors(ofStep: 1)
        return stride(from: all.lowerBound, to: all.upperBound + steps - 1, by: stripWidth)
    }
}

/// The formula, and how it walks along rows. Addresses are those of column 1.
private struct FivePointStencil {
    let neighbors: Vector
    let center: Vector
    let stride: Int
    /// How many vectors of a row hold nothing but points that are wanted.
    let fullVectors: Int
    /// The lanes of the vector after those that lie on the rim of the domain or beyond.
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

    /// Asks for what a pair of rows begins with, left there by the strip before. What follows in the rows the processor
    /// foresees.
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

    /// Runs `body` for the first column of each vector; `trim` zeroes what of the last one lies beyond the domain.
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
    var west: Vector { CProcessorWest(left, middle) }

    /// The vector one column to the right of the current one.
    @inline(__always)
    var east: Vector { CProcessorEast(middle, right) }
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
