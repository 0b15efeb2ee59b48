import TestSupport
import Testing

/// The default problem against the values that are known of it.
@Suite struct ReferenceTests {
    @Test(arguments: [1, 2, 3])
    func theShippedParameterFile(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, ["\(packageDirectory)/params/diff2dparams.py"], in: directory)
            let file = "\(directory)/diff2d.h5"
            #expect(
                try await values(["density.shape", "len(time)", "int(attrs['steps'])"], of: file)
                    == ["(31, 299, 299)", "31", "13410"])
            let numbers = try await values(
                ["density[30,149,149]", "mass[30]", "time[30] - 13410 * attrs['dt']", "attrs['dt']"], of: file
            ).compactMap { Double($0) }
            try #require(numbers.count == 4)
            #expect(abs(numbers[0] - 0.2014852999882) <= 1e-12)
            #expect(abs(numbers[1] / 36.01130389039 - 1) <= 1e-11)
            #expect(numbers[2] == 0)
            #expect(numbers[3] == 0.25 * (20.0 / 299) * (20.0 / 299))
        }
    }

    /// Without a parameter file the same problem is solved.
    @Test func theParametersHaveDefaults() async throws {
        try await withTemporaryDirectory { directory in
            let fromFile = try await diff2d(
                2, ["\(packageDirectory)/params/diff2dparams.py", "--no-output", "--runtime", "1"], in: directory)
            let byDefault = try await diff2d(2, ["--no-output", "--runtime", "1"], in: directory)
            #expect(summary(fromFile) == summary(byDefault))
        }
    }
}

/// What a run prints of its result, without what it prints of itself.
func summary(_ outcome: Outcome) -> [Substring] {
    let names = ["time ", "mass ", "density ", "field hash "]
    return outcome.standardOutput.split(separator: "\n").filter { line in names.contains { line.hasPrefix($0) } }
}
