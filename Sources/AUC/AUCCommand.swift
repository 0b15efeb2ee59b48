import ArgumentParser
import CommandSupport
import Reproducible
import SwiftMPI

/// `auc`: the area under a curve.
struct AUCCommand: ParallelCommand {
    static var commandName: String { "auc" }
    static var abstract: String { "Computes the area under 0.7x³ − 2x² + 4 from 0 to 3, on any number of MPI ranks." }

    @Argument(help: "How many points to evaluate.")
    var points = 300_000_000
    @Option(help: "Result file, HDF5.")
    var output = "auc.h5"
    @Flag(name: .customLong("no-output"), help: "Write no result file.")
    var withoutOutput = false
    @Option(help: ArgumentHelp("Write a report of the run as JSON.", valueName: "file"))
    var report: String?
    @Flag(help: "Print nothing but errors.")
    var quiet = false

    func validate() throws {
        // Beyond 2^53 a double no longer counts points one by one.
        guard points >= 1, points <= 1 << 53 else {
            throw ValidationError("points is \(points), it must be between 1 and \(1 << 53).")
        }
    }

    func run(on world: Communicator) throws {
        let start = MPI.wallTime
        let end = 3.0
        let dx = end / Double(points)
        let (sum, evaluating) = try sum(Integrand(start: 0, dx: dx), on: world)
        let area = sum * dx
        let error = area - Integrand.exactArea(to: end)

        let ioStart = MPI.wallTime
        if !withoutOutput {
            try writing(PublishedFile(output), on: world) { file in
                try file.write("integral", area, meaning: "area under the curve")
                try file.write("error", error, meaning: "difference from the exact area")
                try file.describe(
                    program: Self.commandName, title: "area under a curve",
                    parameters: [("from", 0), ("to", end), ("points", Double(points))])
            }
        }
        let loop = try RankStatistic(evaluating, over: world)
        let outcome = RunReport(
            program: Self.commandName, ranks: world.size, ranksGrid: nil,
            wallSeconds: try RankStatistic(MPI.wallTime - start, over: world), computeSeconds: loop,
            communicationSeconds: try RankStatistic(0, over: world),
            ioSeconds: try RankStatistic(MPI.wallTime - ioStart, over: world), updates: points,
            updatesPerSecond: loop.maximum > 0 ? Double(points) / loop.maximum : 0,
            peakMemoryBytes: try RankStatistic(Double(peakMemoryBytes()), over: world), messages: 0, bytesSent: 0,
            result: AreaOutcome(integral: area, points: points, error: error))
        try world.together {
            guard world.rank == 0 else { return }
            try report.map { try outcome.write(to: $0) }
            if !quiet {
                print("area        \(area)\nexact       \(Integrand.exactArea(to: end))\nerror       \(error)")
                print("speed       \(engineering(outcome.updatesPerSecond))points/s on \(world.size) ranks")
            }
        }
    }

    /// The sum over all points, and the seconds this rank took for its part. Collective.
    private func sum(_ integrand: Integrand, on world: Communicator) throws -> (Double, seconds: Double) {
        let size = Integrand.pointsPerBlock
        let blocks = BlockPartition(count: (points + size - 1) / size, parts: world.size).range(of: world.rank)
        var progress = ProgressLine(
            total: blocks.count, unit: "points", workPerStep: Double(size * world.size),
            isWanted: !quiet && world.rank == 0)
        let start = MPI.wallTime
        var sum = ExactSum()
        for block in blocks {
            sum.add(integrand.sum(block * size..<min((block + 1) * size, points)))
            progress.update(block - blocks.lowerBound + 1)
        }
        let seconds = MPI.wallTime - start
        progress.finish()
        try sum.allreduce(over: world)
        return (sum.value, seconds)
    }
}

/// The program-specific part of the report.
struct AreaOutcome: Encodable {
    var integral: Double
    var points: Int
    var error: Double
}
