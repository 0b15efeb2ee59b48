import ArgumentParser
import CommandSupport
import ParallelHDF5
import Quadrature
import ResultFiles
import SwiftMPI
import SystemSupport

/// The `auc` command: its arguments, and a run from beginning to end.
struct AUCCommand: ResultCommand {
    static var commandName: String { "auc" }
    static var resultFormat: String { "HDF5" }
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

    @OptionGroup var results: OutputOptions<AUCCommand>
    @Flag(help: "Write the areas of all blocks or panels to the result file, too.")
    var partials = false
    @OptionGroup var overwriting: OverwriteOptions
    @OptionGroup var reporting: ReportOptions
    @OptionGroup var verbosity: VerbosityOptions

    static var defaultFunction: String { "0.7*x**3 - 2*x**2 + 4" }

    func validate() throws { try results.refuseWithoutOutput(["--partials": partials]) }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let problem = try problem()
        try world.onRoot {
            try requireDistinct(
                inputs: [data].compactMap { $0 }, outputs: [results.path, reporting.report].compactMap { $0 })
            try target?.prepare()
            try reporting.prepare(for: Self.commandName, overwriting)
        }
        let (area, isConverged) = try compute(problem, on: world)
        guard area.integral.isFinite else {
            throw JobFailure(message: "the area is larger than any double", exitStatus: ExitStatus.data)
        }

        let ioStart = MPI.wallTime
        if let target, isConverged {
            try write(area, of: problem, to: target, withPartials: partials, on: world)
        }
        let statistics = try RunStatistics(
            wallSeconds: MPI.wallTime - start, computeSeconds: area.seconds, ioSeconds: MPI.wallTime - ioStart,
            updates: area.points, over: world)
        try world.onRoot {
            let report = RunReport(program: Self.commandName, statistics, result: AreaOutcome(area))
            if isConverged { try reporting.write(report, overwriting) }
            if !verbosity.quiet { print(summary(area, problem, statistics)) }
        }
        if !isConverged {
            throw JobFailure(
                message: "the tolerance is not reached: after \(area.points) points the error is "
                    + errorText(area.errorEstimate)
                    + (area.errorEstimate == nil ? ": all values found are 0, --points says where others are" : ""),
                exitStatus: ExitStatus.notReached)
        }
    }

    private var target: PublishedFile? {
        results.path.map { PublishedFile($0, replacing: overwriting.replaceable(.results(of: Self.commandName))) }
    }

    /// Computes the area. Collective.
    private func compute(_ problem: AreaProblem, on world: Communicator) throws -> (Area, isConverged: Bool) {
        switch problem {
        case .rule(let function, let range, let rule, let points):
            if range.isEmpty { return (.empty, true) }
            let area = FunctionArea(
                function: function, range: range, rule: rule, points: points, world: world,
                showsProgress: !verbosity.quiet)
            return (try area.compute().signed(range.sign), true)
        case .adaptive(let function, let range, let breakPoints, let tolerance, let points):
            if range.isEmpty { return (.empty, true) }
            let adaptive = AdaptiveArea(
                function: function, range: range, breakPoints: breakPoints, tolerance: tolerance, pointLimit: points,
                world: world, showsProgress: !verbosity.quiet)
            let (area, isConverged) = try adaptive.compute()
            return (area.signed(range.sign), isConverged)
        case .samples(let path, let names, let table, let rule):
            let area = SampledArea(rule: rule, world: world, showsProgress: !verbosity.quiet)
            let isHDF5 = try world.failingTogether {
                // A file that cannot be read is reported as such before its format matters.
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
