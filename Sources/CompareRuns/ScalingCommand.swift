import ArgumentParser
import CommandSupport
import FoundationEssentials
import Glibc
import ParallelHDF5
import Plotting
import SystemSupport

/// The `compare-runs scaling` command: measures how the speed of a program depends on the number of ranks, and checks
/// that its results do not.
struct ScalingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaling",
        abstract:
            "Runs a program on several numbers of ranks: speed-up, efficiency, and whether all results are the same.",
        discussion: """
            diff2d, auc and pimc are told to write a report, which says how long a run took, and a result, which is \
            compared with that of the first run, bit for bit. Any other program is timed by the clock; where its \
            command holds {report} or {output}, these stand for such files.

            {1000000*ranks}, or any other expression of the number of ranks, stands for its value: so a problem grows \
            with the ranks for weak scaling, for example 'auc {100000000*ranks}' or \
            'diff2d --dx {0.05/sqrt(ranks)} --runtime {1/ranks} --outtime {1/ranks}'. Results are then \
            compared only between runs on as many ranks.

            Example: compare-runs scaling --ranks 1,2,4,8 --plot scaling.png -- diff2d --dx 0.02

            Exit status: 0 if all results are the same or there is nothing to compare, 1 if results differ, 2 if a run \
            fails; 64 for wrong arguments, 69 if the program, the launcher or gnuplot cannot be found, 73 or 74 if an \
            output cannot be created or written.
            """)

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Numbers of ranks.", valueName: "list"),
        transform: reading("a list of whole numbers from 1 up, such as 1,2,4") { RankCounts($0) })
    var ranks: RankCounts
    @Option(help: ArgumentHelp("Whether the problem stays the same or grows with the ranks.", valueName: "strong|weak"))
    var mode = ScalingMode.strong
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Runs on each number of ranks; their median counts.", valueName: "count"))
    var `repeat` = 3
    @Option(help: ArgumentHelp("What starts the ranks: mpiexec or srun, with options.", valueName: "command"))
    var launcher = "mpiexec"
    @Option(help: ArgumentHelp("The number of the report to take for the time.", valueName: "key"))
    var time = "wallSeconds"
    @Option(help: ArgumentHelp("Where the runs write, seen by all nodes; nothing stays there.", valueName: "directory"))
    var scratch = "."
    @Option(help: ArgumentHelp("Write what was found as JSON.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write the table as comma-separated values.", valueName: "file"))
    var csv: String?
    @Option(help: ArgumentHelp("Draw time and speed-up as PNG, with gnuplot.", valueName: "file"))
    var plot: String?
    @OptionGroup var overwriting: OverwriteOptions
    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("After --: the program and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("there is no command after --") }
        guard `repeat` >= 1 else { throw ValidationError("--repeat is \(`repeat`), but must be at least 1") }
    }

    func run() async throws {
        let command = try CommandUnderTest(self.command)
        let launcher = try Launcher(launcher)
        try command.requireFindable(ranks: ranks.counts)
        try requireDistinct(inputs: [], outputs: [json, csv, plot].compactMap { $0 })
        let replaceableTables = overwriting.replaceable(
            .texts(of: CompareRunsCommand.name, beginningWith: ScalingResult.csvHeading))
        try json.map { try prepareTextFile($0, replacing: overwriting.replaceableReports) }
        try csv.map { try prepareTextFile($0, replacing: replaceableTables) }
        let picture = plot.map { PublishedFile($0, replacing: overwriting.replaceablePictures) }
        try picture?.prepare()
        let gnuplot = picture == nil ? nil : try await Gnuplot()
        let clock = command.hasReport ? "\(time) of the report" : "by the clock"
        let series = ScalingSeries(
            command: command, launcher: launcher, ranks: ranks.counts, mode: mode, runs: `repeat`, timeKey: time,
            scratch: scratch)
        let result = try await interruptible { try await series.run() }

        print(result.report(command, clock: clock), terminator: "")
        if let json {
            let document = ScalingDocument(result, command, clock: clock)
            try writeJSON(document, to: json, replacing: overwriting.replaceableReports)
        }
        if let csv { try writeTextFile(csv, result.csv, replacing: replaceableTables) }
        if let picture, let gnuplot {
            try await result.draw(command, clock: clock, to: picture, with: gnuplot)
        }
        throw ExitCode((result.verdict ?? .identical) == .identical ? 0 : Verdict.different.exitStatus)
    }
}

/// The value of `--ranks`: distinct numbers in ascending order.
struct RankCounts {
    var counts: [Int]

    init?(_ text: String) {
        var counts: Set<Int> = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let count = Int(word), count >= 1 else { return nil }
            counts.insert(count)
        }
        self.counts = counts.sorted()
    }
}

extension ScalingMode: ExpressibleByArgument {}
