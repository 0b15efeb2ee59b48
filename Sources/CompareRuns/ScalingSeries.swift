import FoundationEssentials
private import Glibc
import ParallelHDF5
import SwiftMPI
import SystemSupport

/// The runs of a scaling measurement, one after the other.
struct ScalingSeries: Sendable {
    let command: CommandUnderTest
    let launcher: Launcher
    let ranks: [Int]
    let mode: ScalingMode
    /// The number of runs on each number of ranks.
    let runs: Int
    /// The key of the number in a report that is taken for the time.
    let timeKey: String
    let scratch: String

    /// Runs the whole series. The numbers of ranks take turns, so that a slowdown of the machine affects all of them.
    ///
    /// - Throws: ``UserError`` of status 2 if a run fails, of status 73 if no files can be written.
    func run() async throws -> ScalingResult {
        let directory = try RunDirectory(in: scratch)
        defer { directory.remove() }
        var result = ScalingResult(
            mode: mode,
            points: ranks.map { ScalingPoint(ranks: $0, isOversubscribed: $0 > Launcher.processors) })
        let isWatched = isatty(STDERR_FILENO) != 0
        defer { if isWatched { writeToStandardError("\r\u{1B}[K") } }
        for run in 0..<runs {
            for index in ranks.indices {
                if isWatched {
                    let number = run * ranks.count + index + 1
                    writeToStandardError(
                        "\r\u{1B}[Krun \(number) of \(runs * ranks.count): \(ranks[index]) ranks")
                }
                try await measure(&result.points[index], isFirst: run == 0 && index == 0, in: directory.path)
            }
        }
        return result
    }

    private func measure(_ point: inout ScalingPoint, isFirst: Bool, in directory: String) async throws {
        let report = directory + "/report.json"
        let output = directory + "/output.h5"
        let reference = mode == .strong ? directory + "/reference.h5" : directory + "/reference-\(point.ranks).h5"
        let seconds = try await launcher.run(
            command.arguments(ranks: point.ranks, report: report, output: output), named: command.text,
            ranks: point.ranks)
        point.seconds.append(command.hasReport ? try number(timeKey, ofReport: report) : seconds)
        unlink(report)
        guard command.hasOutput else { return }
        guard access(output, R_OK) == 0 else {
            throw UserError(
                "\(command.text) wrote no result on \(counted(point.ranks, "rank"))",
                exitStatus: Verdict.notComparable.exitStatus)
        }
        if access(reference, F_OK) != 0 {
            guard rename(output, reference) == 0 else {
                let reason = systemError()
                throw UserError("cannot write \(reference): \(reason)", exitStatus: ExitStatus.ioError)
            }
            // In strong scaling, all results are compared with the first. In weak scaling, the first result on a number
            // of ranks has nothing to be compared with.
            if isFirst && mode == .strong { point.verdict = .identical }
            return
        }
        let (verdict, difference) = try compare(reference, output)
        unlink(output)
        if verdict > point.verdict ?? .identical || point.verdict == nil {
            point.verdict = verdict
            point.difference = difference
        }
    }

    /// Compares two results bit for bit: the datasets of HDF5 files, or all bytes of other files.
    private func compare(_ a: String, _ b: String) throws -> (Verdict, String?) {
        if HDF5File.isHDF5(a) && HDF5File.isHDF5(b) {
            let comparison = try withStatus(Verdict.notComparable.exitStatus) {
                try FileComparison(a, b, tolerances: Tolerances())
            }
            let worst = comparison.datasets.filter { $0.verdict > .identical }.max { $0.verdict < $1.verdict }
            return (comparison.verdict, worst.map { "\($0.path) \($0.resultText.prefix { $0 != ";" })" })
        }
        let isSame = try withStatus(Verdict.notComparable.exitStatus) {
            try Data(contentsOf: URL(filePath: a)) == Data(contentsOf: URL(filePath: b))
        }
        return isSame ? (.identical, nil) : (.different, "other bytes")
    }
}
