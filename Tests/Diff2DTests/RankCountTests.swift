import TestSupport
import Testing

/// The answer does not depend on who computes it: every dataset has the same bits on any number of ranks.
@Suite struct RankCountTests {
    /// Numbers of ranks, primes included, and how they are arranged; `nil` leaves that to the program.
    static let layouts: [(ranks: Int, grid: String?)] = [
        (2, nil), (3, nil), (4, nil), (5, nil), (7, nil), (12, nil),
        (2, "1x2"), (3, "1x3"), (5, "1x5"), (7, "1x7"), (12, "1x12"), (4, "4x1"),
        (4, "2x2"), (6, "3x2"), (12, "3x4"),
    ]

    @Test func theDefaultGrid() async throws {
        try await compare(problem(points: 299, steps: 12, every: 4), Self.layouts)
    }

    /// More ranks than rows or columns: the surplus ones have nothing to do, and nothing to add.
    @Test(arguments: [1, 2, 7, 20])
    func smallGrids(points: Int) async throws {
        try await compare(
            problem(points: points, steps: 20, every: 5),
            [(2, nil), (3, "1x3"), (5, nil), (12, "1x12"), (4, "2x2"), (12, "3x4")])
    }

    /// The whole of the default problem, on blocks that meet in a corner.
    @Test func theDefaultProblem() async throws {
        try await compare([], [(4, "2x2")])
    }

    /// However the halo travels and however deep it is: the verification compares all strategies and depths with one
    /// rank, here on grids of rows and columns that divide well and badly, also with fewer rows than the halo is deep.
    @Test(arguments: [7, 64, 299, 301])
    func everyHaloOnEveryLayout(points: Int) async throws {
        try await withTemporaryDirectory { directory in
            var hashes: Set<Substring> = []
            let layouts = [
                (1, "1x1"), (2, "2x1"), (2, "1x2"), (3, "1x3"), (4, "2x2"), (5, "5x1"), (7, "1x7"), (7, "7x1"),
            ]
            for (ranks, grid) in layouts {
                let outcome = try await diff2d(
                    ranks, problem(points: points, steps: 1, every: 1) + ["--verify", "--ranks-grid", grid],
                    in: directory)
                let line = try #require(
                    outcome.standardOutput.split(separator: "\n").first { $0.hasPrefix("field hash") })
                #expect(line.contains("in 24 ways") && line.hasSuffix("as on 1 rank  ok"), "\(grid): \(line)")
                hashes.insert(line.split(separator: " ")[2])
            }
            #expect(hashes.count == 1, "\(hashes)")
        }
    }

    /// States are written after exactly the steps they should be, also where an exchange would be good for more.
    @Test(arguments: [3, 8, 16])
    func haloDepths(depth: Int) async throws {
        try await compare(
            problem(points: 64, steps: 37, every: 11), [(1, nil), (2, nil), (4, "2x2"), (7, "1x7")],
            ["--halo-depth", "\(depth)"])
    }

    private func compare(
        _ problem: [String], _ layouts: [(ranks: Int, grid: String?)], _ options: [String] = []
    ) async throws {
        try await withTemporaryDirectory { directory in
            let alone = summary(
                try await diff2d(1, problem + ["--halo-depth", "1", "--output", "1.h5"], in: directory))
            #expect(alone.count == 4)
            for (ranks, grid) in layouts {
                let layout = grid.map { ["--ranks-grid", $0] } ?? []
                let outcome = try await diff2d(ranks, problem + layout + options + ["--output", "n.h5"], in: directory)
                #expect(summary(outcome) == alone, "\(ranks) ranks as \(grid ?? "fastest")")
                let comparison = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "n.h5"], environment: launcherEnvironment,
                    directory: directory)
                #expect(comparison.status == 0, "\(ranks) ranks as \(grid ?? "fastest"): \(comparison)")
                #expect(comparison.standardOutput.contains("identical: 8 datasets"), "\(comparison)")
            }
        }
    }
}
