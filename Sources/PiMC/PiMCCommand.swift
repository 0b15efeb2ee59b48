import ArgumentParser
import CommandSupport
import Reproducible
import SwiftMPI

/// `pimc`: Monte Carlo π.
struct PiMCCommand: ParallelCommand {
    static var commandName: String { "pimc" }
    static var abstract: String { "Estimates pi from random points in a square, on any number of MPI ranks." }

    @Argument(help: "How many points to draw.")
    var samples = 1_000_000_000
    @Option(help: "The key of the random numbers: another one, other points.")
    var seed: UInt64 = 2017
    @Option(help: "Result file, HDF5.")
    var output = "pimc.h5"
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    var withoutOutput = false
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    var report: String?
    @Flag(help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        guard samples >= 1 else { throw ValidationError("samples is \(samples), it must be at least 1.") }
    }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let (hits, sampling) = try hits(on: world)
        let estimate = Estimate(hits: hits, samples: samples)

        let ioStart = MPI.wallTime
        if !withoutOutput {
            try writing(PublishedFile(output), on: world) { file in
                try file.write("pi", estimate.pi, meaning: "estimate of pi")
                try file.write("standard_error", estimate.standardError, meaning: "standard error of pi")
                try file.write("hits", hits, meaning: "points in the quarter circle")
                try file.write("samples", samples, meaning: "points drawn")
                try file.describe(
                    program: Self.commandName, title: "Monte Carlo pi", parameters: [("seed", Double(seed))])
            }
        }
        let loop = try RankStatistic(sampling, over: world)
        let outcome = RunReport(
            program: Self.commandName, ranks: world.size, ranksGrid: nil,
            wallSeconds: try RankStatistic(MPI.wallTime - start, over: world), computeSeconds: loop,
            communicationSeconds: try RankStatistic(0, over: world),
            ioSeconds: try RankStatistic(MPI.wallTime - ioStart, over: world), updates: samples,
            updatesPerSecond: loop.maximum > 0 ? Double(samples) / loop.maximum : 0,
            peakMemoryBytes: try RankStatistic(Double(peakMemoryBytes()), over: world), messages: 0, bytesSent: 0,
            result: estimate)
        try world.together {
            guard world.rank == 0 else { return }
            try report.map { try outcome.write(to: $0) }
            if !quiet {
                print("pi          \(estimate.pi) ± \(estimate.standardError) (standard error)")
                print("95 %        \(estimate.interval.lowerBound) to \(estimate.interval.upperBound)")
                print("z           \(estimate.z) standard errors from pi")
                print("hits        \(hits) of \(samples)")
                print("speed       \(engineering(outcome.updatesPerSecond))samples/s on \(world.size) ranks")
            }
        }
    }

    /// The hits among all samples, and the seconds this rank took for its part. Collective.
    private func hits(on world: Communicator) throws -> (Int, seconds: Double) {
        let size = 1 << 20
        let mine = BlockPartition(count: samples, parts: world.size).range(of: world.rank)
        var progress = ProgressLine(
            total: mine.count, unit: "samples", workPerStep: Double(world.size), isWanted: !quiet && world.rank == 0)
        let start = MPI.wallTime
        let philox = Philox4x32(seed: seed)
        var hits = 0
        var next = mine.lowerBound
        while next < mine.upperBound {
            let count = min(size, mine.upperBound - next)
            hits += philox.hits(from: UInt64(next), count: count)
            next += count
            progress.update(next - mine.lowerBound)
        }
        let seconds = MPI.wallTime - start
        progress.finish()
        return (try world.Allreduce(hits, op: .sum), seconds)
    }
}

/// What the hits say of π.
struct Estimate: Encodable {
    let hits: Int
    let samples: Int
    let pi: Double
    /// That of a binomial proportion, times four.
    let standardError: Double

    init(hits: Int, samples: Int) {
        self.hits = hits
        self.samples = samples
        let share = Double(hits) / Double(samples)
        pi = 4 * share
        standardError = 4 * (share * (1 - share) / Double(samples)).squareRoot()
    }

    var interval: ClosedRange<Double> { pi - 1.96 * standardError...pi + 1.96 * standardError }

    /// How many standard errors the estimate is off.
    var z: Double { (pi - Double.pi) / standardError }
}
