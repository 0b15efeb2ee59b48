import MonteCarlo
import Reproducible
import SwiftMPI

/// Draws samples on all ranks together, in rounds.
///
/// In each round, the samples of all streams are divided evenly among the ranks, which count their hits as integers.
/// Therefore the result depends neither on the length of the rounds nor on the number of ranks. Memory use does not
/// grow with the number of samples.
struct Sampling {
    let plan: SamplingPlan
    /// The hits so far, the same on every rank.
    private(set) var tally: Tally
    /// The number of seconds that this rank has spent on drawing; `communicationSeconds` is the number spent on
    /// communication.
    private(set) var computeSeconds = 0.0
    private(set) var communicationSeconds = 0.0

    private let drawnBefore: UInt64
    private let world: Communicator
    private let circles: [QuarterCircle]
    /// The number of samples of each stream in a round that is not cut short by a check or a record.
    private var roundLength: UInt64
    private static let roundSeconds = 0.2

    /// Continues from the samples that have been drawn.
    init(_ plan: SamplingPlan, from tally: Tally, on world: Communicator) {
        self.plan = plan
        self.tally = tally
        drawnBefore = tally.drawn
        self.world = world
        circles = plan.keys.map { QuarterCircle(key: $0) }
        roundLength = max(1, UInt64(world.size) << 22 / UInt64(plan.streams))
    }

    /// The number of samples of all streams that this run itself has drawn.
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

        // The length of the next round is decided by rank 0 and sent along with the hits.
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
