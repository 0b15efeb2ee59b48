import Checkpointing
import CommandSupport
import Diffusion
import SwiftMPI
import SystemSupport

/// What a finished run has to tell, the same on every rank.
struct RunOutcome {
    var report: RunReport<DiffusionOutcome>
    /// The state after the last step.
    var final: Diagnostics
}

/// The program-specific part of the report.
struct DiffusionOutcome: Encodable {
    var fieldHash: String
    var mass: Double
    /// How the halo was exchanged, and how many steps an exchange was good for.
    var halo: String
    var haloDepth: Int
    /// What all ranks together read and wrote a second if each step went to memory: 16 bytes a point.
    var effectiveBytesPerSecond: Double
    /// What they read and write a second when they copy memory all at once, as STREAM does; if it was measured.
    var copyBytesPerSecond: Double?
    /// How much longer the slowest rank computed than the mean.
    var loadImbalance: Double
}

/// Runs from the initial state, or the last checkpoint, to the last step. Collective.
///
/// - Parameters:
///   - options: How.
///   - results: What to write, if anything.
///   - directory: Where to save the state, if anywhere.
///   - showsProgress: Whether rank 0 keeps a line on the terminal.
///   - measuresCopying: Whether to measure what a copy of memory moves, for comparison.
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

/// The result file, if there is one, and the time it takes.
private struct Output: ~Copyable {
    private var file: ResultFile?
    /// How many states there have been, in a file or not.
    private var states: Int
    /// What was under the result's name when the run began.
    private let replaced: FileStamp?
    private let kind: ResultKind?
    private var seconds: Double

    /// - Parameter earlier: Where the run goes on from, if it does not begin.
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

    /// What a checkpoint says of a run that has come this far.
    func state(afterStep step: Int) -> DiffusionState {
        DiffusionState(step: step, states: states, replaced: replaced, result: kind)
    }

    mutating func add(_ simulation: borrowing Simulation) throws {
        let start = MPI.wallTime
        try file?.append(simulation, try simulation.diagnostics())
        states += 1
        seconds += MPI.wallTime - start
    }

    /// Brings the states so far to the disk.
    func flush() throws { try file?.flush() }

    /// - Returns: The seconds all output has taken on this rank.
    consuming func finish(fieldHash: String, grid: RanksGrid) throws -> Double {
        let start = MPI.wallTime
        try file?.finish(fieldHash: fieldHash, grid: grid)
        return seconds + (MPI.wallTime - start)
    }
}

/// Refuses to go on with another kind of result than the run has begun.
///
/// - Throws: ``JobFailure`` of status 64.
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
