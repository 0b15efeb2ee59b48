import CommandSupport
import Quadrature
import Reproducible
import SwiftMPI
import SystemSupport

/// Some consecutive samples and a few more after them.
struct Samples {
    var x: [Double] = []
    var y: [Double] = []
    /// How many of them are the block's own.
    var count = 0
    /// The number of the first among all samples.
    var first = 0
    /// Where they are in the file: lines of a text, counted from 1, or rows of datasets, counted from 0.
    var places: [Int] = []

    /// Removes all samples, for a block whose first one has this number.
    mutating func begin(first: Int) {
        self.first = first
        count = 0
        x.removeAll(keepingCapacity: true)
        y.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// - Parameter isOwn: Whether the sample belongs to the block; those after it follow the block's own.
    mutating func append(_ x: Double, _ y: Double, place: Int, isOwn: Bool) {
        self.x.append(x)
        self.y.append(y)
        places.append(place)
        if isOwn { count += 1 }
    }
}

/// A file of samples in blocks, of which each rank reads some.
protocol SampleSource: ~Copyable {
    var path: String { get }
    /// How a place in the file is called in a message.
    func name(ofPlace place: Int) -> String
    /// How many samples there are in all.
    var total: Int { get }
    /// The blocks of this rank, by their numbers among all; in ascending order from rank to rank.
    var blocks: Range<Int> { get }
    var blocksOfAllRanks: Int { get }

    /// Reads a block, and ``SampledRule/lookahead`` samples more where there are as many.
    func read(_ block: Int, into samples: inout Samples) throws
}

/// The area under samples.
struct SampledArea {
    let rule: SampledRule
    let world: Communicator
    let showsProgress: Bool

    /// Collective.
    func compute(_ source: borrowing some SampleSource & ~Copyable) throws -> Area {
        if source.total < 2 {
            throw JobFailure(
                message: "\(source.path): \(counted(source.total, "sample")), at least 2 are needed",
                exitStatus: ExitStatus.data)
        }
        let start = MPI.wallTime
        let blocks = source.blocks
        var progress = ProgressLine(
            total: blocks.count, unit: "samples",
            workPerStep: Double(source.total) / Double(max(1, source.blocksOfAllRanks)) * Double(world.size),
            isWanted: showsProgress && world.rank == 0)
        var sums = (wanted: ExactSum(), other: ExactSum())
        var areas: [Double] = []
        let other: SampledRule = rule == .simpson ? .trapezoid : .simpson
        // The lowest rank that fails has the first of all bad samples.
        try world.together {
            var samples = Samples()
            for block in blocks {
                try source.read(block, into: &samples)
                try requireOrder(samples, in: source)
                let area = sum(samples, rule, total: source.total)
                sums.wanted.add(area)
                areas.append(area.value)
                sums.other.add(sum(samples, other, total: source.total))
                progress.update(block - blocks.lowerBound + 1)
            }
        }
        progress.finish()
        let seconds = MPI.wallTime - start
        try sums.wanted.allreduce(over: world)
        try sums.other.allreduce(over: world)
        return Area(
            integral: sums.wanted.value, errorEstimate: abs(sums.wanted.value - sums.other.value), exact: nil,
            points: source.total, seconds: seconds,
            columns: [
                Column(
                    name: "partial_areas", meaning: "area of each block of samples", count: source.blocksOfAllRanks,
                    pieces: [(blocks.lowerBound, areas)])
            ])
    }

    private func sum(_ samples: Samples, _ rule: SampledRule, total: Int) -> ExactSum {
        var sum = ExactSum()
        samples.x.withUnsafeBufferPointer { x in
            samples.y.withUnsafeBufferPointer { y in
                rule.forEachTerm(
                    x: x.span, y: y.span, first: samples.first, count: samples.count, total: total
                ) { sum.add($0) }
            }
        }
        return sum
    }

    /// Throws for numbers that are not finite, and for points that do not ascend.
    private func requireOrder(_ samples: Samples, in source: borrowing some SampleSource & ~Copyable) throws {
        func place(_ index: Int) -> String {
            "\(source.path): in \(source.name(ofPlace: samples.places[index]))"
        }
        // The first sample after the block's own is compared with the last one of them.
        for index in 0..<min(samples.count + 1, samples.x.count) {
            let (x, y) = (samples.x[index], samples.y[index])
            if !x.isFinite || !y.isFinite {
                throw UserError(
                    "\(place(index)) x is \(x) and y is \(y): both must be finite", exitStatus: ExitStatus.data)
            }
            if index > 0, x <= samples.x[index - 1] {
                throw UserError(
                    "\(place(index)) x is \(x), not above \(samples.x[index - 1]) before it: "
                        + "samples must be sorted by x", exitStatus: ExitStatus.data)
            }
        }
    }
}
