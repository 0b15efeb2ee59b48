import ParallelHDF5
import TestSupport
import Testing

/// The same bits on any number of ranks: all that the result file holds.
@Suite struct RankCountTests {
    @Test(
        arguments: [
            (["300000000", "--partials"], [2, 3, 4, 5, 7]),
            (["1000000", "--rule", "simpson", "--function", "sin(x)*exp(-x^2)", "--partials"], [2, 5]),
            (
                [
                    "500000", "--rule", "gauss", "--function", "exp(-abs(x))", "--from", "-inf", "--to", "inf",
                    "--partials",
                ], [3]
            ),
            (
                ["--tolerance", "1e-12", "--function", "sin(1000*x)*exp(-x)/sqrt(x)", "--to", "10", "--partials"],
                [2, 3, 4, 5, 7]
            ),
            (
                [
                    "--tolerance", "1e-8", "--function", "exp(-((x-0.7123)/1e-6)^2)", "--from", "1", "--to", "0",
                    "--partials",
                ],
                [2, 3, 5]
            ),
            (
                [
                    "--tolerance", "1e-6", "--function", "exp(-(x-1e8)^2)", "--points", "1e8", "--to", "inf",
                    "--partials",
                ], [2, 3]
            ),
        ] as [([String], [Int])]) func sameBits(arguments: [String], rankCounts: [Int]) async throws
    {
        try await withTemporaryDirectory { directory in
            for ranks in [1] + rankCounts {
                try await auc(ranks, arguments + ["--quiet", "--output", "\(ranks).h5"], in: directory)
            }
            for ranks in rankCounts {
                let same = try await run(
                    builtProgram("compare-runs"), ["results", "1.h5", "\(ranks).h5"], directory: directory)
                #expect(same.status == 0, "\(same)")
            }
        }
    }

    /// What is wrong is said alike, too: the smallest x of all.
    @Test(
        arguments: [
            (["1000000", "--function", "1/(x-1.5)"], "1/(x-1.5) is inf at x = 1.5"),
            (["1000000", "--function", "where(x > 1, sqrt(2-x), 1)"], "is nan at x = 2.00000"),
            (["1000000", "--function", "log(x)", "--rule", "simpson"], "log(x) is -inf at x = 0.0"),
            (["1048576", "--to", "4", "--function", "1/(x-2)", "--rule", "simpson"], "1/(x-2) is inf at x = 2.0"),
            (["--function", "log(1-x)", "--tolerance", "1e-8"], "log(1-x) is nan at x = 1.0"),
            (["100000", "--function", "1e308"], "too large to be summed"),
        ] as [([String], String)]) func valuesThatAreNotFinite(_ example: (arguments: [String], text: String))
        async throws
    {
        try await withTemporaryDirectory { directory in
            var lines = Set<String>()
            for ranks in [1, 3, 5] {
                let line = try await expectRefusal(
                    ranks, example.arguments, in: directory, status: 65, saying: [example.text])
                lines.insert(line ?? "")
            }
            #expect(lines.count == 1, "\(lines)")
        }
    }
}
