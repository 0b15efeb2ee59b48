import Diffusion
import Reproducible
import SwiftMPI

/// The grid of ranks, and the block of interior points each owns.
struct RanksGrid: Hashable {
    /// Ranks along the first axis, which divide the rows.
    var rows: Int
    /// Ranks along the second axis, which divide the columns.
    var columns: Int

    /// The arrangement that should be fastest for a square of `points` × `points`.
    ///
    /// Counted in points of work: those of the largest block, and the halo it exchanges. A halo column costs several
    /// times a halo row, because its points do not lie side by side and are copied.
    static func fastest(ranks: Int, points: Int) -> RanksGrid {
        let columnPenalty = 3
        func cost(_ grid: RanksGrid) -> Int {
            let (rows, columns) = grid.largestBlock(points: points)
            let haloRows = grid.rows > 1 ? 2 * columns : 0
            let haloColumns = grid.columns > 1 ? 2 * columnPenalty * rows : 0
            return rows * columns + haloRows + haloColumns
        }
        return (1...ranks).lazy.filter { ranks % $0 == 0 }
            .map { RanksGrid(rows: ranks / $0, columns: $0) }
            .min { cost($0) < cost($1) }!
    }
}

extension RanksGrid {
    /// How many ranks it has.
    var count: Int { rows * columns }

    /// The rows and columns of the largest block, of a square of `points` × `points`.
    func largestBlock(points: Int) -> (rows: Int, columns: Int) {
        ((points + rows - 1) / rows, (points + columns - 1) / columns)
    }
}

extension RanksGrid: LosslessStringConvertible {
    /// Reads `PxQ`.
    init?(_ text: String) {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let rows = sides[0], let columns = sides[1], rows >= 1, columns >= 1 else { return nil }
        self.init(rows: rows, columns: columns)
    }

    var description: String { "\(rows)x\(columns)" }
}

/// The block of one rank, and the ranks that own the blocks around it.
///
/// With more ranks than rows or columns the last ones own nothing: their block is empty and nobody's neighbor.
struct Decomposition {
    let communicator: CartesianCommunicator
    let grid: RanksGrid
    /// Interior points along each axis.
    let points: Int
    /// Which interior rows and columns of the whole grid this rank owns.
    let rows: Range<Int>
    let columns: Range<Int>
    /// Whether ranks share processors, so that one that waits should let others run.
    let sharesProcessors: Bool
    /// Owners of the adjoining blocks; ``MPI/procNull`` where there is none.
    private(set) var north = MPI.procNull
    private(set) var south = MPI.procNull
    private(set) var west = MPI.procNull
    private(set) var east = MPI.procNull

    /// Collective.
    ///
    /// - Parameters:
    ///   - world: All ranks of the job, as many as the grid has.
    ///   - grid: How to arrange them.
    ///   - points: Interior points along each axis.
    init(_ world: Communicator, grid: RanksGrid, points: Int) throws(MPIError) {
        self.grid = grid
        self.points = points
        sharesProcessors = try world.sharesProcessors()
        // The grid has as many ranks as the job, so none is left over.
        communicator = try world.cartesian(dimensions: [grid.rows, grid.columns])!
        let place = try communicator.coordinates
        let rowBlocks = BlockPartition(count: points, parts: grid.rows)
        let columnBlocks = BlockPartition(count: points, parts: grid.columns)
        rows = rowBlocks.range(of: place[0])
        columns = columnBlocks.range(of: place[1])
        if isEmpty { return }

        (north, south) = try communicator.shift(axis: 0)
        (west, east) = try communicator.shift(axis: 1)
        if rows.upperBound == points { south = MPI.procNull }
        if columns.upperBound == points { east = MPI.procNull }
    }

    /// The sides of the block on which another rank's lies.
    var openSides: OpenSides {
        var open: OpenSides = []
        if north != MPI.procNull { open.insert(.north) }
        if south != MPI.procNull { open.insert(.south) }
        if west != MPI.procNull { open.insert(.west) }
        if east != MPI.procNull { open.insert(.east) }
        return open
    }

    /// How deep a halo can be so that it reaches into the next block only: as deep as the smallest block with points.
    var deepestHalo: Int {
        [grid.rows, grid.columns].map { $0 > 1 ? max(1, points / $0) : .max }.min()!
    }

    /// Whether this rank owns no point.
    var isEmpty: Bool { rows.isEmpty || columns.isEmpty }
}
