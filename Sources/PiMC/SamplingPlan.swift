import MonteCarlo

/// The samples to draw and the condition for stopping; the same for any number of ranks.
struct SamplingPlan: Hashable {
    /// The key of the first stream; the other streams have the keys after it.
    var seed: UInt64
    var streams: Int
    /// The maximum number of samples of a stream; all streams together have at most 2⁶³.
    var samples: UInt64
    /// The standard error at which to stop, if any.
    var targetError: Double?
    /// Whether to record the hits after 1, 2, 4, 8 … samples of each stream.
    var recordsConvergence: Bool

    /// The maximum number of samples.
    static let limit: UInt64 = 1 << 63

    /// The keys of the streams.
    var keys: [UInt64] { (0..<UInt64(streams)).map { seed &+ $0 } }

    /// The properties that a run must share with an earlier run to continue it, by the names of the arguments.
    var identity: [(name: String, value: String)] {
        [
            ("seed", "\(seed)"), ("streams", "\(streams)"), ("samples", "\(samples)"),
            ("target-error", targetError.map { "\($0)" } ?? "none"), ("convergence", "\(recordsConvergence)"),
        ]
    }

    /// Returns the next number of samples of a stream after which something is checked or recorded.
    func nextStop(after drawn: UInt64) -> UInt64 {
        var stop = samples
        if targetError != nil {
            let interval = Self.checkInterval(at: drawn)
            stop = min(stop, (drawn / interval + 1) * interval)
        }
        if recordsConvergence { stop = min(stop, drawn == 0 ? 1 : 1 << (64 - drawn.leadingZeroBitCount)) }
        return stop
    }

    /// Returns whether no more samples are needed.
    func isFinished(_ tally: Tally) -> Bool {
        if tally.drawn == samples { return true }
        guard let targetError, tally.drawn > 0, tally.drawn.isMultiple(of: Self.checkInterval(at: tally.drawn))
        else { return false }
        return tally.estimate.standardError <= targetError
    }

    /// Returns the interval of checks: the standard error is compared with the target at its multiples, 64 to 128 times
    /// while the number of samples doubles.
    private static func checkInterval(at drawn: UInt64) -> UInt64 {
        drawn >> 22 == 0 ? 1 << 16 : 1 << (63 - 6 - drawn.leadingZeroBitCount)
    }
}

/// The samples drawn so far.
struct Tally: Hashable, Codable {
    /// The number of samples drawn from each stream.
    var drawn: UInt64 = 0
    /// The number of hits of each stream.
    var hits: [UInt64]
    /// The hits of all streams together after 1, 2, 4, … samples of each; empty unless the plan records them.
    var hitsAtPowersOfTwo: [UInt64] = []

    /// The estimate from all streams together; at least one sample must have been drawn.
    var estimate: Estimate { Estimate(hits: hits.reduce(0, +), samples: drawn * UInt64(hits.count)) }
}
