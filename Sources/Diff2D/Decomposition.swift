import Diffusion
import Reproducible
import SwiftMPI

/// The arrangement of the ranks in a grid. Each rank owns one block of the interior points.
struct RanksGrid: Hashable {
    /// The number of ranks along the first axis, which divide the rows.
    var rows: Int
    /// The number of ranks along the second axis, which divide the columns.
    var columns: Int

    /// Returns the arrangement that is expected to be fastest for a square of `points` × `points`.
    ///
    /// The cost is estimated in points: those of the largest block, and those of the halo that it exchanges. A halo
    /// column costs several times as much as a halo row, because its points are not contiguous and must be copied.
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
    /// The number of ranks.
    var count: Int { rows * columns }

    /// Returns the extent of the largest block of a square of `points` × `points`.
    func largestBlock(points: Int) -> (rows: Int, columns: Int) {
        ((points + rows - 1) / rows, (points + columns - 1) / columns)
    }
}

extension RanksGrid: LosslessStringConvertible {
    /// Parses `PxQ`.
    init?(_ text: String) {
        let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard sides.count == 2, let rows = sides[0], let columns = sides[1], rows >= 1, columns >= 1 else { return nil }
        self.init(rows: rows, columns: columns)
    }

    var description: String { "\(rows)x\(columns)" }
}

/// The block of this rank, and the ranks that own the adjacent blocks.
///
/// If there are more ranks than rows or columns, the last ranks own nothing: their blocks are empty, and no block has
/// them as neighbors.
struct Decomposition {
    let communicator: CartesianCommunicator
    let grid: RanksGrid
    /// The number of interior points along each axis.
    let points: Int
    /// The interior rows and columns of the whole grid that this rank owns.
    let rows: Range<Int>
    let columns: Range<Int>
    /// Whether ranks share processors, so that a waiting rank should yield to the others.
    let sharesProcessors: Bool
    /// The owners of the adjacent blocks; ``MPI/procNull`` on sides without one.
    private(set) var north = MPI.procNull
    private(set) var south = MPI.procNull
    private(set) var west = MPI.procNull
    private(set) var east = MPI.procNull

    /// Collective.
    ///
    /// - Parameters:
    ///   - world: All ranks of the job. The grid has the same number of ranks.
    ///   - grid: The arrangement of the ranks.
    ///   - points: The number of interior points along each axis.
    init(_ world: Communicator, grid: RanksGrid, points: Int) throws(MPIError) {
        self.grid = grid
        self.points = points
        sharesProcessors = try world.sharesProcessors()
        // Never nil: the grid has as many ranks as the job.
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

    /// The sides of the block that are adjacent to another rank's block.
    var openSides: OpenSides {
        var open: OpenSides = []
        if north != MPI.procNull { open.insert(.north) }
        if south != MPI.procNull { open.insert(.south) }
        if west != MPI.procNull { open.insert(.west) }
        if east != MPI.procNull { open.insert(.east) }
        return open
    }

    /// The depth of the deepest halo that reaches only into adjacent blocks: the extent of the smallest nonempty block.
    var deepestHalo: Int {
        [grid.rows, grid.columns].map { $0 > 1 ? max(1, points / $0) : .max }.min()!
    }

    /// Whether this rank owns no points.
    var isEmpty: Bool { rows.isEmpty || columns.isEmpty }
}
