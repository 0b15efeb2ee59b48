import CommandSupport
import Plotting

/// Draws the density along a line at several times: `lines.png`.
///
/// - Parameter line: by default the one along x through the largest value of the first state drawn.
func drawLines(
    of result: borrowing DensityResult, _ states: [Int], _ line: LineSelection?, width: Int, with gnuplot: Gnuplot,
    in gallery: Gallery
) async throws {
    let line = try line ?? result.lineThroughMaximum(of: states[0])
    let (across, along) = line.axis == .y ? (result.y, result.x) : (result.x, result.y)
    guard let low = across.values.min(), let high = across.values.max(), (low...high).contains(line.position) else {
        throw UserError(
            "the line \(line.axis)=\(line.position) is outside the domain, which goes from \(across.values.min()!) to "
                + "\(across.values.max()!)", exitStatus: ExitStatus.usage)
    }
    let place = across.values[across.nearest(line.position)]
    // A few states, evenly spread.
    let most = min(8, states.count)
    let chosen = (0..<most).map { states[most > 1 ? $0 * (states.count - 1) / (most - 1) : 0] }
    try await gnuplot.draw(in: gallery.workshop) { input in
        try await input(
            """
            set terminal \(commands: gnuplot.pngTerminal) size \(width / 2 * 2),\(width * 3 / 10 * 2) fontscale 1.1
            set output 'lines.png'
            set title \("\(result.title), along \(line.axis) = \(fixed(place, 3)) \(across.unit)")
            set xlabel \(along.label)
            set ylabel \(result.densityLabel)
            set tics out nomirror
            set border 3
            set grid linetype 1 linecolor '#dddddd'
            set key outside right top title \(result.time.label)
            set autoscale xfix
            """)
        let curves = chosen.enumerated().map { number, state -> GnuplotCommands in
            let color = Palette.lineColor(most > 1 ? Double(number) / Double(most - 1) : 0)
            let time = fixed(result.times[state], result.timeDecimals)
            return """
                '-' binary record=\(along.values.count) format='%float64%float64' using 1:2 with lines linewidth 2 \
                linecolor \(commands: color) title \(time)
                """
        }
        try await input("plot \(commands: GnuplotCommands(list: curves))")
        for state in chosen { try await input.send(interleaved(along.values, try result.values(state, along: line))) }
        try await input("unset output")
    }
}

/// Draws mass and maximum over time: `history.png`.
func drawHistory(
    of result: borrowing DensityResult, width: Int, with gnuplot: Gnuplot, in gallery: Gallery
) async throws {
    try await gnuplot.draw(in: gallery.workshop) { input in
        try await input(
            """
            set terminal \(commands: gnuplot.pngTerminal) size \(width / 2 * 2),\(width * 4 / 10 * 2) fontscale 1.1
            set output 'history.png'
            set multiplot layout 2,1 title \(result.title)
            set xlabel \(result.time.label)
            set tics out nomirror
            set border 3
            set grid linetype 1 linecolor '#dddddd'
            set lmargin 12
            set autoscale xfix
            set yrange [0:*]
            unset key
            """)
        for (quantity, label) in [
            (result.mass, result.mass.label), (result.maximum, "maximum of \(result.densityLabel)"),
        ] {
            try await input(
                """
                set ylabel \(label)
                plot '-' binary record=\(result.times.count) format='%float64%float64' using 1:2 with linespoints \
                linewidth 2 pointtype 7 pointsize 0.5 linecolor \(commands: Palette.colors[2])
                """)
            try await input.send(interleaved(result.times, quantity.values))
        }
        try await input("unset multiplot\nunset output")
    }
}

/// x1, y1, x2, y2, …
private func interleaved(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).flatMap { [$0, $1] } }

extension DensityResult {
    fileprivate func lineThroughMaximum(of state: Int) throws(UserError) -> LineSelection {
        let values = try frame(state)
        let largest = values.indices.max { values[$0] < values[$1] }!
        return LineSelection(axis: .y, position: y.values[rows.first + largest / columns.count * rows.step])
    }
}
