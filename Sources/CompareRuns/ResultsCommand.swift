import ArgumentParser
import CommandSupport
import ParallelHDF5
import Plotting
import SwiftMPI
import SystemSupport

/// The `compare-runs results` command: compares the datasets of two HDF5 files.
struct ResultsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "results",
        abstract: "Compares the datasets of two HDF5 files, element by element.",
        discussion: """
            Exit status: 0 if all datasets are the same, 1 if elements differ, 2 if the files cannot be compared: a \
            dataset is missing on one side, has another shape or type, a file or a source of a virtual dataset cannot \
            be read, or, with --strict, both have an external link; 64 for wrong arguments, 69 if there is no gnuplot, \
            73 or 74 if an output cannot be created or written.

            Types and values are compared: the names and types of the members of compounds, the constants of \
            enumerations, the tags of opaque elements, but not how a file stores them (byte order, padding, chunks, \
            compression). Attributes, groups, links and named types that differ are listed, and count with --strict. \
            What is in a group is compared under each name of the group. Links are compared by what they lead to: \
            external ones are not followed, and with --strict files that have them cannot be compared.

            Example: compare-runs results a.h5 b.h5 --tolerance density=1e-12,abs=1e-15
            """)

    @Argument(help: "A result file.")
    var a: String

    @Argument(help: "The result file to compare it with.")
    var b: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            """
            Numbers are the same if they differ by no more than E relative to the larger of both, or by no more than D \
            (default: 0); NaN is the same as NaN only. Without it, every bit counts. NAME= is for one dataset; may be \
            repeated.
            """, valueName: "[NAME=]E[,abs=D]"))
    var tolerance: [ToleranceOption] = []

    @Flag(help: "Attributes, groups, links and named types have to be the same, too, and no link may be external.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Draw where the dataset differs that does so in most elements, as PNG, with gnuplot.", valueName: "file"))
    var plot: String?

    @Option(help: ArgumentHelp("Write what was found as JSON.", valueName: "file"))
    var json: String?
    @OptionGroup var overwriting: OverwriteOptions

    func validate() throws {
        for part in tolerance.flatMap({ [$0.tolerance.relative, $0.tolerance.absolute] })
        where !(part >= 0 && part.isFinite) {
            throw ValidationError("--tolerance is \(part), but must be a number from 0 up")
        }
    }

    func run() async throws {
        try requireDistinct(inputs: [a, b], outputs: [plot, json].compactMap { $0 })
        try json.map { try prepareTextFile($0, replacing: overwriting.replaceableReports) }
        let picture = plot.map { PublishedFile($0, replacing: overwriting.replaceablePictures) }
        try picture?.prepare()
        let gnuplot = picture == nil ? nil : try await Gnuplot()
        let tolerances = Tolerances(tolerance)
        let comparison: FileComparison
        do {
            comparison = try FileComparison(a, b, tolerances: tolerances, isStrict: strict)
        } catch {
            throw UserError(error.description, exitStatus: Verdict.notComparable.exitStatus)
        }
        for name in tolerances.ofDatasets.keys.sorted() where !comparison.datasets.contains(where: { $0.path == name })
        {
            throw UserError("--tolerance: there is no dataset \(name) in either file", exitStatus: ExitStatus.usage)
        }
        print(comparison.report(a, b), terminator: "")
        if let json {
            try writeJSON(ComparisonDocument(comparison, a, b), to: json, replacing: overwriting.replaceableReports)
        }
        if let picture, let gnuplot { print(try await draw(comparison, to: picture, with: gnuplot)) }
        throw ExitCode(comparison.verdict.exitStatus)
    }

    /// - Returns: A description of the map, or the reason why there is none.
    private func draw(
        _ comparison: FileComparison, to target: PublishedFile, with gnuplot: Gnuplot
    ) async throws -> String {
        let candidates = comparison.datasets.compactMap { dataset -> (DatasetComparison, Int)? in
            guard case .compared(let differences) = dataset.outcome, differences.differing > 0,
                dataset.isNumeric
            else { return nil }
            return (dataset, differences.differing)
        }
        guard let (dataset, _) = candidates.max(by: { $0.1 < $1.1 }) else {
            return "no map: no dataset of numbers differs"
        }
        let map = try withStatus(Verdict.notComparable.exitStatus) {
            try DifferenceMap(of: dataset, HDF5File.openWithSources(a), HDF5File.openWithSources(b))
        }
        do {
            try await map.draw(to: target, with: gnuplot)
            try target.publishPicture(of: CompareRunsCommand.name)
        } catch {
            target.discard()
            throw error
        }
        return "map of \(dataset.path): \(printable(target.path.utf8))"
    }
}
