private import FoundationEssentials
private import Glibc
public import SwiftMPI
public import SystemSupport

/// Statistics of a quantity over all ranks.
public struct RankStatistic: Hashable, Sendable {
    public let minimum: Double
    public let mean: Double
    public let maximum: Double

    /// The relative excess of the maximum over the mean; 0 if all values are 0.
    public var imbalance: Double { mean > 0 ? maximum / mean - 1 : 0 }

    /// Creates the statistics of a quantity that is the same on all ranks.
    public init(_ value: Double) {
        minimum = value
        mean = value
        maximum = value
    }

    /// Creates the statistics of all ranks' values. Collective.
    public init(_ value: Double, over communicator: Communicator) throws(MPIError) {
        minimum = try communicator.Allreduce(value, op: .min)
        maximum = try communicator.Allreduce(value, op: .max)
        mean = try communicator.Allreduce(value, op: .sum) / Double(communicator.size)
    }
}

/// The report of a run that `--report` writes for users' own scripts.
///
/// Quantities that differ between ranks are written three times: the maximum under the plain name, and the minimum and
/// the mean with the suffixes `Min` and `Mean`.
public struct RunReport<Outcome: Encodable>: Encodable {
    public var program: String
    public var ranks: Int
    public var ranksGrid: String?
    public var wallSeconds: RankStatistic
    public var computeSeconds: RankStatistic
    public var communicationSeconds: RankStatistic
    public var ioSeconds: RankStatistic
    /// The units of work done by all ranks, in total and per second.
    public var updates: Int
    public var updatesPerSecond: Double
    public var peakMemoryBytes: RankStatistic
    /// The messages and bytes sent by all ranks together.
    public var messages: Int
    public var bytesSent: Int
    public var result: Outcome

    public init(
        program: String, ranks: Int, ranksGrid: String?, wallSeconds: RankStatistic, computeSeconds: RankStatistic,
        communicationSeconds: RankStatistic, ioSeconds: RankStatistic, updates: Int, updatesPerSecond: Double,
        peakMemoryBytes: RankStatistic, messages: Int, bytesSent: Int, result: Outcome
    ) {
        self.program = program
        self.ranks = ranks
        self.ranksGrid = ranksGrid
        self.wallSeconds = wallSeconds
        self.computeSeconds = computeSeconds
        self.communicationSeconds = communicationSeconds
        self.ioSeconds = ioSeconds
        self.updates = updates
        self.updatesPerSecond = updatesPerSecond
        self.peakMemoryBytes = peakMemoryBytes
        self.messages = messages
        self.bytesSent = bytesSent
        self.result = result
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(program, forKey: Key("program"))
        try container.encode(suiteVersion, forKey: Key("version"))
        try container.encode(ranks, forKey: Key("ranks"))
        try container.encodeIfPresent(ranksGrid, forKey: Key("ranksGrid"))
        for (name, statistic) in [
            ("wallSeconds", wallSeconds), ("computeSeconds", computeSeconds),
            ("communicationSeconds", communicationSeconds), ("ioSeconds", ioSeconds),
            ("peakMemoryBytes", peakMemoryBytes),
        ] {
            try container.encode(statistic.maximum, forKey: Key(name))
            try container.encode(statistic.mean, forKey: Key(name + "Mean"))
            try container.encode(statistic.minimum, forKey: Key(name + "Min"))
        }
        try container.encode(updates, forKey: Key("updates"))
        try container.encode(updatesPerSecond, forKey: Key("updatesPerSecond"))
        try container.encode(messages, forKey: Key("messages"))
        try container.encode(bytesSent, forKey: Key("bytesSent"))
        try container.encode(result, forKey: Key("result"))
    }

    /// Writes the report as JSON.
    ///
    /// - Parameter replaceable: The files that the report may replace; `nil` for any file.
    /// - Throws: ``UserError`` of exit status 73 or 74.
    public func write(to path: String, replacing replaceable: OwnFiles?) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = try String(decoding: encoder.encode(self), as: UTF8.self)
        try writeTextFile(path, text + "\n", replacing: replaceable)
    }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }
}

/// Returns the peak memory use of this process in bytes.
public func peakMemoryBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}

/// Returns the number of bytes by which this process may still enlarge its address space; `nil` if there is no limit.
public func addressSpaceLeft() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
        // The first number is the size in pages: proc_pid_statm(5).
        let pages = (try? readTextFile("/proc/self/statm"))?.split(separator: " ").first.flatMap({ Int($0) })
    else { return nil }
    return max(0, Int(limit.rlim_cur) - pages * sysconf(Int32(_SC_PAGESIZE)))
}

/// Returns the physical memory of this node in bytes.
public func physicalMemoryBytes() -> Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
