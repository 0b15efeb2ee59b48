import CommandSupport
import MonteCarlo
import ParallelHDF5
import ResultFiles
import SwiftMPI
import SystemSupport

/// The outcome of a finished run, the same on every rank.
struct PiOutcome {
    let plan: SamplingPlan
    let tally: Tally
    let estimate: Estimate
    /// The test of the streams' hits; `nil` if there is only one stream.
    let chiSquaredTest: ChiSquaredTest?

    init(_ plan: SamplingPlan, _ tally: Tally) {
        self.plan = plan
        self.tally = tally
        estimate = tally.estimate
        chiSquaredTest = plan.streams > 1 ? ChiSquaredTest(hits: tally.hits, samples: tally.drawn) : nil
    }

    /// A message about an unreached target, if any.
    var shortcoming: String? {
        guard let target = plan.targetError, estimate.standardError > target else { return nil }
        return "the standard error is not yet \(target): it takes more samples"
    }

    func summary(_ statistics: RunStatistics) -> String {
        let (decimals, interval) = (decimals(forError: estimate.standardError), estimate.interval)
        let speed = engineering(statistics.updatesPerSecond)
        var rows = [
            ("pi", "\(fixed(estimate.pi, decimals)) ± \(fixed(estimate.standardError, decimals)) (standard error)"),
            ("95 %", "\(fixed(interval.lowerBound, decimals)) to \(fixed(interval.upperBound, decimals))"),
            ("z", "\(fixed(estimate.z, 2)) standard errors from pi"),
            ("hits", "\(estimate.hits) of \(estimate.samples)"),
            ("speed", "\(speed)samples/s on \(counted(statistics.ranks, "rank"))"),
        ]
        if let test = chiSquaredTest {
            rows.append(
                (
                    "spread",
                    "chi-squared \(rounded(test.chiSquared, to: 4)) of \(plan.streams) streams, "
                        + "p-value \(rounded(test.pValue, to: 3))"
                ))
        }
        return labeledLines(rows).joined(separator: "\n")
    }

    /// Writes the result file. Collective.
    func write(to target: PublishedFile, on world: Communicator) throws {
        try writing(target, on: world) { file in
            try file.write("pi", estimate.pi, meaning: "estimate of pi")
            try file.write("standard_error", estimate.standardError, meaning: "standard error of pi")
            try file.write("hits", estimate.hits, meaning: "points in the quarter circle")
            try file.write("samples", estimate.samples, meaning: "points drawn")
            if let test = chiSquaredTest {
                let keys = try file.scale("stream_key", plan.keys, meaning: "key of the stream")
                try file.column("stream_hits", tally.hits, meaning: "points in the quarter circle", along: keys)
                try file.write("chi_squared", test.chiSquared, meaning: "chi-squared of the streams' hits")
                try file.write(
                    "p_value", test.pValue, meaning: "probability of a chi-squared at least as large")
            }
            if plan.recordsConvergence {
                let estimates = tally.hitsAtPowersOfTwo.enumerated().map { index, hits in
                    Estimate(hits: hits, samples: UInt64(plan.streams) << UInt64(index))
                }
                let drawn = try file.scale("convergence_samples", estimates.map(\.samples), meaning: "points drawn")
                try file.column("convergence_hits", estimates.map(\.hits), meaning: "hits among them", along: drawn)
                try file.column("convergence_pi", estimates.map(\.pi), meaning: "estimate of pi", along: drawn)
                try file.column(
                    "convergence_standard_error", estimates.map(\.standardError), meaning: "standard error of pi",
                    along: drawn)
            }
            try file.describe(program: PiMCCommand.commandName, title: "Monte Carlo pi", parameters: [])
            try file.writing {
                try $0.setAttribute("seed", to: plan.seed)
                try $0.setAttribute("streams", to: plan.streams)
            }
        }
    }
}

extension CollectiveResultFile {
    /// Creates and fills a coordinate. Collective.
    fileprivate func scale<T: HDF5Scalar>(_ name: String, _ values: [T], meaning: String) throws -> HDF5Dataset {
        let dataset = try create(name, of: T.self, shape: [values.count], units: "1", meaning: meaning)
        try writing { _ in try dataset.makeDimensionScale(name) }
        try fill(dataset, with: values)
        return dataset
    }

    /// Creates and fills a dataset along a coordinate. Collective.
    fileprivate func column<T: HDF5Scalar>(
        _ name: String, _ values: [T], meaning: String, along scale: borrowing HDF5Dataset
    ) throws {
        let dataset = try create(name, of: T.self, shape: [values.count], units: "1", meaning: meaning)
        try writing { _ in try dataset.attachScale(scale, toAxis: 0) }
        try fill(dataset, with: values)
    }
}

extension PiOutcome: Encodable {
    private enum CodingKeys: String, CodingKey {
        case pi, hits, samples, standardError, streamHits, chiSquared, pValue
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(estimate.pi, forKey: .pi)
        try container.encode(estimate.hits, forKey: .hits)
        try container.encode(estimate.samples, forKey: .samples)
        try container.encode(estimate.standardError, forKey: .standardError)
        if let test = chiSquaredTest {
            try container.encode(tally.hits, forKey: .streamHits)
            try container.encode(test.chiSquared, forKey: .chiSquared)
            try container.encode(test.pValue, forKey: .pValue)
        }
    }
}
