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

    /// Computes the statistics of the values of all ranks. Collective.
    public init(_ value: Double, over communicator: Communicator) throws(MPIError) {
        minimum = try communicator.Allreduce(value, op: .min)
        maximum = try communicator.Allreduce(value, op: .max)
        mean = try communicator.Allreduce(value, op: .sum) / Double(communicator.size)
    }
}

/// Statistics of a run, from the measurements of all ranks.
public struct RunStatistics: Hashable, Sendable {
    public let ranks: Int
    public let wallSeconds: RankStatistic
    public let computeSeconds: RankStatistic
    public let communicationSeconds: RankStatistic
    public let ioSeconds: RankStatistic
    /// The number of units of work of all ranks, and their rate per second.
    public let updates: Int
    public let updatesPerSecond: Double
    public let peakMemoryBytes: RankStatistic
    /// The number of messages and bytes that all ranks sent.
    public let messages: Int
    public let bytesSent: Int

    /// Combines the measurements of all ranks. Collective.
    ///
    /// - Parameters:
    ///   - updates: The number of units of work of all ranks.
    ///   - loopSeconds: The time for this work on this rank; by default the time of computing and communicating.
    public init(
        wallSeconds: Double, computeSeconds: Double, communicationSeconds: Double = 0, ioSeconds: Double, updates: Int,
        loopSeconds: Double? = nil, messages: Int = 0, bytesSent: Int = 0, over world: Communicator
    ) throws(MPIError) {
        ranks = world.size
        self.wallSeconds = try RankStatistic(wallSeconds, over: world)
        self.computeSeconds = try RankStatistic(computeSeconds, over: world)
        self.communicationSeconds = try RankStatistic(communicationSeconds, over: world)
        self.ioSeconds = try RankStatistic(ioSeconds, over: world)
        self.updates = updates
        let loop = try world.Allreduce(loopSeconds ?? computeSeconds + communicationSeconds, op: .max)
        updatesPerSecond = loop > 0 ? Double(updates) / loop : 0
        peakMemoryBytes = try RankStatistic(Double(CommandSupport.peakMemoryBytes()), over: world)
        self.messages = try world.Allreduce(messages, op: .sum)
        self.bytesSent = try world.Allreduce(bytesSent, op: .sum)
    }
}

/// The contents of the file that `--report` writes: statistics and results of a run, to be read by scripts.
///
/// Quantities that differ between ranks are written three times: the maximum under the plain name, and the minimum and
/// the mean with the suffixes `Min` and `Mean`.
public struct RunReport<Outcome: Encodable>: Encodable {
    public let program: String
    public let ranksGrid: String?
    public let statistics: RunStatistics
    public let result: Outcome

    public init(program: String, ranksGrid: String? = nil, _ statistics: RunStatistics, result: Outcome) {
        self.program = program
        self.ranksGrid = ranksGrid
        self.statistics = statistics
        self.result = result
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: NamedKey.self)
        try container.encode(program, forKey: NamedKey("program"))
        try container.encode(suiteVersion, forKey: NamedKey("version"))
        try container.encode(statistics.ranks, forKey: NamedKey("ranks"))
        try container.encodeIfPresent(ranksGrid, forKey: NamedKey("ranksGrid"))
        for (name, statistic) in [
            ("wallSeconds", statistics.wallSeconds), ("computeSeconds", statistics.computeSeconds),
            ("communicationSeconds", statistics.communicationSeconds), ("ioSeconds", statistics.ioSeconds),
            ("peakMemoryBytes", statistics.peakMemoryBytes),
        ] {
            try container.encode(statistic.maximum, forKey: NamedKey(name))
            try container.encode(statistic.mean, forKey: NamedKey(name + "Mean"))
            try container.encode(statistic.minimum, forKey: NamedKey(name + "Min"))
        }
        try container.encode(statistics.updates, forKey: NamedKey("updates"))
        try container.encode(statistics.updatesPerSecond, forKey: NamedKey("updatesPerSecond"))
        try container.encode(statistics.messages, forKey: NamedKey("messages"))
        try container.encode(statistics.bytesSent, forKey: NamedKey("bytesSent"))
        try container.encode(result, forKey: NamedKey("result"))
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
