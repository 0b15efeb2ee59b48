import Glibc
import Plotting
import SwiftMPI
import SystemSupport

/// The common style of the pictures of all states.
struct FrameStyle {
    let width: Int
    /// The height, chosen so that the field and the color bar fit with equal scales on both axes. It is even, as video
    /// formats require.
    let height: Int
    /// The commands before the first picture.
    let commands: GnuplotCommands
    private let scale: ColorScale

    init(_ result: borrowing DensityResult, width: Int, scale: ColorScale, states: [Int]) {
        let (columns, rows) = (result.columns, result.rows)
        let extent = (x: Double(columns.count) * columns.spacing, y: Double(rows.count) * rows.spacing)
        // Equal scales only if both axes have the same unit.
        let hasEqualScales = result.x.commonUnit == result.y.commonUnit
        let aspect = hasEqualScales ? min(4, max(0.25, extent.y / extent.x)) : 0.75
        self.scale = scale
        self.width = width / 2 * 2
        height = Int(Double(width) * (0.72 * aspect + 0.14)) / 2 * 2
        commands = """
            \(commands: Palette.command)
            set size ratio \(hasEqualScales ? -1 : 0.75)
            set xlabel \(result.x.label)
            set ylabel \(result.y.label)
            set cblabel \(result.densityLabel)
            set xrange [\(commands: columns.edges)]
            set yrange [\(commands: rows.edges)]
            set cbrange \(commands: result.colorRange(of: states))
            set tics out nomirror
            set border linewidth 1
            unset key
            """
    }

    /// Returns the commands before the picture of a state.
    fileprivate func commands(for state: Int, of result: borrowing DensityResult) -> GnuplotCommands {
        let caption = [result.title, result.time(of: state)].compactMap { $0 }.joined(separator: ", ")
        let title: GnuplotCommands = "set title \(caption)"
        return scale == .each ? "\(commands: title)\nset cbrange \(commands: result.colorRange(of: [state]))" : title
    }
}

extension DensityResult {
    /// Returns the range from 0, or from the smallest density if that is negative, to the largest density of some
    /// states; never empty.
    fileprivate func colorRange(of states: [Int]) -> GnuplotCommands {
        let low = states.map { minimum[$0] }.filter(\.isFinite).reduce(0, min)
        let high = states.map { maximum[$0] }.filter(\.isFinite).max() ?? low
        return "[\(low):\(high > low ? high : low + 1)]"
    }
}

extension Sampling {
    /// The range from the outer edge of the first point's cell to the outer edge of the last point's cell.
    fileprivate var edges: GnuplotCommands {
        "\(origin - spacing / 2):\(origin + (Double(count) - 0.5) * spacing)"
    }
}

/// Draws a state into the current output of gnuplot.
///
/// - Returns: The number of infinite values, which stay blank.
@discardableResult
func drawFrame(
    _ state: Int, of result: borrowing DensityResult, _ style: FrameStyle, with gnuplot: GnuplotInput
) async throws -> Int {
    let (columns, rows) = (result.columns, result.rows)
    let (points, infiniteCount) = try result.frame(state)
    try await gnuplot(
        """
        \(commands: style.commands(for: state, of: result))
        plot '-' binary array=(\(columns.count),\(rows.count)) origin=(\(columns.origin),\(rows.origin)) \
        dx=\(columns.spacing) dy=\(rows.spacing) format='%float64' using 1 with image
        """)
    try await gnuplot.send(points)
    return infiniteCount
}

/// Draws each state into a PNG file of its own.
///
/// - Returns: The number of infinite values in all states, which stay blank.
func drawFrames(
    of result: borrowing DensityResult, _ states: [Int], _ style: FrameStyle, with gnuplot: Gnuplot,
    in gallery: Gallery,
    showsProgress: Bool
) async throws -> Int {
    let isWatched = showsProgress && isatty(STDERR_FILENO) != 0
    var infiniteCount = 0
    try await gnuplot.draw(in: gallery.stagingFolder) { input in
        try await input(
            "set terminal \(commands: gnuplot.pngTerminal) size \(style.width),\(style.height) fontscale 1.1")
        try await input(style.commands)
        for (number, state) in states.enumerated() {
            if isWatched { writeToStandardError("\r\u{1B}[Kpicture \(number + 1) of \(states.count)") }
            try await input("set output \(value: Gallery.frameName(state))")
            infiniteCount += try await drawFrame(state, of: result, style, with: input)
        }
        try await input("unset output")
    }
    try gallery.requireComplete()
    if isWatched { writeToStandardError("\r\u{1B}[K") }
    return infiniteCount
}

extension DensityResult {
    /// Returns the time of a state with its name and unit, such as `t = 0.50 s`; `nil` if there is no time.
    fileprivate func time(of state: Int) -> String? {
        time.map { time in
            let name = time.name == "time" ? "t" : time.name
            return "\(name) = \(time.text(ofValue: state))\(time.unit.isEmpty ? "" : " \(time.unit)")"
        }
    }
}

extension Quantity {
    /// The unit without a direction: `degrees_north` and `degrees_east` are both degrees.
    fileprivate var commonUnit: String { unit.hasPrefix("degree") ? "degree" : unit }

    /// Returns a value with enough decimals to distinguish neighboring values, at least two.
    func text(ofValue index: Int) -> String {
        guard values.count > 1, case let gap = abs(values[1] - values[0]), gap > 0, gap.isFinite
        else { return fixed(values[index], 2) }
        return fixed(values[index], min(9, max(2, 1 - Int(log10(gap).rounded(.down)))))
    }
}

/// A perceptually uniform palette that also works for the color-blind and in gray: viridis, by Nathaniel Smith and
/// Stéfan van der Walt for matplotlib (CC0), sampled at nine places.
enum Palette {
    static let colors: [GnuplotCommands] = [
        "'#440154'", "'#472c7a'", "'#3b518b'", "'#2c718e'", "'#21908d'", "'#27ad81'", "'#5cc863'", "'#aadc32'",
        "'#fde725'",
    ]

    static var command: GnuplotCommands {
        "set palette defined (\(commands: GnuplotCommands(list: colors.enumerated().map { "\($0) \(commands: $1)" })))"
    }

    /// Returns the color at a place between 0 and 1. The brightest colors are left out, because lines in them are hard
    /// to see on white.
    static func lineColor(_ place: Double) -> GnuplotCommands { colors[Int((place * 7).rounded())] }
}
