/// The kind of scaling that is measured.
enum ScalingMode: String, Codable {
    /// The problem stays the same.
    case strong
    /// The problem grows with the number of ranks.
    case weak
}

/// The runs on one number of ranks.
struct ScalingPoint {
    var ranks: Int
    /// The time of each run, in the order of the runs.
    var seconds: [Double] = []
    /// The verdict on the results; `nil` if there is nothing to compare with.
    var verdict: Verdict?
    /// A description of the difference, if a result differs.
    var difference: String?
    /// Whether there were more ranks than processors.
    var isOversubscribed: Bool

    var median: Double {
        let sorted = seconds.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The difference between the slowest and the fastest run, relative to the median.
    var spread: Double { median > 0 ? ((seconds.max() ?? 0) - (seconds.min() ?? 0)) / median : 0 }
}

/// The measured scaling of a program. All values are relative to the smallest number of ranks.
struct ScalingResult {
    var mode: ScalingMode
    /// The points, in ascending order of ranks.
    var points: [ScalingPoint]

    /// Returns the ratio of the point's number of ranks to the smallest number.
    func factor(_ point: ScalingPoint) -> Double { Double(point.ranks) / Double(points[0].ranks) }

    /// Returns how much more work is done in the same time. In strong scaling, this is the ratio of the times; in weak
    /// scaling, it is that ratio times the growth of the problem (Gustafson's scaled speed-up).
    func speedUp(_ point: ScalingPoint) -> Double {
        let ratio = points[0].median / point.median
        return mode == .strong ? ratio : ratio * factor(point)
    }

    func efficiency(_ point: ScalingPoint) -> Double { speedUp(point) / factor(point) }

    /// Returns the experimentally determined serial fraction; `nil` for the smallest number of ranks.
    ///
    /// A. H. Karp, H. P. Flatt: Measuring parallel processor performance. Comm. ACM 33 (1990) 539.
    func karpFlatt(_ point: ScalingPoint) -> Double? {
        let factor = factor(point)
        return factor > 1 ? (1 / speedUp(point) - 1 / factor) / (1 - 1 / factor) : nil
    }

    /// The serial fraction that fits the medians best, by least squares; `nil` for a single number of ranks. Points
    /// with more ranks than processors are ignored.
    ///
    /// Strong: G. M. Amdahl (AFIPS 1967), time = s + (1 − s) / p. Weak: J. L. Gustafson (Comm. ACM 31 (1988) 532),
    /// speed-up = p − s (p − 1).
    var serialFraction: Double? {
        var (product, square) = (0.0, 0.0)
        for point in points.dropFirst() where !point.isOversubscribed {
            let p = factor(point)
            let (x, y) =
                mode == .strong ? (1 - 1 / p, 1 / speedUp(point) - 1 / p) : (p - 1, p - speedUp(point))
            product += x * y
            square += x * x
        }
        return square > 0 ? product / square : nil
    }

    /// Returns the speed-up of the fit at a multiple of the smallest number of ranks.
    func fittedSpeedUp(_ factor: Double) -> Double? {
        serialFraction.map { s in mode == .strong ? 1 / (s + (1 - s) / factor) : factor - s * (factor - 1) }
    }

    /// The worst verdict on the results; `nil` if nothing was compared.
    var verdict: Verdict? { points.compactMap(\.verdict).max() }
}
