import Plotting
import Subprocess
import SystemPackage
import SystemSupport

/// Makes an animation of the states: `animation.gif`, and `animation.mp4` if ffmpeg is installed.
func animate(
    _ result: borrowing DensityResult, _ states: [Int], _ style: FrameStyle, rate: Int, with gnuplot: Gnuplot,
    in gallery: Gallery
) async throws {
    try await gnuplot.draw(in: gallery.stagingFolder) { input in
        // A GIF counts hundredths of a second.
        try await input(
            "set terminal gif animate optimize delay \(max(1, 100 / rate)) loop 0 size \(style.width),\(style.height)")
        try await input("set output 'animation.gif'")
        try await input(style.commands)
        for state in states { try await drawFrame(state, of: result, style, with: input) }
        try await input("unset output")
    }
    guard let ffmpeg = pathOfProgram("ffmpeg") else { return }
    // The pixel format that every player supports.
    let film = try await Subprocess.run(
        .path(FilePath(ffmpeg)),
        arguments: [
            "-loglevel", "error", "-nostdin", "-framerate", "\(rate)", "-pattern_type", "glob", "-i", "frame-*.png",
            "-pix_fmt", "yuv420p", "-movflags", "+faststart", "animation.mp4",
        ], workingDirectory: FilePath(gallery.stagingFolder), output: .discarded, error: .string(limit: 1 << 20))
    guard case .exited(0) = film.terminationStatus else {
        let line = film.standardError.split(separator: "\n").first ?? "it gives no reason"
        throw UserError("ffmpeg failed: \(line)", exitStatus: ExitStatus.ioError)
    }
}
