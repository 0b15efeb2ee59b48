import ArgumentParser
import CommandSupport
import ParallelHDF5

/// `compare-runs results`: are the datasets of two HDF5 files the same?
struct ResultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Compares the datasets of two HDF5 files, element by element.",
        discussion: """
            Exit status: 0 if all datasets are the same, 1 if elements differ, 2 if the files cannot be compared: a \
            dataset is missing on one side, has another shape or type, or a file cannot be read.

            Attributes are not compared; those that differ are listed.
            """)

    @Argument(help: "A result file.")
    var a: String

    @Argument(help: "The result file to compare it with.")
    var b: String

    @Option(
        help: """
            Elements are the same if they differ by no more than this, absolutely or relative to the larger of both; \
            NaN is the same as NaN only. Without it, every bit counts.
            """)
    var tolerance: Double?

    func validate() throws {
        if let tolerance, !(tolerance >= 0 && tolerance.isFinite) {
            throw ValidationError("--tolerance is \(tolerance), but must be a number from 0 up")
        }
    }

    func run() throws {
        let comparison: FileComparison
        do {
            comparison = try FileComparison(a, b, tolerance: tolerance)
        } catch {
            throw UserError(error.description, exitStatus: Verdict.notComparable.exitStatus)
        }
        print(comparison.report(a, b), terminator: "")
        throw ExitCode(comparison.verdict.exitStatus)
    }
}
