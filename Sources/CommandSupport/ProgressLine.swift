private import Glibc
internal import SwiftMPI

/// One line on the terminal that tells how far a long run is; silent where nobody watches.
public struct ProgressLine {
    private let total: Int
    private let step: String
    private let unit: String
    private let workPerStep: Double
    private let terminal: Terminal?
    private let start = MPI.wallTime
    private var nextUpdate = 0.0
    /// Characters that are on the terminal.
    private var width = 0
    private static let interval = 0.2

    /// - Parameters:
    ///   - total: Steps of the whole run.
    ///   - step: What is counted up to it.
    ///   - unit: What the rate is counted in, such as `"updates"`.
    ///   - workPerStep: How many of them a step does.
    ///   - isWanted: `false` on all ranks but one, and where the user asked for quiet.
    public init(total: Int, of step: String = "step", unit: String, workPerStep: Double, isWanted: Bool) {
        self.total = total
        self.step = step
        self.unit = unit
        self.workPerStep = workPerStep
        terminal = isWanted ? Terminal() : nil
    }

    /// Tells that `step` steps are done; rewrites the line a few times a second.
    ///
    /// - Parameter note: What else there is to say.
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
        // In the last column some terminals begin a new line.
        let text = (note.isEmpty ? line : "\(line), \(note)").prefix(terminal.columns - 1)
        writeToStandardError(erasing(on: terminal) + text)
        width = text.count
    }

    /// Removes the line.
    public mutating func finish() {
        guard let terminal else { return }
        writeToStandardError(erasing(on: terminal))
        width = 0
        // A launcher forwards standard output on a way of its own: what is printed next shall not come first.
        usleep(100_000)
    }

    /// What clears the line.
    private func erasing(on terminal: Terminal) -> String {
        terminal.isDumb ? "\r" + String(repeating: " ", count: width) + "\r" : "\r\u{1B}[K"
    }
}

/// Seconds as `m:ss` or `h:mm:ss`.
private func clock(_ seconds: Double) -> String {
    guard let seconds = Int(exactly: seconds.rounded()) else { return "?:??" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (minutes, rest) = seconds.quotientAndRemainder(dividingBy: 60)
    if minutes < 60 { return "\(minutes):\(two(rest))" }
    return "\(minutes / 60):\(two(minutes % 60)):\(two(rest))"
}

/// The terminal on which what this rank writes to standard error ends.
///
/// Under mpiexec it goes through a pipe to the launcher. The launcher's own standard error tells then; it can be seen
/// only if it runs on this node, which is where a person at a terminal starts it.
private struct Terminal {
    /// The file of a process that is the terminal, such as `/proc/17/fd/2`.
    private let path: String
    /// Whether it knows no escape sequences.
    let isDumb: Bool

    /// - Returns: `nil` where nobody watches.
    init?() {
        guard let path = Self.path() else { return nil }
        self.path = path
        isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false
    }

    /// How many characters a line has; 80 where the terminal does not tell.
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
            // Fields after the name in parentheses: state, then the parent.
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

/// Where a symbolic link leads; empty if it is none.
func linkTarget(_ path: String) -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { readlink(path, $0.baseAddress!, $0.count) }
    return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
}
