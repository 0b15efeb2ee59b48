import Reproducible
import TestSupport
import Testing

@Suite struct PositionalHashTests {
    static let values = (0..<1013).map { Double($0 * $0) / 7 - 100 }

    private func hash(_ elements: [Double], at position: Int = 0) -> PositionalHash {
        var hash = PositionalHash()
        hash.add(elements.span, at: position)
        return hash
    }

    @Test(arguments: [1, 2, 7, 100, 1013])
    func piecesInAnyOrderHaveTheHashOfTheWhole(size: Int) {
        var random = SplitMix64(state: UInt64(size))
        var starts = Array(stride(from: 0, to: Self.values.count, by: size))
        starts.shuffle(using: &random)
        var pieces = PositionalHash()
        for start in starts {
            pieces.add(Array(Self.values[start..<min(start + size, Self.values.count)]).span, at: start)
        }
        #expect(pieces == hash(Self.values))
    }

    @Test func nothingHashesToNothing() {
        #expect(hash([]) == PositionalHash())
        #expect(hash([], at: 5) == PositionalHash())
        #expect(PositionalHash().hexadecimal == "0000000000000000")
    }

    @Test func thePlaceCounts() {
        #expect(hash([1, 2]) != hash([2, 1]))
        #expect(Set((0..<1000).map { hash([1], at: $0) }).count == 1000)
        #expect(Set((0..<59).map { hash([1], at: 1 << $0) }).count == 59)
    }

    /// Each of the 64 bits of an element, wherever it is; the sign of a zero is one of them.
    @Test(arguments: [0, 1, 500, 1012])
    func everyBitCounts(place: Int) {
        let hashes = (0..<64).map { bit in
            var values = Self.values
            values[place] = Double(bitPattern: values[place].bitPattern ^ 1 << UInt64(bit))
            return hash(values)
        }
        #expect(Set(hashes + [hash(Self.values)]).count == 65)
        #expect(hash([0.0], at: place) != hash([-0.0], at: place))
    }

    @Test func itIsSixteenDigits() {
        for place in 0..<1000 {
            let text = hash([1], at: place).hexadecimal
            #expect(text.utf8.count == 16 && text.allSatisfy { "0123456789abcdef".contains($0) }, "\(text)")
        }
    }

    /// An independent implementation: Python's integers and its `pow` with a modulus.
    @Test(arguments: [
        (0, [1.0]), (0, [0.0, -0.0, .infinity, -.infinity, Double(bitPattern: .max)]), (17, values),
        (0, [Double](repeating: Double(bitPattern: .max), count: 100)), (1 << 40, values), (1 << 61 - 1, [1, 2, 3]),
    ])
    func agreesWithPython(position: Int, elements: [Double]) async throws {
        let words = elements.map { String($0.bitPattern, radix: 16) }
        let lines = try await oracleLines("positional_hash.py", ["words", String(position)] + words)
        #expect(lines == [hash(elements, at: position).hexadecimal])
    }
}
