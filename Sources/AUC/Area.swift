import CommandSupport
import SwiftMPI

/// An area and how it came about; the same on every rank, but for `seconds` and what of the columns lies here.
struct Area {
    var integral: Double
    /// Of the integral's error; `nil` where no evaluation supports one.
    var errorEstimate: Double?
    /// What is exactly under the curve, where that is known.
    var exact: Double?
    /// How many values of the function, or samples, it is made of.
    var points: Int
    /// The time this rank took to evaluate its part.
    var seconds: Double
    /// The partial results, for `--partials`.
    var columns: [Column] = []

    /// The difference from the exact area, or what is known of it.
    var error: Double? { exact.map { integral - $0 } ?? errorEstimate }

    /// The area over a range without length.
    static var empty: Area { Area(integral: 0, errorEstimate: 0, exact: 0, points: 0, seconds: 0) }

    /// The same area with all areas times `sign`, 1 or -1.
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

/// Numbers for the result file, spread over the ranks.
struct Column {
    var name: String
    var units = "1"
    var meaning: String
    /// Whether they are areas, which change their sign with the direction of the range.
    var isArea = true
    /// How many there are on all ranks.
    var count: Int
    /// This rank's, each piece with its place. Every rank has as many pieces.
    var pieces: [(start: Int, values: [Double])]
}

extension ProgressLine {
    /// For blocks that all ranks work off together, shown by rank 0.
    init(blocks: Range<Int>, unit: String, perBlock: Int, on world: Communicator, isWanted: Bool) {
        self.init(
            total: blocks.count, unit: unit, workPerStep: Double(perBlock * world.size),
            isWanted: isWanted && world.rank == 0)
    }
}
