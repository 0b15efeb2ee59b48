import Reproducible
import TestSupport
import Testing

/// Python's integers have no end: they add doubles exactly, and its division of integers rounds once.
@Suite struct ExactSumOracleTests {
    @Test(arguments: ["wild", "cancelling", "ties", "subnormal", "overflow"])
    func agreesWithPython(kind: String) async throws {
        let lines = try await oracleLines("exact_sum.py", [kind, "1000"])
        #expect(lines.count == 1000)
        for line in lines {
            let numbers = line.split(separator: " ").map { Double(bitPattern: UInt64($0, radix: 16)!) }
            var sum = ExactSum()
            sum.add(Array(numbers.dropFirst()).span)
            #expect(sum.value.isIdentical(to: numbers[0]), "\(sum.value) instead of \(numbers[0]): \(line)")
        }
    }
}
