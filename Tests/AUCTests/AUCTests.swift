import ParallelHDF5
import TestSupport
import Testing

@Suite struct AUCTests {
    /// The left rule of n points on [0, 3] differs from the exact 8.175 by −(f(3) − f(0))/2 · dx + O(dx²).
    @Test(arguments: [1, 2, 100, 65_536, 65_537, 1_000_003])
    func theAreaIsThatOfTheLeftRule(points: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await auc(2, ["\(points)"], in: directory)
            let area = try number("integral", in: directory + "/auc.h5")
            // Σ f(i·dx)·dx in closed form, from the sums of i, i² and i³.
            let n = Double(points)
            let dx = 3 / n
            let squares = (n - 1) * n * (2 * n - 1) / 6
            let cubes = ((n - 1) * n / 2) * ((n - 1) * n / 2)
            let expected = (0.7 * dx * dx * dx * cubes - 2 * dx * dx * squares + 4 * n) * dx
            #expect(abs(area - expected) <= 1e-12, "\(area), \(expected)")
            #expect(try number("exact", in: directory + "/auc.h5") == 8.175)
            #expect(try number("error", in: directory + "/auc.h5") == area - 8.175)
        }
    }

    /// The course's call, and what the other rules make of it.
    @Test func theDefaultCurve() async throws {
        try await withTemporaryDirectory { directory in
            let printed = try await auc(2, ["300000000"], in: directory)
            let area = try number("integral", in: directory + "/auc.h5")
            // The left rule's own error is f(0) − f(3), halved, times the spacing, and a term of the second order.
            let dx = 1e-8
            #expect(abs(area - 8.175 - (4 - 4.9) / 2 * dx) <= 2e-15 && abs(area - 8.175) <= 1.6e-8)
            for text in [
                "area        8.1749999955\n", "exact       8.175\n", "error       -4.5e-09\n", "points/s on 2 ranks",
            ] {
                #expect(printed.contains(text), "\(printed)")
            }
            for (arguments, limit) in [
                (["20", "--rule", "gauss"], 1e-14), (["300000000", "--rule", "gauss"], 1e-14),
                (["--tolerance", "1e-14"], 1e-14), (["1000", "--rule", "simpson"], 1e-14),
                (["1000000", "--rule", "midpoint"], 1e-11), (["1000000", "--rule", "trapezoid"], 1e-11),
            ] {
                try await auc(1, arguments + ["--quiet"], in: directory)
                #expect(try abs(number("error", in: directory + "/auc.h5")) <= limit, "\(arguments)")
            }
        }
    }

    /// The error that is estimated is about the one that was made.
    @Test(
        arguments: [
            ("exp(x)", "0", "1", 1.718281828459045), ("sqrt(x)", "0", "1", 2.0 / 3),
            ("abs(x-0.3)", "0", "1", 0.29),
        ] as [(String, String, String, Double)]) func errorEstimates(
            _ function: String, from: String, to: String, exact: Double
        ) async throws
    {
        try await withTemporaryDirectory { directory in
            for rule in ["left", "simpson", "gauss"] {
                for points in ["10", "100000"] {
                    try await auc(
                        1, [points, "--function", function, "--from", from, "--to", to, "--rule", rule, "--quiet"],
                        in: directory)
                    let error = try abs(number("integral", in: directory + "/auc.h5") - exact)
                    let estimate = try number("error_estimate", in: directory + "/auc.h5")
                    #expect(error <= 10 * estimate, "\(function), \(rule), \(points): \(error), estimate \(estimate)")
                    // Where the function is smooth, not by much larger either.
                    if function == "exp(x)" {
                        #expect(
                            estimate <= max(1000 * error, 1e-14), "\(rule), \(points): \(error), estimate \(estimate)")
                    }
                }
            }
        }
    }

    /// Partial results add up, and parameters are kept.
    @Test func theResultFile() async throws {
        try await withTemporaryDirectory { directory in
            try await auc(
                3, ["1000000", "--function", "sin(x)", "--to", "pi", "--partials", "--report", "r.json"], in: directory)
            let lines = try await python(
                """
                import h5py, json, math
                f = h5py.File('auc.h5'); r = json.load(open('r.json'))
                print(math.fsum(f['partial_areas']) == f['integral'][()], f['partial_areas'].shape)
                print(f.attrs['function'], f.attrs['rule'], f.attrs['from'], f.attrs['to'], f.attrs['points'])
                print(sorted(r['result']), r['result']['integral'] == f['integral'][()], r['updates'])
                """, in: directory)
            #expect(lines[0] == "True (16,)")
            #expect(
                lines[1].contains("sin(x)") && lines[1].contains("left")
                    && lines[1].hasSuffix("0.0 3.141592653589793 1000000.0"))
            #expect(lines[2] == "['error', 'errorEstimate', 'integral', 'points'] True 1000000")
            try await auc(
                2, ["--function", "exp(-x)", "--to", "inf", "--tolerance", "1e-10", "--partials"], in: directory)
            let panels = try await python(
                """
                import h5py, math
                f = h5py.File('auc.h5')
                print(math.fsum(f['partial_areas']) == f['integral'][()], f['panel_from'][0], f['panel_to'][-1])
                enough = math.fsum(f['partial_errors']) >= f['error_estimate'][()] * 0.999
                print(max(abs(f['panel_from'][1:] - f['panel_to'][:-1])), enough)
                """, in: directory)
            #expect(panels == ["True 0.0 inf", "0.0 True"])
        }
    }

    /// A number of points as people write it.
    @Test(arguments: ["1000000", "1e6", "1_000_000", "1E6", "1.0e6", "10^6", "1000*1000"])
    func counts(points: String) async throws {
        try await withTemporaryDirectory { directory in
            let printed = try await auc(1, [points], in: directory)
            #expect(printed.contains("points      1000000\n"), "\(printed)")
        }
    }

    /// From above to below the area is minus that from below to above, to the last bit.
    @Test(arguments: [["1000"], ["1000", "--rule", "gauss"], ["--tolerance", "1e-10"]])
    func theDirectionOfTheRange(arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let common = arguments + ["--function", "exp(x)*x", "--quiet", "--partials"]
            try await auc(2, common + ["--from", "1", "--to", "4", "--output", "up.h5"], in: directory)
            try await auc(2, common + ["--from", "4", "--to", "1", "--output", "down.h5"], in: directory)
            let (up, down) = (
                try number("integral", in: directory + "/up.h5"), try number("integral", in: directory + "/down.h5")
            )
            #expect(down == -up && up > 100)
            let lines = try await python(
                """
                import h5py, math
                f = h5py.File('down.h5')
                print(math.fsum(f['partial_areas']) == f['integral'][()], f.attrs['from'], f.attrs['to'])
                """, in: directory)
            #expect(lines == ["True 4.0 1.0"])
            try await auc(1, ["100", "--from", "3", "--to", "0", "--quiet"], in: directory)
            #expect(try number("exact", in: directory + "/auc.h5") == -8.175)
        }
    }

    @Test(arguments: [
        ["--from", "3"], ["--from", "2", "--to", "2", "--tolerance", "1e-6"], ["--to", "0", "10", "--rule", "gauss"],
    ])
    func equalLimits(arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            try await auc(2, arguments + ["--function", "1/x", "--quiet"], in: directory)
            #expect(try number("integral", in: directory + "/auc.h5") == 0)
            #expect(try number("error_estimate", in: directory + "/auc.h5") == 0)
        }
    }

    /// The report's integrals: the right area by --tolerance, and an honest estimate by rules whose points miss the
    /// peak.
    @Test(
        arguments: [
            ("exp(-x^2)", "-1e4", "1e4"), ("exp(-x^2)", "-1e5", "1e5"), ("exp(-(x-1000)^2)", "-inf", "inf"),
            ("1e4*exp(-((x-2.3456)/1e-4)^2)", "0", "10"),
        ] as [(String, String, String)]) func narrowPeaks(_ function: String, from: String, to: String) async throws
    {
        try await withTemporaryDirectory { directory in
            let common = ["--function", function, "--from", from, "--to", to, "--quiet"]
            try await auc(2, common + ["--tolerance", "1e-10"], in: directory)
            #expect(try abs(number("integral", in: directory + "/auc.h5") - 1.7724538509055159) <= 1e-10)
            #expect(try number("error_estimate", in: directory + "/auc.h5") <= 1e-10)
            for rule in from == "-inf" ? ["gauss"] : ["left", "midpoint", "simpson", "gauss"] {
                try await auc(2, ["102"] + common + ["--rule", rule], in: directory)
                let error = try abs(number("integral", in: directory + "/auc.h5") - 1.7724538509055159)
                let estimate = try number("error_estimate", in: directory + "/auc.h5")
                #expect(error > 1e-3 && error <= 1.0001 * estimate, "\(rule): \(error), \(estimate)")
            }
        }
    }

    /// An error that nothing is known of is not estimated.
    @Test func unknownErrors() async throws {
        try await withTemporaryDirectory { directory in
            let nothing = ["--function", "exp(-(x-1e5)^2)", "--from", "-1e12", "--to", "1e12"]
            try await expectRefusal(
                2, nothing + ["--tolerance", "1e-3"], in: directory, status: 1,
                saying: ["the error is not known", "--points"])
            let printed = try await auc(
                2, ["1000", "--rule", "midpoint", "--report", "r.json"] + nothing, in: directory)
            #expect(printed.contains("area        0\n") && printed.contains("the error is not known\n"), "\(printed)")
            let lines = try await python(
                "import h5py, json; print(list(h5py.File('auc.h5')), sorted(json.load(open('r.json'))['result']))",
                in: directory)
            #expect(lines == ["['integral'] ['integral', 'points']"])
            // Where the rule sees what the search for the error does not, or the other way round.
            let hole = try await auc(
                1, ["10", "--function", "where(abs(x-0.7) < 1e-3, 0/0, x)", "--to", "1", "--rule", "midpoint"],
                in: directory)
            #expect(hole.contains("the error is not known"), "\(hole)")
            try await auc(2, ["--points", "1e5", "--tolerance", "1e-6", "--quiet"] + nothing, in: directory)
            #expect(try abs(number("integral", in: directory + "/auc.h5") - 1.7724538509055159) <= 1e-6)
            // Zero is the area where the function is known to be zero.
            for function in ["0", "0*x", "x - x"] {
                try await auc(1, ["--function", function, "--tolerance", "1e-10", "--quiet"], in: directory)
                #expect(try number("error_estimate", in: directory + "/auc.h5") == 0)
            }
        }
    }
}
