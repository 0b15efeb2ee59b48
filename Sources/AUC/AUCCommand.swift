import ArgumentParser
import CommandSupport
import ParallelHDF5
import Quadrature
import SwiftMPI

/// `auc`: the arguments, and what they ask for.
struct AUCCommand: ParallelCommand {
    static var commandName: String { "auc" }
    static var abstract: String { "Computes the area under a curve, on any number of MPI ranks." }

    @Argument(help: "How many points to evaluate (default 300000000); with --tolerance, how many at most.")
    var points: Int?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A function of x, such as \"sin(x)*exp(-x^2)\" (default \"\(defaultFunction)\").", valueName: "expression"))
    var function: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Where the area begins: a number, -inf, or an expression such as -pi/2 (default 0)."))
    var from: Limit?
    @Option(parsing: .unconditional, help: "Where the area ends, inf allowed (default 3).")
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

    @Option(help: ArgumentHelp("Take samples from this file, HDF5 or text in two columns.", valueName: "file"))
    var data: String?
    @Option(help: ArgumentHelp("In an HDF5 file, the dataset of the samples' points.", valueName: "name"))
    var x: String?
    @Option(help: ArgumentHelp("In an HDF5 file, the dataset of the samples' values.", valueName: "name"))
    var y: String?

    @Option(help: ArgumentHelp("Result file, HDF5.", discussion: PublishedFile.help))
    var output = "auc.h5"
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    var withoutOutput = false
    @Flag(help: "Write the areas of all blocks or panels to the result file, too.")
    var partials = false
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    var report: String?
    @Flag(help: "Print nothing but errors.")
    var quiet = false

    static var defaultFunction: String { "0.7*x**3 - 2*x**2 + 4" }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let problem = try problem()
        try world.together {
            guard world.rank == 0 else { return }
            if !withoutOutput { try PublishedFile(output).prepare() }
            try report.map { try prepareTextFile($0) }
        }
        let (area, isConverged) = try compute(problem, on: world)
        guard area.integral.isFinite else {
            throw JobFailure(message: "the area is larger than any double", exitStatus: ExitStatus.data)
        }

        let ioStart = MPI.wallTime
        if !withoutOutput && isConverged {
            try write(area, of: problem, to: PublishedFile(output), withPartials: partials, on: world)
        }
        let outcome = try RunReport(area, wallSince: start, ioSince: ioStart, on: world)
        try world.together {
            guard world.rank == 0 else { return }
            if isConverged { try report.map { try outcome.write(to: $0) } }
            if !quiet { print(summary(area, problem, outcome)) }
        }
        if !isConverged {
            throw JobFailure(
                message: "the tolerance is not reached: after \(area.points) points the error is about "
                    + "\(area.errorEstimate)", exitStatus: ExitStatus.notReached)
        }
    }

    /// Collective.
    private func compute(_ problem: AreaProblem, on world: Communicator) throws -> (Area, isConverged: Bool) {
        switch problem {
        case .rule(let function, let from, let to, let rule, let points):
            let area = FunctionArea(
                function: function, range: (from, to), rule: rule, points: points, world: world, showsProgress: !quiet)
            return (try area.compute(), true)
        case .adaptive(let function, let from, let to, let tolerance, let points):
            let area = AdaptiveArea(
                function: function, range: (from, to), tolerance: tolerance, pointLimit: points, world: world,
                showsProgress: !quiet)
            return try area.compute()
        case .samples(let path, let names, let rule):
            let area = SampledArea(rule: rule, world: world, showsProgress: !quiet)
            let isHDF5 = try world.together {
                // What cannot be read is said to be that, whatever it should have been.
                _ = try TextFile(path)
                return HDF5File.isHDF5(path)
            }
            switch (isHDF5, names) {
            case (true, let names?):
                let samples = try world.together { try HDF5Samples(path, x: names.x, y: names.y, on: world) }
                return (try area.compute(samples), true)
            case (true, nil):
                throw usage("\(path) is an HDF5 file: --x and --y must name the datasets")
            case (false, nil):
                return (try area.compute(TextSamples(path, on: world)), true)
            case (false, _?):
                throw usage("\(path) is no HDF5 file: its two columns are x and y, and there is no --x and no --y")
            }
        }
    }
}
