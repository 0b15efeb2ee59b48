import MonteCarlo

/// Which samples are drawn, and when there are enough; the same for any number of ranks.
struct SamplingPlan: Hashable {
    /// The key of the first stream; the others have the ones after it.
    var seed: UInt64
    var streams: Int
    /// How many samples a stream has at most; of all streams together there are at most 2⁶³.
    var samples: UInt64
    /// The standard error that is good enough.
    var targetError: Double?
    /// Whether to look at the hits after 1, 2, 4, 8 … samples a stream.
    var recordsConvergence: Bool

    /// The most samples there can be.
    static let limit: UInt64 = 1 << 63

    /// The keys of the streams.
    var keys: [UInt64] { (0..<UInt64(streams)).map { seed &+ $0 } }

    /// What a run must have in common with an earlier one to go on with it, by the names of the arguments.
    var identity: [(name: String, value: String)] {
        [
            ("seed", "\(seed)"), ("streams", "\(streams)"), ("samples", "\(samples)"),
            ("target-error", targetError.map { "\($0)" } ?? "none"), ("convergence", "\(recordsConvergence)"),
        ]
    }

    /// The next number of samples a stream after which something is to be looked at.
    func nextStop(after drawn: UInt64) -> UInt64 {
        var stop = samples
        if targetError != nil {
            let interval = Self.checkInterval(at: drawn)
            stop = min(stop, (drawn / interval + 1) * interval)
        }
        if recordsConvergence { stop = min(stop, drawn == 0 ? 1 : 1 << (64 - drawn.leadingZeroBitCount)) }
        return stop
    }

    /// Whether no more samples are needed.
    func isFinished(_ tally: Tally) -> Bool {
        if tally.drawn == samples { return true }
        guard let targetError, tally.drawn > 0, tally.drawn.isMultiple(of: Self.checkInterval(at: tally.drawn))
        else { return false }
        return tally.estimate.standardError <= targetError
    }

    /// The standard error is compared with the target at multiples of this: 64 to 128 times while the samples double.
    private static func checkInterval(at drawn: UInt64) -> UInt64 {
        drawn >> 22 == 0 ? 1 << 16 : 1 << (63 - 6 - drawn.leadingZeroBitCount)
    }
}

/// What has been drawn so far.
struct Tally: Hashable, Codable {
    /// Samples of each stream.
    var drawn: UInt64 = 0
    /// Hits of each stream.
    var hits: [UInt64]
    /// Hits of all streams together after 1, 2, 4, … samples of each; empty where nobody asked.
    var hitsAtPowersOfTwo: [UInt64] = []

    /// Of all streams together; some samples must have been drawn.
    var estimate: Estimate { Estimate(hits: hits.reduce(0, +), samples: drawn * UInt64(hits.count)) }
}
