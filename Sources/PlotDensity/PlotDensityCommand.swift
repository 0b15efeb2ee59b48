import ArgumentParser
import CommandSupport
import Glibc
import ParallelHDF5
import Plotting
import SwiftMPI
import SystemSupport

/// The `plotdens` command: draws pictures of a result of diff2d, or of the density in another netCDF-4 file.
struct PlotDensityCommand: SerialCommand {
    static let configuration = CommandConfiguration(
        commandName: "plotdens",
        abstract: "Draws a density over time, such as the result of diff2d, with gnuplot.",
        discussion: """
            Makes a picture of each state, an animation of them, the density along a line at several times, and mass \
            and maximum over time. Large fields are read with as many points as the picture can show.

            The file may be any netCDF-4 file with a variable density(time, y, x), or density(y, x), whatever the \
            dimensions are called. Numbers of any type are unpacked (scale_factor, add_offset), and missing values \
            (_FillValue, missing_value, valid_range, NaN) stay blank, and so do infinite ones, of which it tells the \
            number. Coordinates may rise or fall, and are drawn at their places where they are not at equal distances; \
            dimensions without a coordinate count from 0. A file without mass, minimum and maximum over time is read \
            for the largest and smallest values.

            Pictures of an earlier run are replaced, and frames that are not drawn again are removed. Files that \
            plotdens did not make, or that were changed since, are neither replaced nor removed.

            Example: plotdens run.h5 --frames 0,5..10,-1 --scale each

            Exit status: 0 if all is drawn; 64 for arguments or a file that are wrong; 69 if there is no gnuplot; 73 \
            if the folder or a picture cannot be created; 74 if reading or writing fails.
            """,
        version: suiteVersion)

    @Argument(help: "A result file of diff2d, or another netCDF-4 file with a density.")
    var file: String
    @Option(
        help: ArgumentHelp("Where to put the pictures (default: FILE without .h5, with -plots).", valueName: "folder"))
    var output: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "States to draw, from 0; negative ones count from the end: 0,5..10,-1 (default: all).", valueName: "list"))
    var frames = FrameSelection.all
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The line to draw the density along (default: through its first maximum).", valueName: "x=|y=M"))
    var line: LineSelection?
    @Option(help: ArgumentHelp("Whether all states share one color scale or have one each.", valueName: "common|each"))
    var scale = ColorScale.common
    @Option(parsing: .unconditional, help: ArgumentHelp("Width of a picture.", valueName: "pixels"))
    var width = 900
    @Option(parsing: .unconditional, help: "States a second of the animation (default: 10).")
    var rate: Int?
    @Flag(inversion: .prefixedNo, help: "Make an animation: a GIF, and an MP4 where ffmpeg is installed.")
    var animation = true
    @OptionGroup var verbosity: VerbosityOptions

    func validate() throws {
        guard (300...4000).contains(width) else {
            throw ValidationError("--width is \(width), but must be between 300 and 4000")
        }
        if let rate, !(1...100).contains(rate) {
            throw ValidationError("--rate is \(rate), but must be between 1 and 100")
        }
        if !animation {
            try refuse(["--rate": rate != nil], which: "is about the animation, which --no-animation leaves out")
        }
    }

    func run() async throws {
        let gnuplot = try await Gnuplot()
        let result = try DensityResult(file, pixels: width)
        let states = try frames.states(of: result.stateCount)
        let gallery = try Gallery(output ?? "\(file.hasSuffix(".h5") ? String(file.dropLast(3)) : file)-plots")
        let style = FrameStyle(result, width: width, scale: scale, states: states)
        do {
            try gallery.requirePlaces(
                for: Gallery.names(of: states, hasHistory: result.time != nil, hasAnimation: animation))
            let infiniteCount = try await drawFrames(
                of: result, states, style, with: gnuplot, in: gallery, showsProgress: !verbosity.quiet)
            if animation {
                try await animate(result, states, style, rate: rate ?? 10, with: gnuplot, in: gallery)
            }
            try await drawLines(of: result, states, line, width: width, with: gnuplot, in: gallery)
            if let time = result.time {
                try await drawHistory(of: result, time, width: width, with: gnuplot, in: gallery)
            }
            let names = try gallery.publish()
            if infiniteCount > 0 {
                writeToStandardError(
                    "plotdens: left blank: \(counted(infiniteCount, "infinite value")) of \(printable(file.utf8))\n")
            }
            if !verbosity.quiet {
                let files = names.joined(separator: ", ")
                print(labeledLines([("pictures", "\(gallery.path): \(counted(states.count, "state")), \(files)")])[0])
            }
        } catch {
            gallery.discard()
            throw error
        }
    }
}

/// The value of `--scale`.
enum ColorScale: String, ExpressibleByArgument, CaseIterable {
    case common, each
}

extension FrameSelection: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}

extension LineSelection: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
