import ArgumentParser
import Checkpointing
import CommandSupport
import Diffusion
import SwiftMPI
import SystemSupport

/// The `diff2d` command: its arguments, and a run from beginning to end.
struct Diff2DCommand: ResultCommand {
    static var commandName: String { "diff2d" }
    static var abstract: String { "Solves the diffusion equation on a square, on any number of MPI ranks." }
    static var discussion: String {
        """
        Example: mpiexec -n 4 diff2d --dx 0.05 --runtime 10 --outtime 1 --output run.h5

        Exit status: 0 if the run, or --verify, has come to a good end; 1 if --verify finds something wrong; 64 for \
        arguments and parameters that are wrong; 73 if an output cannot be created; 74 if reading or writing fails; 75 \
        if the run was stopped and can go on from its checkpoint.
        """
    }

    @Argument(help: "Parameter file: one 'name = value;' a line. Options override it.")
    var parameterFile: String?

    @OptionGroup var parameters: ParameterOptions

    @OptionGroup var results: ResultOptions
    @OptionGroup var checkpointing: CheckpointOptions
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Arrangement of the ranks (default: the fastest).", valueName: "PxQ"),
        transform: reading("two whole numbers from 1 up, such as 2x4") { RanksGrid($0) })
    var ranksGrid: RanksGrid?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Time steps between two exchanges of the halo, which is that deep (default auto).", valueName: "K|auto"),
        transform: reading("auto or a whole number from 1 up") { HaloDepth($0) })
    var haloDepth = HaloDepth.automatic
    @Option(help: ArgumentHelp("How the halo gets from rank to rank.", valueName: "name"))
    var halo = HaloChoice.automatic
    @Flag(help: "Check on small problems that equation and boundary are respected, and solve nothing else.")
    var verify = false
    @OptionGroup var reporting: ReportOptions
    @OptionGroup var verbosity: VerbosityOptions

    /// Starts watching for signals, so that a signal that arrives while MPI starts is not missed.
    static func prepare() { CheckpointOptions.startWatchingForSignals() }

    func validate() throws {
        if !verify { return }
        try refuse(
            [
                "--output": results.file.output != nil, "--compress": results.compress, "--xdmf": results.xdmf,
                "--openpmd": results.openPMD, "--graphics": results.graphics == true,
                "--report": reporting.report != nil,
                "--checkpoint": checkpointing.checkpoint != nil, "--restart": checkpointing.restart != nil,
            ], which: "is about the run, which --verify leaves out.")
    }

    func run(on world: Communicator) throws -> NextProgram? {
        let parameters = try parameters(on: world)
        let problem = try usage { try DiffusionProblem(parameters.problem) }
        let grid = try ranksGrid(on: world, points: problem.pointsPerAxis)
        let options = SolverOptions(
            grid: grid, haloDepth: haloDepth, strategy: try strategy(points: problem.pointsPerAxis, grid, on: world))
        if verify {
            try verify(options, points: problem.pointsPerAxis, on: world)
            return nil
        }
        let drawing = try usage { try results.drawing(parameters, quiet: verbosity.quiet) }
        try requireMemory(for: problem, options, on: world)
        try world.onRoot {
            try requireDistinct(
                inputs: [parameterFile].compactMap { $0 },
                outputs: results.paths + [reporting.report].compactMap { $0 })
            try reporting.prepare(for: Self.commandName, results.overwriting)
        }

        let checkpoints = try checkpointing.configuration.map {
            try CheckpointDirectory($0, program: Self.commandName, parameters: problem.identity, on: world)
        }
        let request = results.request(run: checkpoints?.run)
        try world.onRoot { try request?.prepareSidecars() }
        if world.rank == 0 && !verbosity.quiet { print(RunSummary.heading(problem, options.grid)) }
        do {
            let outcome = try simulate(
                problem, options, output: request, checkpointsIn: checkpoints, on: world,
                showsProgress: !verbosity.quiet,
                measuresCopying: !verbosity.quiet || reporting.report != nil)
            try world.onRoot {
                try reporting.write(outcome.report, results.overwriting)
                if !verbosity.quiet { print(RunSummary.closing(problem, outcome, output: request)) }
            }
        } catch {
            // A run that can be resumed still needs its unfinished result.
            if world.rank == 0 && checkpoints?.canRestart != true { request?.target.discard() }
            throw error
        }
        return world.rank == 0 ? drawing : nil
    }

    /// Draws the result if requested. MPI has ended by now: a process in which MPI runs must not fork.
    static func finish(_ drawing: NextProgram?) { drawing?.replaceThisProgram() }
}

extension Diff2DCommand {
    /// Returns the parameters from the parameter file, overridden by the options. Collective.
    private func parameters(on world: Communicator) throws -> RunParameters {
        var parameters = RunParameters()
        if let parameterFile {
            let text = try world.readTextFile(parameterFile)
            try usage(naming: parameterFile) { try parameters.apply(file: text) }
        }
        self.parameters.apply(to: &parameters.problem)
        parameters.graphics = results.graphics ?? parameters.graphics
        return parameters
    }

    private func ranksGrid(on world: Communicator, points: Int) throws -> RanksGrid {
        guard let ranksGrid else { return .fastest(ranks: world.size, points: points) }
        return try usage {
            let (ranks, overflow) = ranksGrid.rows.multipliedReportingOverflow(by: ranksGrid.columns)
            guard ranks == world.size, !overflow else {
                throw ParameterError(
                    "--ranks-grid \(ranksGrid) does not multiply to the job's number of ranks, \(world.size)")
            }
            return ranksGrid
        }
    }

    /// Runs all checks and prints a table of them; throws if a check fails. Collective.
    private func verify(_ options: SolverOptions, points: Int, on world: Communicator) throws {
        let verification = try Verification(options, points: points, on: world)
        if world.rank == 0 && !verbosity.quiet {
            let ranks = counted(world.size, "rank")
            print("diff2d \(suiteVersion) on \(ranks) as \(options.grid), halo \(options.strategy)")
            print(verification.description)
        }
        if !verification.isPassed { throw JobFailure(message: "the verification failed", exitStatus: 1) }
    }

    /// Returns the requested halo strategy, or the fastest available one for `auto`. Collective.
    private func strategy(points: Int, _ grid: RanksGrid, on world: Communicator) throws -> HaloStrategy {
        if case .strategy(let strategy) = halo, strategy != .shared { return strategy }
        let (rows, columns) = grid.largestBlock(points: points)
        let depth = haloDepth.stepsWithinBlock(points: points, grid)
        let obstacle = try HaloStrategy.obstacleToSharing(rows: rows, columns: columns, depth: depth, on: world)
        return try usage {
            guard let obstacle else { return .shared }
            if case .automatic = halo { return .persistent }
            throw ParameterError("--halo shared needs \(obstacle)")
        }
    }

    /// The number of bytes that a rank uses in addition to its fields: for the timed copies, MPI and HDF5.
    private static let otherMemory = 128e6

    /// Throws if the problem does not fit into the memory of the nodes. Collective.
    private func requireMemory(
        for problem: DiffusionProblem, _ options: SolverOptions, on world: Communicator
    ) throws {
        let grid = options.grid
        let (rows, columns) = grid.largestBlock(points: problem.pointsPerAxis)
        let halo = grid.count > 1 ? options.haloDepth.stepsWithinBlock(points: problem.pointsPerAxis, grid) : 1
        let needed = 2 * (Field.byteCount(rows: rows, columns: columns, halo: halo).map { Double($0) } ?? .infinity)
        let node = try world.splitBySharedMemory()
        let neededOnNode = try node.Allreduce(needed, op: .sum)
        let available = Double(physicalMemoryBytes())
        let points = problem.pointsPerAxis
        let size = "\(problem.parameters.statement(\.requestedSpacing)): \(points) x \(points)"
        try world.failingTogether {
            if neededOnNode > available {
                throw UserError(
                    "\(size) points need \(engineering(neededOnNode))B of memory on \(MPI.processorName), which has "
                        + "\(engineering(available))B", exitStatus: ExitStatus.usage)
            }
            if let left = addressSpaceLeft(), needed + Self.otherMemory > Double(left) {
                throw UserError(
                    "\(size) points need \(engineering(needed + Self.otherMemory))B of memory on a rank, of which "
                        + "the limit of its address space (ulimit -v) leaves \(engineering(Double(left)))B",
                    exitStatus: ExitStatus.usage)
            }
        }
    }

    /// Runs `body`, and turns its errors into usage errors of the job. All ranks must find the same error.
    private func usage<R>(naming file: String? = nil, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch {
            let place = file.map { "\($0): " } ?? ""
            throw JobFailure(message: "\(place)\(error)", exitStatus: ExitStatus.usage)
        }
    }
}

/// The value of `--halo`.
enum HaloChoice: ExpressibleByArgument {
    /// The strategy that is expected to be fastest.
    case automatic
    case strategy(HaloStrategy)

    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let strategy = HaloStrategy(rawValue: argument) {
            self = .strategy(strategy)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "auto" }

    static var allValueStrings: [String] { HaloStrategy.allCases.map(\.rawValue) + ["auto"] }
}
