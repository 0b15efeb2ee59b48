import FoundationEssentials
import TestSupport
import Testing

/// The arguments for a problem of any size on the default domain.
///
/// - Parameters:
///   - points: Along each axis.
///   - steps: To take.
///   - period: Steps between two outputs.
func problem(points: Int, steps: Int, every period: Int) -> [String] {
    // Half a unit more than needed, so that no rounding decides.
    let dt = 0.25 * (20 / Double(points)) * (20 / Double(points))
    return [
        "--dx", "\(20 / (Double(points) + 0.5))", "--runtime", "\((Double(steps) + 0.5) * dt)",
        "--outtime", "\((Double(period) + 0.5) * dt)",
    ]
}

/// The arguments for a problem to whose end no machine comes: 10¹² steps.
let endless = ["--quiet", "--runtime", "1e9", "--outtime", "1e9"]

/// Runs diff2d, which must succeed and have nothing to complain about.
@discardableResult
func diff2d(
    _ ranks: Int, _ arguments: [String], in directory: String,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Outcome {
    let outcome = try await mpiexec(ranks, "diff2d", arguments, directory: directory)
    try #require(outcome.status == 0, "\(ranks) ranks, \(arguments): \(outcome)", sourceLocation: sourceLocation)
    #expect(outcome.standardError == "", sourceLocation: sourceLocation)
    return outcome
}

/// The words that start a program with a library of Tests/Interposer before its ranks.
///
/// - Parameter variables: `NAME=value` each, for the library.
func interposed(_ library: String, _ variables: [String], in directory: String) async throws -> [String] {
    let libraries = [try await interposer(library, in: directory), launcherEnvironment["LD_PRELOAD"]]
    return ["/usr/bin/env", "LD_PRELOAD=\(libraries.compactMap { $0 }.joined(separator: ":"))"] + variables
}

/// Evaluates Python expressions of a result's datasets, which go by their names, and of its `attrs`.
func values(_ expressions: [String], of file: String) async throws -> [String] {
    let source = """
        import sys, h5py
        file = h5py.File(sys.argv[1])
        attrs = {name: value.decode() if isinstance(value, bytes) else value for name, value in file.attrs.items()}
        for expression in sys.argv[2:]: print(eval(expression, {**file, "attrs": attrs}))
        """
    let outcome = try await run(python, ["-c", source, file] + expressions)
    try #require(outcome.status == 0, "\(outcome)")
    return outcome.standardOutput.split(separator: "\n").map(String.init)
}

func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
}
