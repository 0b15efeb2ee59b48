/// What a Python script of `Tests/Oracles` prints, line by line. It fails where it disagrees.
public func oracleLines(_ script: String, _ arguments: [String] = []) async throws -> [String] {
    let outcome = try await run(python, ["\(packageDirectory)/Tests/Oracles/\(script)"] + arguments)
    guard outcome.status == 0 else { throw OracleFailure(description: "\(script): \(outcome)") }
    return outcome.standardOutput.split(separator: "\n").map(String.init)
}

struct OracleFailure: Error, CustomStringConvertible {
    let description: String
}

extension Double {
    /// Equal in every bit; all NaNs count as one.
    public func isIdentical(to other: Double) -> Bool { isNaN ? other.isNaN : bitPattern == other.bitPattern }
}
