import CommandSupport
import SwiftMPI

/// An area and information about its computation. It is the same on every rank, except for `seconds` and the pieces of
/// the columns.
struct Area {
    var integral: Double
    /// The estimated error of the integral; `nil` if no evaluation supports an estimate.
    var errorEstimate: Double?
    /// The exact area under the curve, if known.
    var exact: Double?
    /// The number of function values or samples that were used.
    var points: Int
    /// The seconds that this rank took to evaluate its part.
    var seconds: Double
    /// The partial results, for `--partials`.
    var columns: [Column] = []

    /// The difference from the exact area if that is known, otherwise the estimated error.
    var error: Double? { exact.map { integral - $0 } ?? errorEstimate }

    /// The area over an empty range.
    static var empty: Area { Area(integral: 0, errorEstimate: 0, exact: 0, points: 0, seconds: 0) }

    /// Returns this area with the integral and all partial areas multiplied by `sign`, which is 1 or -1.
    func signed(_ sign: Double) -> Area {
        var area = self
        area.integral *= sign
        area.exact = exact.map { $0 * sign }
        for index in columns.indices where columns[index].isArea {
            for piece in columns[index].pieces.indices {
                area.columns[index].pieces[piece].values = columns[index].pieces[piece].values.map { $0 * sign }
            }
        }
        return area
    }
}

/// A column of numbers for the result file, distributed over the ranks.
struct Column {
    var name: String
    var units = "1"
    var meaning: String
    /// Whether the numbers are areas, whose sign changes with the direction of the range.
    var isArea = true
    /// The total count of numbers on all ranks.
    var count: Int
    /// The pieces of this rank, each with its position in the column. Every rank has the same number of pieces.
    var pieces: [(start: Int, values: [Double])]
}

extension ProgressLine {
    /// Creates a progress line for blocks that the ranks process together; rank 0 shows it.
    init(blocks: Range<Int>, unit: String, perBlock: Int, on world: Communicator, isWanted: Bool) {
        self.init(
            total: blocks.count, unit: unit, workPerStep: Double(perBlock * world.size),
            isWanted: isWanted && world.rank == 0)
    }
}
