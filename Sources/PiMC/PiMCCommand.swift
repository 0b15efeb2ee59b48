import ArgumentParser
import Checkpointing
import CommandSupport
import MonteCarlo
import ResultFiles
import SwiftMPI
import SystemSupport

/// The `pimc` command, which estimates π by a Monte Carlo method.
struct PiMCCommand: ResultCommand {
    static var commandName: String { "pimc" }
    static var abstract: String { "Estimates pi from random points in a square, on any number of MPI ranks." }
    static var discussion: String {
        """
        Example: mpiexec -n 4 pimc 10000000000 --seed 1 --report run.json

        Exit status: 0 if the run has come to a good end; 1 if --target-error is not reached; 64 for arguments that \
        are wrong; 73 if an output cannot be created; 74 if reading or writing fails; 75 if the run was stopped and \
        can go on from its checkpoint.
        """
    }

    @Argument(
        help: """
            How many points to draw, up to 2^63 (default 1000000000; with --target-error as many as it takes).
            """, transform: wholeNumber)
    var samples: UInt64?
    @Option(
        parsing: .unconditional,
        help: "The key of the random numbers: another one, other points (default 2017).", transform: wholeNumber)
    var seed: UInt64 = 2017
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw no more points once the standard error is this small.", valueName: "error"))
    var targetError: Double?
    @Option(
        parsing: .unconditional,
        help: """
            Draw that many points with each of this many keys, from --seed on, and tell whether their hits differ as \
            much as they should.
            """)
    var streams = 1
    @Flag(help: "Write the estimates after 1, 2, 4, 8, ... points to the result file.")
    var convergence = false
    @OptionGroup var checkpointing: CheckpointOptions
    @OptionGroup var results: OutputOptions<PiMCCommand>
    @OptionGroup var overwriting: OverwriteOptions
    @OptionGroup var reporting: ReportOptions
    @OptionGroup var verbosity: VerbosityOptions

    func validate() throws { try results.refuseWithoutOutput(["--convergence": convergence]) }

    /// Starts watching for signals, so that a signal that arrives while MPI starts is not missed.
    static func prepare() { CheckpointOptions.startWatchingForSignals() }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let plan = try plan()
        let replaceableResults = overwriting.replaceable(.results(of: Self.commandName))
        let target = results.path.map { PublishedFile($0, replacing: replaceableResults) }
        try world.onRoot {
            try requireDistinct(inputs: [], outputs: [target?.path, reporting.report].compactMap { $0 })
            try target?.prepare()
            try reporting.prepare(for: Self.commandName, overwriting)
        }

        let directory = try checkpointing.configuration.map {
            try CheckpointDirectory($0, program: Self.commandName, parameters: plan.identity, on: world)
        }
        var checkpoints = try directory?.restore(.none, as: SamplingState.self)
        let earlier = checkpoints?.earlier
        if let earlier { try world.onRoot { try target?.requireUnchanged(since: earlier.replaced) } }
        let replaced = earlier == nil ? try world.bcast(.some(target?.stamp)) : earlier?.replaced
        var sampling = Sampling(plan, from: earlier?.tally ?? Tally(hits: plan.keys.map { _ in 0 }), on: world)
        var progress = ProgressLine(
            total: Int(clamping: plan.expectedSamples), unit: "samples", workPerStep: Double(streams),
            isWanted: !verbosity.quiet && world.rank == 0)
        while !plan.isFinished(sampling.tally) {
            try sampling.advance()
            let tally = sampling.tally
            progress.update(Int(clamping: tally.drawn), note: "pi \(fixed(tally.estimate.pi, 9))")
            try checkpoints?.update(at: "sample \(tally.drawn), pi \(tally.estimate.pi)") { save in
                try save(SamplingState(tally: tally, replaced: replaced), .none)
            }
        }
        progress.finish()

        let outcome = PiOutcome(plan, sampling.tally)
        let ioStart = MPI.wallTime
        if let target { try outcome.write(to: target, on: world) }
        try checkpoints?.finish()
        let statistics = try RunStatistics(
            wallSeconds: MPI.wallTime - start, computeSeconds: sampling.computeSeconds,
            communicationSeconds: sampling.communicationSeconds, ioSeconds: MPI.wallTime - ioStart,
            updates: Int(clamping: sampling.drawnHere), over: world)
        try world.onRoot {
            try reporting.write(RunReport(program: Self.commandName, statistics, result: outcome), overwriting)
            if !verbosity.quiet { print(outcome.summary(statistics)) }
        }
        if let shortcoming = outcome.shortcoming {
            throw JobFailure(message: shortcoming, exitStatus: ExitStatus.notReached)
        }
    }

    /// Returns the plan that the arguments describe; invalid arguments are reported in the same way on every rank.
    private func plan() throws -> SamplingPlan {
        func refused(_ text: String) -> JobFailure { JobFailure(message: text, exitStatus: ExitStatus.usage) }
        guard (1...1_000_000).contains(streams) else {
            throw refused("--streams is \(streams), it must be from 1 to 1000000")
        }
        let most = SamplingPlan.limit / UInt64(streams)
        let samples = samples ?? (targetError == nil ? 1_000_000_000 : most)
        guard samples >= 1 else { throw refused("samples is \(samples), it must be at least 1") }
        guard samples <= most else {
            throw refused(
                streams == 1
                    ? "samples is \(samples), it must be at most 2^63"
                    : "samples is \(samples) in each of \(streams) streams, together there must be at most 2^63")
        }
        if let targetError {
            guard targetError > 0, targetError.isFinite else {
                throw refused("--target-error is \(targetError), it must be positive")
            }
            guard Estimate.samples(forStandardError: targetError) < Double(SamplingPlan.limit) else {
                throw refused("--target-error is \(targetError), with 2^63 samples it is 5.4e-10")
            }
        }
        return SamplingPlan(
            seed: seed, streams: streams, samples: samples, targetError: targetError, recordsConvergence: convergence)
    }
}

/// The state that a checkpoint of pimc contains.
private struct SamplingState: Codable {
    var tally: Tally
    /// The file that had the result's name when the run started.
    var replaced: FileStamp?
}

extension SamplingPlan {
    /// The approximate number of samples that each stream will take.
    fileprivate var expectedSamples: UInt64 {
        guard let targetError else { return samples }
        return min(samples, UInt64(Estimate.samples(forStandardError: targetError) / Double(streams)) + 1)
    }
}
