import CommandSupport
import Plotting
import SwiftMPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the pictures of all states have in common.
struct FrameStyle {
    let width: Int
    /// So that the field and the color bar fit with equal scales on both axes; even, as films want it.
    let height: Int
    /// The commands before the first picture.
    let commands: GnuplotCommands
    private let scale: ColorScale

    init(_ result: borrowing DensityResult, width: Int, scale: ColorScale, states: [Int]) {
        let (columns, rows) = (result.columns, result.rows)
        let extent = (x: Double(columns.count) * columns.spacing, y: Double(rows.count) * rows.spacing)
        let aspect = min(4, max(0.25, abs(extent.y / extent.x)))
        self.scale = scale
        self.width = width / 2 * 2
        height = Int(Double(width) * (0.72 * aspect + 0.14)) / 2 * 2
        commands = """
            \(commands: Palette.command)
            set size ratio -1
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

    /// The commands before the picture of a state.
    fileprivate func commands(for state: Int, of result: borrowing DensityResult) -> GnuplotCommands {
        let time = "t = \(fixed(result.times[state], result.timeDecimals)) \(result.time.unit)"
        let title: GnuplotCommands = "set title \("\(result.title), \(time)")"
        return scale == .each ? "\(commands: title)\nset cbrange \(commands: result.colorRange(of: [state]))" : title
    }
}

extension DensityResult {
    /// From 0, unless there are negative densities, to the largest density of some states; never empty.
    fileprivate func colorRange(of states: [Int]) -> GnuplotCommands {
        let low = min(0, states.map { minimum.values[$0] }.min()!)
        let high = states.map { maximum.values[$0] }.max()!
        return "[\(low):\(high > low ? high : low + 1)]"
    }
}

extension Sampling {
    /// From the outer edge of the first point's cell to that of the last one.
    fileprivate var edges: GnuplotCommands {
        let ends = [origin - spacing / 2, origin + (Double(count) - 0.5) * spacing].sorted()
        return "\(ends[0]):\(ends[1])"
    }
}

/// Draws a state into the output that is set.
func drawFrame(
    _ state: Int, of result: borrowing DensityResult, _ style: FrameStyle, with gnuplot: GnuplotInput
) async throws {
    let (columns, rows) = (result.columns, result.rows)
    let numbers = try result.frame(state)
    try await gnuplot(
        """
        \(commands: style.commands(for: state, of: result))
        plot '-' binary array=(\(columns.count),\(rows.count)) origin=(\(columns.origin),\(rows.origin)) \
        dx=\(columns.spacing) dy=\(rows.spacing) format='%float64' using 1 with image
        """)
    try await gnuplot.send(numbers)
}

/// Draws each state into a PNG file of its own.
func drawFrames(
    of result: borrowing DensityResult, _ states: [Int], _ style: FrameStyle, with gnuplot: Gnuplot,
    in gallery: Gallery,
    showsProgress: Bool
) async throws {
    let isWatched = showsProgress && isatty(STDERR_FILENO) != 0
    try await gnuplot.draw(in: gallery.workshop) { input in
        try await input(
            "set terminal \(commands: gnuplot.pngTerminal) size \(style.width),\(style.height) fontscale 1.1")
        try await input(style.commands)
        for (number, state) in states.enumerated() {
            if isWatched { writeToStandardError("\r\u{1B}[Kpicture \(number + 1) of \(states.count)") }
            try await input("set output \(value: Gallery.frameName(state))")
            try await drawFrame(state, of: result, style, with: input)
        }
        try await input("unset output")
    }
    try gallery.requireComplete()
    if isWatched { writeToStandardError("\r\u{1B}[K") }
}

extension DensityResult {
    /// As many decimals as tell neighboring states apart, at least two.
    var timeDecimals: Int {
        guard times.count > 1, case let gap = abs(times[1] - times[0]), gap > 0, gap.isFinite else { return 2 }
        return min(9, max(2, 1 - Int(log10(gap).rounded(.down))))
    }
}

/// Colors of equal perceived steps, also to the color-blind and in gray: viridis, by Nathaniel Smith and Stéfan van der
/// Walt for matplotlib (CC0), at nine places.
enum Palette {
    static let colors: [GnuplotCommands] = [
        "'#440154'", "'#472c7a'", "'#3b518b'", "'#2c718e'", "'#21908d'", "'#27ad81'", "'#5cc863'", "'#aadc32'",
        "'#fde725'",
    ]

    static var command: GnuplotCommands {
        "set palette defined (\(commands: GnuplotCommands(list: colors.enumerated().map { "\($0) \(commands: $1)" })))"
    }

    /// The color at a place between 0 and 1; the brightest are left out, which are hard to see as lines on white.
    static func lineColor(_ place: Double) -> GnuplotCommands { colors[Int((place * 7).rounded())] }
}
