import Plotting
import SystemSupport

extension ScalingResult {
    /// Draws time and speed-up over the number of ranks, with the ideal and the fit, into a PNG file.
    func draw(_ command: CommandUnderTest, clock: String, to target: PublishedFile, with gnuplot: Gnuplot) async throws
    {
        let base = Double(points[0].ranks)
        let last = Double(points.last!.ranks)
        let fit = serialFraction.map { s -> GnuplotCommands in
            let p: GnuplotCommands = "(x/\(base))"
            let curve: GnuplotCommands =
                mode == .strong ? "1/(\(s)+(1-\(s))/\(commands: p))" : "\(commands: p)-\(s)*(\(commands: p)-1)"
            let name = "\(mode == .strong ? "Amdahl" : "Gustafson"), serial fraction \(fixed(s, 4))"
            return ", \(commands: curve) with lines linecolor '#21908d' title \(name)"
        }
        let seconds = points.flatMap {
            [Double($0.ranks), $0.median, $0.seconds.min()!, $0.seconds.max()!]
        }
        let ideal: GnuplotCommands = mode == .strong ? "\(points[0].median)*\(base)/x" : "\(points[0].median)"
        do {
            try await gnuplot.draw(to: target.temporaryPath) { input in
                try await input(
                    """
                    set terminal \(commands: gnuplot.pngTerminal) size 1200,560 fontscale 1.1
                    set multiplot layout 1,2 title \("\(command.text): \(mode) scaling")
                    set tics out nomirror
                    set border 3
                    set grid linetype 1 linecolor '#dddddd'
                    set xlabel 'ranks'
                    set logscale x 2
                    set xrange [\(base / 1.2):\(last * 1.2)]
                    set xtics (\(commands: GnuplotCommands(list: points.map { "\(value: "\($0.ranks)") \($0.ranks)" })))
                    set ylabel \("seconds, \(clock)")
                    set logscale y
                    set key bottom left
                    plot \(commands: ideal) with lines dashtype 2 linecolor '#888888' title 'ideal', \
                    '-' binary record=\(points.count) format='%float64%float64%float64%float64' using 1:2:3:4 \
                    with yerrorlines linewidth 2 linecolor '#440154' pointtype 7 \
                    title 'measured: median, fastest, slowest'
                    """)
                try await input.send(seconds)
                try await input(
                    """
                    set ylabel 'speed-up'
                    set key bottom right
                    plot x/\(base) with lines dashtype 2 linecolor '#888888' title 'ideal'\(commands: fit ?? ""), \
                    '-' binary record=\(points.count) format='%float64%float64' using 1:2 \
                    with linespoints linewidth 2 linecolor '#440154' pointtype 7 title 'measured'
                    """)
                try await input.send(points.flatMap { [Double($0.ranks), speedUp($0)] })
                try await input("unset multiplot")
            }
            try target.publishPicture(of: CompareRunsCommand.name)
        } catch {
            target.discard()
            throw error
        }
    }
}
