import TestSupport
import Testing

/// Wrong arguments: status 64, before anything is computed.
@Suite struct UsageErrorTests {
    @Test(
        arguments: [
            (["0"], ["points is 0"]), (["-1"], ["-1", "negative"]), (["-1e6", "--quiet"], ["-1e6", "negative"]),
            (["9007199254740993"], ["9007199254740993"]), (["many"], ["many"]), (["1.5"], ["1.5"]),
            (["1e17"], ["points is 100000000000000000"]), (["1e400"], ["1e400"]), (["_1"], ["_1"]),
            (["1__0"], ["1__0"]),
            (["x"], ["'x'"]),
            (["--function", "2*x +"], ["--function '2*x +'", "column 6"]),
            (["--function", "sine(x)"], ["column 1", "'sine'", "sin"]),
            (["--function", ""], ["column 1"]),
            (["--from", "inf", "--to", "inf"], ["the range is empty", "inf"]),
            (["--from", "-inf", "--to", "-inf", "--tolerance", "1"], ["the range is empty", "-inf"]),
            (["--from", "inf"], ["finite", "inf"]),
            (["--to", "nan"], ["--to", "nan"]), (["--to", "x"], ["--to", "'x'"]), (["--to", "1/0"], ["--to", "1/0"]),
            (["--to", "inf"], ["finite", "--tolerance"]), (["--rule", "simpson", "101"], ["even", "101"]),
            (["--rule", "guess"], ["--rule", "guess"]), (["--tolerance", "0"], ["--tolerance", "positive"]),
            (["--tolerance", "-1e-3"], ["--tolerance", "positive"]), (["--tolerance", "nan"], ["--tolerance"]),
            (["--tolerance", "1e-3", "--rule", "gauss"], ["--tolerance", "--rule"]),
            (["--points", "1"], ["--points", "--tolerance"]),
            (["--points", "1", "--rule", "gauss"], ["--points", "--tolerance"]),
            (["--points", "1,3", "--tolerance", "1"], ["--points", "3.0", "between 0.0 and 3.0"]),
            (["--points", "-1", "--tolerance", "1"], ["--points", "-1.0", "between"]),
            (["--points", "1,,2", "--tolerance", "1"], ["--points", "1,,2"]),
            (["--points", "1,x", "--tolerance", "1"], ["--points", "1,x"]),
            (["--points", "", "--tolerance", "1"], ["--points"]),
            (["--points", "nan", "--tolerance", "1"], ["--points", "nan"]),
            (["--columns", "1,2"], ["--columns", "--data"]), (["--skip", "1"], ["--skip", "--data"]),
            (["--skip-missing"], ["--skip-missing", "--data"]),
            (["--data", "f.csv", "--skip", "-1"], ["--skip is -1", "negative"]),
            (["--data", "f.csv", "--skip", "x"], ["--skip", "'x'"]),
            (["--data", "f.csv", "--columns", "1"], ["--columns", "'1'", "two"]),
            (["--data", "f.csv", "--columns", "1,2,3"], ["--columns", "two"]),
            (["--data", "f.csv", "--columns", "1,"], ["--columns", "two"]),
            (["--data", "f.csv", "--columns", "0,1"], ["--columns", "column 0", "counted from 1"]),
            (["--data", "f.csv", "--columns", "-1,2"], ["--columns", "column -1", "counted from 1"]),
            (["--data", "f.csv", "--points", "1"], ["--data", "--points"]),
            (["--x", "t"], ["--x", "--data"]),
            (["--data", "f.h5", "--to", "3"], ["--data", "--to"]), (["--data", "f.h5", "100"], ["--data", "points"]),
            (["--data", "f.h5", "--x", "t"], ["--x", "--y"]),
            (["--data", "f.h5", "--rule", "left"], ["left", "trapezoid"]),
            (["--data", "no.h5"], ["no.h5", "No such file"]), (["--data", "."], ["."]),
        ] as [([String], [String])]) func arguments(_ example: (arguments: [String], texts: [String])) async throws
    {
        try await withTemporaryDirectory { directory in
            _ = try await expectRefusal(1, example.arguments, in: directory, status: 64, saying: example.texts)
        }
    }

    @Test func onAllRanks() async throws {
        try await withTemporaryDirectory { directory in
            try await expectRefusal(3, ["--function", "2*x +"], in: directory, status: 64, saying: ["column 6"])
            try await expectRefusal(3, ["--data", "no.h5"], in: directory, status: 64, saying: ["No such file"])
        }
    }

    /// An area that is not as good as was asked for: said, and no file.
    @Test(arguments: [
        ["--function", "1/x", "--to", "1", "--tolerance", "1e-6"],
        ["--function", "sin(1000*x)", "--tolerance", "1e-10", "1000"],
        ["--function", "1/abs(x-0.3)^0.9", "--tolerance", "1e-10", "1000000"],
    ]) func tolerancesThatAreNotReached(arguments: [String]) async throws {
        try await withTemporaryDirectory { directory in
            _ = try await expectRefusal(2, arguments, in: directory, status: 1, saying: ["tolerance", "not reached"])
        }
    }

    @Test(arguments: [1, 3]) func aMissingDirectoryIsRefused(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await expectRefusal(
                ranks, ["1000", "--output", "/no/such/directory/auc.h5"], in: directory, status: 73,
                saying: ["/no/such"])
            try await expectRefusal(
                ranks, ["1000", "--report", "/no/such/report.json"], in: directory, status: 73, saying: ["/no/such"])
        }
    }
}
