import FoundationEssentials
import TestSupport
import Testing

/// The keys of a report; decoding fails where one is missing.
private struct Report: Decodable {
    var program, version, ranksGrid: String
    var ranks, updates, messages, bytesSent: Int
    var updatesPerSecond: Double
    var wallSeconds, wallSecondsMean, wallSecondsMin: Double
    var computeSeconds, computeSecondsMean, computeSecondsMin: Double
    var communicationSeconds, communicationSecondsMean, communicationSecondsMin: Double
    var ioSeconds, ioSecondsMean, ioSecondsMin: Double
    var peakMemoryBytes, peakMemoryBytesMean, peakMemoryBytesMin: Double
    var result: Result

    struct Result: Decodable {
        var fieldHash, halo: String
        var haloDepth: Int
        var mass, effectiveBytesPerSecond, copyBytesPerSecond, loadImbalance: Double
    }

    init(_ path: String) throws {
        self = try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: path)))
    }
}

@Suite struct ReportTests {
    @Test(arguments: [(1, "1x1", 0), (2, "2x1", 2), (3, "1x3", 4), (4, "2x2", 8)], [1, 8])
    func itTellsHowTheRunWent(layout: (ranks: Int, grid: String, neighbors: Int), haloDepth: Int) async throws {
        let (ranks, grid, neighbors) = layout
        try await withTemporaryDirectory { directory in
            let (points, steps) = (60, 200)
            try await diff2d(
                ranks,
                problem(points: points, steps: steps, every: 50)
                    + ["--ranks-grid", grid, "--halo-depth", "\(haloDepth)", "--report", "report.json"],
                in: directory)
            #expect(try listing(directory) == ["diff2d.h5", "report.json"])
            let report = try Report("\(directory)/report.json")
            #expect((report.program, report.ranks, report.ranksGrid) == ("diff2d", ranks, grid))
            #expect(
                try await run(builtProgram("diff2d"), ["--version"], environment: launcherEnvironment)
                    .standardOutput == "\(report.version)\n")
            #expect(report.updates == points * points * steps)
            // 50 steps to each output: the last exchange before it is for fewer than the halo is deep.
            let exchanges = steps / 50 * ((50 + haloDepth - 1) / haloDepth)
            #expect(report.messages == neighbors * exchanges)
            let edge = grid == "2x2" ? points / 2 : points
            let least = neighbors * exchanges * haloDepth * edge * 8
            // Rows travel with their halo, and with what fills them up to whole vectors.
            let most = neighbors * exchanges * haloDepth * (edge + 2 * haloDepth + 24) * 8
            #expect(least <= report.bytesSent && report.bytesSent <= most)

            for (least, mean, most) in [
                (report.wallSecondsMin, report.wallSecondsMean, report.wallSeconds),
                (report.computeSecondsMin, report.computeSecondsMean, report.computeSeconds),
                (report.communicationSecondsMin, report.communicationSecondsMean, report.communicationSeconds),
                (report.ioSecondsMin, report.ioSecondsMean, report.ioSeconds),
                (report.peakMemoryBytesMin, report.peakMemoryBytesMean, report.peakMemoryBytes),
            ] {
                #expect(0 <= least && least <= mean * (1 + 1e-15) && mean <= most * (1 + 1e-15))
            }
            #expect(report.computeSecondsMin > 0 && report.ioSecondsMin > 0 && report.peakMemoryBytesMin > 1e6)
            #expect(report.computeSeconds + report.communicationSecondsMin <= report.wallSeconds * 1.01)
            #expect(report.updatesPerSecond > 0 && report.updatesPerSecond.isFinite)
            #expect(report.updatesPerSecond <= Double(report.updates) / report.computeSeconds * (1 + 1e-12))

            #expect(report.result.haloDepth == haloDepth && report.result.halo == "shared")
            #expect(report.result.effectiveBytesPerSecond == 16 * report.updatesPerSecond)
            #expect(report.result.copyBytesPerSecond > 1e8 && report.result.loadImbalance >= 0)

            let file = try await values(["attrs['field_hash']", "mass[-1]"], of: "\(directory)/diff2d.h5")
            #expect(file[0] == report.result.fieldHash)
            #expect(Double(file[1]) == report.result.mass)
        }
    }

    @Test func itNeedsNoResultFile() async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(2, ["--no-output", "--runtime", "0.1", "--report", "report.json"], in: directory)
            #expect(try listing(directory) == ["report.json"])
            #expect(try Report("\(directory)/report.json").updates == 299 * 299 * 89)
        }
    }
}
