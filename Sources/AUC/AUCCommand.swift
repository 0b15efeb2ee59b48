import ArgumentParser
import CommandSupport
import ParallelHDF5
import Quadrature
import ResultFiles
import SwiftMPI
import SystemSupport

/// The `auc` command: its arguments, and a run from beginning to end.
struct AUCCommand: ParallelCommand {
    static var commandName: String { "auc" }
    static var abstract: String { "Computes the area under a curve, on any number of MPI ranks." }
    static var discussion: String {
        """
        Example: mpiexec -n 4 auc --function "sin(x)*exp(-x**2)" --from -1 --to inf --tolerance 1e-12

        Exit status: 0 if the area is found; 1 if --tolerance is not reached; 64 for wrong arguments; 65 for samples \
        or function values that are not finite numbers; 73 if an output cannot be created; 74 if reading or writing \
        fails.
        """
    }

    @Argument(
        help: "How many points to evaluate, such as 1000000 or 1e6 (default 3e8); with --tolerance, how many at most.")
    var points: Count?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A function of x, such as \"sin(x)*exp(-x^2)\" (default \"\(defaultFunction)\").", valueName: "expression"))
    var function: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The lower limit: a number, -inf, or an expression such as -pi/2 (default 0)."))
    var from: Limit?
    @Option(
        parsing: .unconditional,
        help: "The upper limit, which may be inf (default 3). If it is below --from, the area has the opposite sign.")
    var to: Limit?
    @Option(
        help: ArgumentHelp(
            "left (default), midpoint, trapezoid, simpson or gauss; for samples trapezoid (default) or simpson.",
            valueName: "name"))
    var rule: Rule?
    @Option(
        parsing: .unconditional,
        help: "Choose points until the error, absolute or relative to the area, is at most this.")
    var tolerance: Double?
    @Option(
        name: .customLong("points"), parsing: .unconditional,
        help: ArgumentHelp(
            "With --tolerance: the places of peaks, kinks or singularities narrower than 1e-6 of the range.",
            valueName: "x,…"))
    var breakPoints: LimitList?

    @Option(help: ArgumentHelp("Take samples from this file, HDF5 or a text table.", valueName: "file"))
    var data: String?
    @Option(help: ArgumentHelp("In an HDF5 file, the dataset with the points of the samples.", valueName: "name"))
    var x: String?
    @Option(help: ArgumentHelp("In an HDF5 file, the dataset with the values of the samples.", valueName: "name"))
    var y: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "In a text table, the columns of points and values, by number from 1 or by name (default: the only two).",
            valueName: "A,B"))
    var columns: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("In a text file, the number of lines to skip before the table.", valueName: "N"))
    var skip: Int?
    @Flag(name: .customLong("skip-missing"), help: "Leave out samples with a missing value.")
    var skipsMissing = false

    @Option(help: ArgumentHelp("Result file, HDF5 (default: auc.h5).", discussion: PublishedFile.help))
    var output: String?
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    var withoutOutput = false
    @Flag(help: "Also write the areas of all blocks or panels to the result file.")
    var partials = false
    @OptionGroup var overwriting: OverwriteOptions
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    var report: String?
    @Flag(help: "Print nothing but errors.")
    var quiet = false

    static var defaultFunction: String { "0.7*x**3 - 2*x**2 + 4" }

    func validate() throws {
        if withoutOutput { try refuseWithoutOutput(["--output": output != nil, "--partials": partials]) }
    }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let problem = try problem()
        let replaceableReports = overwriting.replaceable(.reports(of: Self.commandName))
        try world.failingTogether {
            guard world.rank == 0 else { return }
            try requireDistinct(
                inputs: data.map { [$0] } ?? [],
                outputs: (withoutOutput ? [] : [resultFile.path]) + (report.map { [$0] } ?? []))
            if !withoutOutput { try resultFile.prepare() }
            try report.map { try prepareTextFile($0, replacing: replaceableReports) }
        }
        let (area, isConverged) = try compute(problem, on: world)
        guard area.integral.isFinite else {
            throw JobFailure(message: "the area is larger than any double", exitStatus: ExitStatus.data)
        }

        let ioStart = MPI.wallTime
        if !withoutOutput && isConverged {
            try write(area, of: problem, to: resultFile, withPartials: partials, on: world)
        }
        let outcome = try RunReport(area, wallSince: start, ioSince: ioStart, on: world)
        try world.failingTogether {
            guard world.rank == 0 else { return }
            if isConverged { try report.map { try outcome.write(to: $0, replacing: replaceableReports) } }
            if !quiet { print(summary(area, problem, outcome)) }
        }
        if !isConverged {
            throw JobFailure(
                message: "the tolerance is not reached: after \(area.points) points the error is "
                    + errorText(area.errorEstimate)
                    + (area.errorEstimate == nil ? ": all values found are 0, --points says where others are" : ""),
                exitStatus: ExitStatus.notReached)
        }
    }

    private var resultFile: PublishedFile {
        PublishedFile(output ?? "auc.h5", replacing: overwriting.replaceable(.results(of: Self.commandName)))
    }

    /// Collective.
    private func compute(_ problem: AreaProblem, on world: Communicator) throws -> (Area, isConverged: Bool) {
        switch problem {
        case .rule(let function, let range, let rule, let points):
            if range.isEmpty { return (.empty, true) }
            let area = FunctionArea(
                function: function, range: range, rule: rule, points: points, world: world, showsProgress: !quiet)
            return (try area.compute().signed(range.sign), true)
        case .adaptive(let function, let range, let breakPoints, let tolerance, let points):
            if range.isEmpty { return (.empty, true) }
            let adaptive = AdaptiveArea(
                function: function, range: range, breakPoints: breakPoints, tolerance: tolerance, pointLimit: points,
                world: world, showsProgress: !quiet)
            let (area, isConverged) = try adaptive.compute()
            return (area.signed(range.sign), isConverged)
        case .samples(let path, let names, let table, let rule):
            let area = SampledArea(rule: rule, world: world, showsProgress: !quiet)
            let isHDF5 = try world.failingTogether {
                // Reports a file that cannot be read before looking at its format.
                _ = try InputFile(path)
                return HDF5File.isHDF5(path)
            }
            switch (isHDF5, names) {
            case (true, let names?):
                if columns != nil || skip != nil {
                    throw usage("\(path) is an HDF5 file: --columns and --skip are for text")
                }
                let samples = try HDF5Samples(path, names, skipsMissing: table.skipsMissing, on: world)
                return (try area.compute(samples), true)
            case (true, nil):
                throw usage("\(path) is an HDF5 file: --x and --y must name the datasets")
            case (false, nil):
                return (try area.compute(TextSamples(path, table, on: world)), true)
            case (false, _?):
                throw usage("\(path) is not an HDF5 file: --columns chooses columns of a text, not --x and --y")
            }
        }
    }
}
