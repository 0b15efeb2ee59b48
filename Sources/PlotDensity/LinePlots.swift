import Plotting
import SystemSupport

/// Draws the density along a line at several times: `lines.png`.
///
/// - Parameter line: The line; by default, the line along x through the largest value of the first state that has
///   values.
func drawLines(
    of result: borrowing DensityResult, _ states: [Int], _ line: LineSelection?, width: Int, with gnuplot: Gnuplot,
    in gallery: Gallery
) async throws {
    let line = try line ?? result.lineThroughMaximum(of: states)
    let (across, along) = line.axis == .y ? (result.y, result.x) : (result.x, result.y)
    guard let low = across.values.min(), let high = across.values.max(), (low...high).contains(line.position) else {
        throw UserError(
            "the line \(line.axis)=\(line.position) is outside the domain, which goes from \(across.values.min()!) to "
                + "\(across.values.max()!)", exitStatus: ExitStatus.usage)
    }
    let place = across.values[across.nearest(line.position)]
    // A few states, evenly spaced.
    let most = min(8, states.count)
    let chosen = (0..<most).map { states[most > 1 ? $0 * (states.count - 1) / (most - 1) : 0] }
    var curves: [(state: Int, values: [Double])] = []
    for state in chosen { curves.append((state, try result.values(state, along: line))) }
    guard curves.contains(where: { $0.values.contains(where: \.isFinite) }) else {
        throw UserError(
            "all values along the line \(line.axis)=\(line.position) are missing or infinite",
            exitStatus: ExitStatus.usage)
    }
    try await gnuplot.draw(in: gallery.stagingFolder) { input in
        try await input(
            """
            set terminal \(commands: gnuplot.pngTerminal) size \(width / 2 * 2),\(width * 3 / 10 * 2) fontscale 1.1
            set output 'lines.png'
            set title \("\(result.title), along \(across.name) = \(fixed(place, 3)) \(across.unit)")
            set xlabel \(along.label)
            set ylabel \(result.densityLabel)
            set tics out nomirror
            set border 3
            set grid linetype 1 linecolor '#dddddd'
            \(commands: result.time.map { "set key outside right top title \($0.label)" } ?? "unset key")
            set autoscale xfix
            """)
        let plots = curves.enumerated().map { number, curve -> GnuplotCommands in
            let color = Palette.lineColor(most > 1 ? Double(number) / Double(most - 1) : 0)
            let time = result.time?.text(ofValue: curve.state) ?? ""
            return """
                '-' binary record=\(along.values.count) format='%float64%float64' using 1:2 with lines linewidth 2 \
                linecolor \(commands: color) title \(time)
                """
        }
        try await input("plot \(commands: GnuplotCommands(list: plots))")
        for curve in curves { try await input.send(interleaved(along.values, curve.values)) }
        try await input("unset output")
    }
}

/// Draws the maximum, and the mass if it is known, over time: `history.png`.
func drawHistory(
    of result: borrowing DensityResult, _ time: Quantity, width: Int, with gnuplot: Gnuplot, in gallery: Gallery
) async throws {
    let maximum = (label: "maximum of \(result.densityLabel)", values: result.maximum)
    let quantities = (result.mass.map { [(label: $0.label, values: $0.values)] } ?? []) + [maximum]
    let shown = quantities.filter { $0.values.contains(where: \.isFinite) }
    try await gnuplot.draw(in: gallery.stagingFolder) { input in
        try await input(
            """
            set terminal \(commands: gnuplot.pngTerminal) size \(width / 2 * 2),\(width * 4 / 10 * 2) fontscale 1.1
            set output 'history.png'
            set multiplot layout \(shown.count),1 title \(result.title)
            set xlabel \(time.label)
            set tics out nomirror
            set border 3
            set grid linetype 1 linecolor '#dddddd'
            set lmargin 12
            set autoscale xfix
            unset key
            """)
        for quantity in shown {
            let isNegative = quantity.values.contains { $0 < 0 }
            try await input(
                """
                set yrange [\(commands: isNegative ? "*" : "0"):*]
                set ylabel \(quantity.label)
                plot '-' binary record=\(time.values.count) format='%float64%float64' using 1:2 with linespoints \
                linewidth 2 pointtype 7 pointsize 0.5 linecolor \(commands: Palette.colors[2])
                """)
            try await input.send(interleaved(time.values, quantity.values))
        }
        try await input("unset multiplot\nunset output")
    }
}

/// Returns x1, y1, x2, y2, …
private func interleaved(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).flatMap { [$0, $1] } }

extension DensityResult {
    fileprivate func lineThroughMaximum(of states: [Int]) throws(UserError) -> LineSelection {
        for state in states {
            let values = try frame(state).points
            let known = values.indices.filter { !values[$0].isNaN }
            guard let largest = known.max(by: { values[$0] < values[$1] }) else { continue }
            return LineSelection(axis: .y, position: y.values[rows.index(ofPoint: largest / columns.count)])
        }
        throw UserError(
            "cannot draw \(path): all values of its density are missing or infinite", exitStatus: ExitStatus.usage)
    }
}
