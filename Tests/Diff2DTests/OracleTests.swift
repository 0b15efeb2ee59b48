import TestSupport
import Testing

/// Results against what Python knows about them without diff2d.
@Suite struct OracleTests {
    /// Every state is the closed-form solution of the difference equations.
    @Test(arguments: [
        (ranks: 1, ["1.0", "-10", "10", "15", "0.232", "1.5"]), (ranks: 3, ["0.7", "-3", "5", "2.5", "0.17", "0.3"]),
        (ranks: 4, ["0.7", "-3", "5", "2.5", "0.17", "0.3"]),
        (ranks: 6, ["12.5", "100", "101", "0.01", "0.0123", "0.001"]),
    ])
    func sineTransform(ranks: Int, values: [String]) async throws {
        try await withTemporaryDirectory { directory in
            let names = ["--diffusion", "--x1", "--x2", "--runtime", "--dx", "--outtime"]
            try await diff2d(ranks, zip(names, values).flatMap { [$0, $1] }, in: directory)
            _ = try await oracleLines("sine_transform.py", ["\(directory)/diff2d.h5"] + values)
        }
    }

    /// Mass, minimum, maximum and L2 are those of the density beside them, every bit.
    @Test(arguments: [1, 3, 4])
    func diagnostics(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, problem(points: 101, steps: 500, every: 100), in: directory)
            #expect(try await oracleLines("diagnostics.py", ["\(directory)/diff2d.h5"]) == ["6 states checked"])
        }
    }

    /// The field hash can be recomputed from the last state.
    @Test(arguments: [1, 3, 4])
    func fieldHash(ranks: Int) async throws {
        try await withTemporaryDirectory { directory in
            try await diff2d(ranks, problem(points: 53, steps: 100, every: 50), in: directory)
            let file = "\(directory)/diff2d.h5"
            let recomputed = try await oracleLines("positional_hash.py", ["field", file])
            #expect(try await values(["attrs['field_hash']"], of: file) == recomputed)
        }
    }
}
