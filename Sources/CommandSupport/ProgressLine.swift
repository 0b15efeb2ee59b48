private import Glibc
internal import SwiftMPI
private import SystemSupport

/// A line on the terminal that shows the progress of a long run. Nothing is written if there is no terminal.
public struct ProgressLine {
    private let total: Int
    private let step: String
    private let unit: String
    private let workPerStep: Double
    private let terminal: Terminal?
    private let start = MPI.wallTime
    private var nextUpdate = 0.0
    /// The number of characters on the terminal.
    private var width = 0
    private static let interval = 0.2

    /// - Parameters:
    ///   - total: The number of steps of the whole run.
    ///   - step: The noun for a step.
    ///   - unit: The unit of work for the rate, such as `"updates"`.
    ///   - workPerStep: The number of units per step.
    ///   - isWanted: Whether to show the line; `false` on all ranks but one, and if the user requested quiet output.
    public init(total: Int, of step: String = "step", unit: String, workPerStep: Double, isWanted: Bool) {
        self.total = total
        self.step = step
        self.unit = unit
        self.workPerStep = workPerStep
        terminal = isWanted ? Terminal() : nil
    }

    /// Reports that `step` steps are done. Rewrites the line a few times per second.
    ///
    /// - Parameter note: Additional text.
    public mutating func update(_ step: Int, note: @autoclosure () -> String = "") {
        guard let terminal else { return }
        let now = MPI.wallTime
        if now < nextUpdate { return }
        nextUpdate = now + Self.interval
        let elapsed = now - start
        let rate = elapsed > 0 ? Double(step) / elapsed : 0
        let left = rate > 0 ? Double(total - step) / rate : .infinity
        let percent = total > 0 ? Int(100 * (Double(step) / Double(total))) : 100
        let line =
            "\(self.step) \(step) of \(total), \(percent) %, "
            + "\(engineering(rate * workPerStep))\(unit)/s, \(clock(left)) left"
        let note = note()
        // Some terminals start a new line after the last column.
        let text = (note.isEmpty ? line : "\(line), \(note)").prefix(terminal.columns - 1)
        writeToStandardError(erasing(on: terminal) + text)
        width = text.count
    }

    /// Removes the line.
    public mutating func finish() {
        guard let terminal else { return }
        writeToStandardError(erasing(on: terminal))
        width = 0
        // Launchers forward standard output separately. The pause keeps the next output from overtaking this text.
        usleep(100_000)
    }

    /// Returns the text that clears the line.
    private func erasing(on terminal: Terminal) -> String {
        terminal.isDumb ? "\r" + String(repeating: " ", count: width) + "\r" : "\r\u{1B}[K"
    }
}

/// Formats seconds as `m:ss` or `h:mm:ss`.
private func clock(_ seconds: Double) -> String {
    guard let seconds = Int(exactly: seconds.rounded()) else { return "?:??" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
    if minutes < 60 { return "\(minutes):\(two(rest))" }
    return "\(minutes / 60):\(two(minutes % 60)):\(two(rest))"
}

/// The terminal that shows this rank's standard error.
///
/// Under mpiexec, standard error is a pipe to the launcher, so the terminal is that of the launcher's own standard
/// error. It can be found only if the launcher runs on this node, as it does when a user starts it at a terminal.
private struct Terminal {
    /// The path of a process's file descriptor that is the terminal, such as `/proc/17/fd/2`.
    private let path: String
    /// Whether the terminal does not support escape sequences.
    let isDumb: Bool

    /// - Returns: `nil` if there is no terminal.
    init?() {
        guard let path = Self.path() else { return nil }
        self.path = path
        isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
    }

    /// The number of characters in a line; 80 if it is unknown.
    var columns: Int {
        let descriptor = open(path, O_WRONLY | O_NOCTTY)
        guard descriptor >= 0 else { return 80 }
        defer { close(descriptor) }
        var size = winsize()
        return ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
    }

    private static func path() -> String? {
        if isatty(STDERR_FILENO) != 0 { return "/dev/fd/2" }
        var process = getppid()
        for _ in 0..<4 where process > 1 {
            guard let name = contents("/proc/\(process)/comm"), isLauncher(name) else { return nil }
            let file = "/proc/\(process)/fd/2"
            if linkTarget(file).hasPrefix("/dev/pts/") { return file }
            // The fields after the name in parentheses are the state and the parent.
            guard let fields = contents("/proc/\(process)/stat")?.split(separator: ")").last?.split(separator: " "),
                fields.count > 1, let parent = pid_t(fields[1])
            else { return nil }
            process = parent
        }
        return nil
    }
}

private func isLauncher(_ name: String) -> Bool {
    ["mpiexec", "mpirun", "orterun", "orted", "prte", "hydra", "srun"].contains { name.hasPrefix($0) }
}

private func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
}
