import ParallelHDF5
import Plotting
import SystemSupport

/// A map of the differences between two datasets of numbers: the largest |A−B| in each cell of a picture, and in each
/// frame.
///
/// The last two axes are the axes of the picture, and all axes before them number the frames. A dataset with one axis
/// is drawn as a row.
struct DifferenceMap {
    /// The maximum number of cells along each axis of the picture.
    static let pixels = 800

    let path: HDF5Name
    let rows: Int
    let columns: Int
    /// The number of elements that a cell covers along each axis.
    let stride: Int
    /// The largest |A−B| of each cell, in row-major order; NaN if all bits are the same.
    private(set) var cells: [Double]
    /// Cells in which a difference is not a number, because one side is NaN or infinite.
    private(set) var undefined: Set<Int> = []
    private(set) var frames: [Double]

    /// - Parameters:
    ///   - a: The first file.
    ///   - b: The second file, which contains the same dataset.
    ///   - dataset: A dataset of numbers that has been compared.
    init(
        of dataset: DatasetComparison, _ a: borrowing HDF5File, _ b: borrowing HDF5File
    ) throws(HDF5Error) {
        let shape = dataset.shape
        let (height, width) = shape.count > 1 ? (shape[shape.count - 2], shape[shape.count - 1]) : (1, shape.first ?? 1)
        stride = max(1, (max(height, width) + Self.pixels - 1) / Self.pixels)
        rows = (height + stride - 1) / stride
        columns = (width + stride - 1) / stride
        path = dataset.path
        cells = Array(repeating: .nan, count: rows * columns)
        frames = Array(repeating: .nan, count: shape.dropLast(2).reduce(1, *))
        let datasetA = try a.openDataset(path)
        let datasetB = try b.openDataset(path)
        try forEachDifference(datasetA, datasetB, nil) { element, difference, _, _ in
            if difference.isOnlyInBits && difference.absolute == nil { return }  // NaN on both sides
            note(element, difference.absolute?.value ?? .nan, width, height)
        }
    }

    private mutating func note(_ element: Int, _ difference: Double, _ width: Int, _ height: Int) {
        let (frame, place) = element.quotientAndRemainder(dividingBy: width * height)
        let cell = place / width / stride * columns + place % width / stride
        if !difference.isFinite {
            undefined.insert(cell)
            return
        }
        cells[cell] = max(cells[cell].isNaN ? 0 : cells[cell], difference)
        frames[frame] = max(frames[frame].isNaN ? 0 : frames[frame], difference)
    }

    /// Draws the map into a PNG file, with the largest difference of each frame beside it.
    func draw(to target: PublishedFile, with gnuplot: Gnuplot) async throws {
        let differing = cells.filter { !$0.isNaN && $0 > 0 }
        let hasFrames = frames.count > 1
        let title =
            "largest |A-B| in \(path)" + (hasFrames ? " of all frames" : "")
            + (undefined.isEmpty ? "" : "; red: NaN or infinity on one side")
        try await gnuplot.draw(to: target.temporaryPath) { input in
            try await input(
                """
                set terminal \(commands: gnuplot.pngTerminal) size \(hasFrames ? 1400 : 800),640 fontscale 1.1
                \(commands: hasFrames ? "set multiplot layout 1,2" : "")
                set title \(title)
                set palette defined (0 '#fde725', 1 '#21908d', 2 '#440154')
                set xlabel 'last axis'
                set ylabel 'last axis but one'
                set xrange [-0.5:\(Double(columns * stride) - 0.5)]
                set yrange [-0.5:\(Double(rows * stride) - 0.5)]
                set logscale cb
                set cbrange [\(commands: Self.range(differing))]
                set cbtics format '%.0e'
                set tics out nomirror
                unset key
                plot '-' binary array=(\(columns),\(rows)) \
                origin=(\(Double(stride - 1) / 2),\(Double(stride - 1) / 2)) \
                dx=\(stride) dy=\(stride) format='%float64' using 1 with image, \
                '-' binary record=\(undefined.count + 1) format='%float64%float64' using 1:2 \
                with points pointtype 5 pointsize 0.5 linecolor 'red'
                """)
            // A logarithmic scale cannot show a zero, which is the difference between 0 and -0.
            try await input.send(cells.map { $0 == 0 ? differing.min() ?? 1 : $0 })
            // The first point is outside the picture, so that there is always at least one.
            try await input.send(
                [-1e9, -1e9]
                    + undefined.sorted().flatMap { [Double($0 % columns * stride), Double($0 / columns * stride)] })
            if hasFrames {
                let largest = frames.map { $0.isNaN ? 0 : $0 }
                try await input(
                    """
                    set title 'largest |A-B| in each frame'
                    set xlabel 'frame'
                    set ylabel ''
                    set xrange [-0.5:\(Double(frames.count) - 0.5)]
                    set yrange [0:*]
                    set format y '%.1e'
                    plot '-' binary record=\(frames.count) format='%float64%float64' using 1:2 \
                    with impulses linewidth 2 linecolor '#440154'
                    """)
                try await input.send(largest.enumerated().flatMap { [Double($0.offset), $0.element] })
                try await input("unset multiplot")
            }
        }
    }

    /// Returns the range from the smallest to the largest value, widened if they are equal.
    private static func range(_ values: [Double]) -> GnuplotCommands {
        guard let low = values.min(), let high = values.max() else { return "0.1:1" }
        return high > low ? "\(low):\(high)" : "\(low / 2):\(high * 2)"
    }
}
