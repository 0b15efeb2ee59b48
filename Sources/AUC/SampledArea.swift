import CommandSupport
import Quadrature
import Reproducible
import SwiftMPI
import SystemSupport

/// The consecutive samples of a block, and a few more after them.
struct Samples {
    var x: [Double] = []
    var y: [Double] = []
    /// The number of samples that belong to the block itself.
    var count = 0
    /// The index of the first sample among all samples.
    var first = 0
    /// The places of the samples in the file: lines of a text, counted from 1, or rows of datasets, counted from 0.
    var places: [Int] = []

    /// Removes all samples, to begin a block whose first sample has this index.
    mutating func begin(first: Int) {
        self.first = first
        count = 0
        x.removeAll(keepingCapacity: true)
        y.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// - Parameter isOwn: Whether the sample belongs to the block itself; all other samples must follow those of the
    ///   block.
    mutating func append(_ x: Double, _ y: Double, place: Int, isOwn: Bool) {
        self.x.append(x)
        self.y.append(y)
        places.append(place)
        if isOwn { count += 1 }
    }
}

/// A file of samples, divided into blocks that are distributed over the ranks.
protocol SampleSource: ~Copyable {
    var path: String { get }
    /// Returns the name of a place in the file, for messages.
    func name(ofPlace place: Int) -> String
    /// The total number of samples.
    var total: Int { get }
    /// The blocks of this rank, numbered globally and in ascending order of ranks.
    var blocks: Range<Int> { get }
    var blocksOfAllRanks: Int { get }

    /// Reads a block and up to ``SampledRule/lookahead`` samples after it.
    func read(_ block: Int, into samples: inout Samples) throws
}

/// The area under samples.
struct SampledArea {
    let rule: SampledRule
    let world: Communicator
    let showsProgress: Bool

    /// Computes the area under the samples of a file. Collective.
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
        // The error of the lowest failing rank is reported, which has the first bad sample.
        try world.failingTogether {
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

    /// Checks that all numbers are finite and that x ascends.
    ///
    /// - Throws: ``UserError`` of status 65.
    private func requireOrder(_ samples: Samples, in source: borrowing some SampleSource & ~Copyable) throws {
        func place(_ index: Int) -> String {
            "\(source.path): in \(source.name(ofPlace: samples.places[index]))"
        }
        // The last sample of the block is also compared with the sample after it.
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
