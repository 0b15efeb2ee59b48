import Checkpointing
import CommandSupport
import Diffusion
import SwiftMPI
import SystemSupport

/// The outcome of a finished run, the same on every rank.
struct RunOutcome {
    var report: RunReport<DiffusionOutcome>
    /// The state after the last step.
    var final: Diagnostics
}

/// The program-specific part of the report.
struct DiffusionOutcome: Encodable {
    var fieldHash: String
    var mass: Double
    /// The halo strategy, and the number of steps between two exchanges.
    var halo: String
    var haloDepth: Int
    /// The memory traffic of all ranks in bytes per second if every step accessed memory: 16 bytes per point.
    var effectiveBytesPerSecond: Double
    /// The bandwidth of all ranks in bytes per second when they copy memory, as in STREAM; `nil` if not measured.
    var copyBytesPerSecond: Double?
    /// The relative excess of the slowest rank's computing time over the mean.
    var loadImbalance: Double
}

/// Runs from the initial state, or from the last checkpoint, to the last step. Collective.
///
/// - Parameters:
///   - options: The options of the solver.
///   - results: The files to write; `nil` for none.
///   - directory: The directory for checkpoints; `nil` to save none.
///   - showsProgress: Whether rank 0 shows a progress line on the terminal.
///   - measuresCopying: Whether to measure the memory bandwidth of a copy, for comparison.
func simulate(
    _ problem: DiffusionProblem, _ options: SolverOptions, output results: ResultRequest?,
    checkpointsIn directory: CheckpointDirectory?, on world: Communicator, showsProgress: Bool, measuresCopying: Bool
) throws -> RunOutcome {
    let start = MPI.wallTime
    let grid = options.grid
    var simulation = try options.simulation(of: problem, on: world)
    var checkpoints = try simulation.withCheckpointArray { try directory?.restore($0, as: DiffusionState.self) }
    let earlier = checkpoints?.earlier
    if let earlier { simulation.resume(afterStep: earlier.step) }
    let firstStep = simulation.step
    var output = try Output(results, problem, after: earlier, on: world)
    var progress = ProgressLine(
        total: problem.steps, unit: "updates", workPerStep: Double(problem.points),
        isWanted: showsProgress && world.rank == 0)

    if earlier == nil { try output.add(simulation) }
    while simulation.step < problem.steps {
        try simulation.advance(noFurtherThan: problem.nextOutput(afterStep: simulation.step))
        if problem.isOutput(afterStep: simulation.step) { try output.add(simulation) }
        progress.update(simulation.step)
        if simulation.step == problem.steps { break }
        try checkpoints?.update(at: "step \(simulation.step)", needing: results?.target.temporaryPath) { save in
            try output.flush()
            let state = output.state(afterStep: simulation.step)
            try simulation.withCheckpointArray { try save(state, $0) }
        }
    }
    progress.finish()

    let final = try simulation.diagnostics()
    let fieldHash = try simulation.fieldHash()
    let ioSeconds = try output.finish(fieldHash: fieldHash, grid: grid)
    try results?.writeSidecars(of: problem, on: world)
    try checkpoints?.finish()
    let statistics = try RunStatistics(
        wallSeconds: MPI.wallTime - start, computeSeconds: simulation.computeSeconds,
        communicationSeconds: simulation.communicationSeconds, ioSeconds: ioSeconds,
        updates: problem.points * (problem.steps - firstStep), messages: simulation.messages,
        bytesSent: simulation.bytesSent, over: world)
    let result = DiffusionOutcome(
        fieldHash: fieldHash, mass: final.mass, halo: "\(options.strategy)", haloDepth: simulation.stepsPerExchange,
        effectiveBytesPerSecond: 16 * statistics.updatesPerSecond,
        copyBytesPerSecond: measuresCopying ? try copyBandwidth(over: world) : nil,
        loadImbalance: statistics.computeSeconds.imbalance)
    return RunOutcome(
        report: RunReport(program: Diff2DCommand.commandName, ranksGrid: "\(grid)", statistics, result: result),
        final: final)
}

/// The result file, if there is one, and the time spent on it.
private struct Output: ~Copyable {
    private var file: ResultFile?
    /// The number of states so far, whether or not they are written to a file.
    private var states: Int
    /// The file that had the result's name when the run began.
    private let replaced: FileStamp?
    private let kind: ResultKind?
    private var seconds: Double

    /// - Parameter earlier: The state from which the run resumes; `nil` for a new run.
    init(
        _ results: ResultRequest?, _ problem: DiffusionProblem, after earlier: DiffusionState?, on world: Communicator
    ) throws {
        let start = MPI.wallTime
        if let earlier { try requireSame(earlier.result, results?.kind) }
        let replaced = earlier == nil ? try world.bcast(.some(results?.target.stamp)) : earlier?.replaced
        var file = ResultFile?.none
        if let results, let earlier {
            file = try ResultFile(continuing: results.target, problem, after: earlier, on: world)
        } else if let results {
            file = try ResultFile(results.target, problem, compression: results.compression, on: world)
        }
        self.file = file
        self.replaced = replaced
        kind = results?.kind
        states = earlier?.states ?? 0
        seconds = MPI.wallTime - start
    }

    /// Returns the state that a checkpoint saves after `step` steps.
    func state(afterStep step: Int) -> DiffusionState {
        DiffusionState(step: step, states: states, replaced: replaced, result: kind)
    }

    mutating func add(_ simulation: borrowing Simulation) throws {
        let start = MPI.wallTime
        try file?.append(simulation, try simulation.diagnostics())
        states += 1
        seconds += MPI.wallTime - start
    }

    /// Flushes the states written so far to the disk.
    func flush() throws { try file?.flush() }

    /// - Returns: The number of seconds that all output took on this rank.
    consuming func finish(fieldHash: String, grid: RanksGrid) throws -> Double {
        let start = MPI.wallTime
        try file?.finish(fieldHash: fieldHash, grid: grid)
        return seconds + (MPI.wallTime - start)
    }
}

/// Checks that a resumed run writes the same kind of result as before.
///
/// - Throws: ``JobFailure`` of exit status 64 if the kinds differ.
private func requireSame(_ begun: ResultKind?, _ wanted: ResultKind?) throws {
    if begun == wanted { return }
    let option =
        switch (begun, wanted) {
        case (nil, _): "with --no-output"
        case (_, nil): "without --no-output"
        case (.compressed?, _): "with --compress"
        case (.plain?, _): "without --compress"
        }
    throw JobFailure(message: "the run was begun \(option), and goes on so only", exitStatus: ExitStatus.usage)
}
