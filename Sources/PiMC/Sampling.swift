import MonteCarlo
import Reproducible
import SwiftMPI

/// Draws samples on all ranks together, in rounds.
///
/// In each round the ranks share the samples of all streams evenly, and count integers: how long the rounds are, and
/// how many ranks there are, shows in nothing. Memory does not grow with the samples.
struct Sampling {
    let plan: SamplingPlan
    /// The same on every rank.
    private(set) var tally: Tally
    /// Seconds this rank has spent in drawing and in communicating.
    private(set) var computeSeconds = 0.0
    private(set) var communicationSeconds = 0.0

    private let drawnBefore: UInt64
    private let world: Communicator
    private let circles: [QuarterCircle]
    /// How many samples of each stream a round has unless something is to be looked at before.
    private var roundLength: UInt64
    private static let roundSeconds = 0.2

    /// Goes on from what has been drawn.
    init(_ plan: SamplingPlan, from tally: Tally, on world: Communicator) {
        self.plan = plan
        self.tally = tally
        drawnBefore = tally.drawn
        self.world = world
        circles = plan.keys.map { QuarterCircle(key: $0) }
        roundLength = max(1, UInt64(world.size) << 22 / UInt64(plan.streams))
    }

    /// Samples of all streams that were drawn by this run itself.
    var drawnHere: UInt64 { (tally.drawn - drawnBefore) * UInt64(plan.streams) }

    /// Draws the samples of one round. Collective.
    mutating func advance() throws(MPIError) {
        let start = MPI.wallTime
        let stop = plan.nextStop(after: tally.drawn)
        let end = stop - tally.drawn > roundLength ? tally.drawn + roundLength : stop
        var sums = circles.map { _ in 0 as UInt64 }
        let length = Int(end - tally.drawn)
        let mine = BlockPartition(count: length * plan.streams, parts: world.size).range(of: world.rank)
        if !mine.isEmpty {
            for stream in mine.lowerBound / length...(mine.upperBound - 1) / length {
                let part = mine.clamped(to: stream * length..<(stream + 1) * length)
                let first = tally.drawn + UInt64(part.lowerBound - stream * length)
                sums[stream] = circles[stream].hits(in: first..<first + UInt64(part.count))
            }
        }
        let drawn = MPI.wallTime
        computeSeconds += drawn - start

        // With the hits travels what rank 0 says of the length of the next round.
        let isCutShort = end - tally.drawn < roundLength
        let scale = isCutShort ? 1 : min(8, max(0.125, Self.roundSeconds / max(drawn - start, 1e-6)))
        let next = UInt64(min(Double(roundLength) * scale, 0x1p50 / Double(plan.streams)))
        sums.append(world.rank == 0 ? max(1, next) : 0)
        try world.Allreduce(inPlace: &sums, op: .sum)
        roundLength = sums.removeLast()
        for stream in circles.indices { tally.hits[stream] += sums[stream] }
        tally.drawn = end
        if plan.recordsConvergence && end & (end - 1) == 0 {
            tally.hitsAtPowersOfTwo.append(tally.hits.reduce(0, +))
        }
        communicationSeconds += MPI.wallTime - drawn
    }
}
