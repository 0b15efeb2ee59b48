public import SwiftMPI

/// A hash of a long sequence of doubles and their positions, to which parts of the sequence can be added in any order.
///
/// Two sequences have equal hashes if their bits are equal at every position. If any bit differs, their hashes differ,
/// except with a probability of about 2⁻⁶⁰. Each rank of a job hashes its own elements; the sum is the hash of the
/// whole sequence, independent of the decomposition.
///
/// Method: a polynomial over the field of the integers modulo 2⁶¹ − 1. The bits of element *k* are the two words *w*₂ₖ
/// (low half) and *w*₂ₖ₊₁; the hash is Σ *wᵢ* · *b*ⁱ with a fixed base *b*.
public struct PositionalHash: Hashable, Sendable {
    /// The hash so far, less than `modulus`.
    private var value: UInt64 = 0

    private static let modulus: UInt64 = (1 << 61) - 1
    private static let base: UInt64 = 0x1E37_79B9_7F4A_7C15

    /// Creates the hash of an empty sequence.
    public init() {}

    /// Adds consecutive elements.
    ///
    /// - Parameters:
    ///   - elements: The elements; may be empty.
    ///   - position: The position of the first element in the whole sequence, counted from 0.
    public mutating func add(_ elements: Span<Double>, at position: Int) {
        // Horner's method, from the last word to the first.
        var sum: UInt64 = 0
        for index in elements.indices.reversed() {
            let bits = elements[index].bitPattern
            sum = Self.multiplied(sum, by: Self.base) &+ bits >> 32
            sum = Self.multiplied(Self.reduced(sum), by: Self.base) &+ bits & 0xFFFF_FFFF
            sum = Self.reduced(sum)
        }
        add(Self.multiplied(sum, by: Self.power(2 * position)))
    }

    /// Replaces this hash by the hash of all ranks' elements, on every rank. Collective.
    ///
    /// MPI: one `MPI_Allreduce` of integers, MPI-3.1 §5.9.6.
    public mutating func allreduce(over communicator: Communicator) throws(MPIError) {
        // The sums of the two halves cannot overflow for any number of ranks.
        var halves = [value & 0xFFFF_FFFF, value >> 32]
        try communicator.Allreduce(inPlace: &halves, op: .sum)
        value = Self.multiplied(halves[1] % Self.modulus, by: 1 << 32)
        add(halves[0] % Self.modulus)
    }

    /// The hash as 16 hexadecimal digits.
    public var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private mutating func add(_ term: UInt64) { value = Self.reduced(value + term) }

    /// Returns `x` modulo 2⁶¹ − 1 for any `x`.
    private static func reduced(_ x: UInt64) -> UInt64 {
        let folded = x & modulus &+ x >> 61
        return folded >= modulus ? folded - modulus : folded
    }

    private static func multiplied(_ x: UInt64, by y: UInt64) -> UInt64 {
        let (high, low) = x.multipliedFullWidth(by: y)
        return reduced((high << 3 | low >> 61) &+ low & modulus)
    }

    private static func power(_ exponent: Int) -> UInt64 {
        var result: UInt64 = 1
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = multiplied(result, by: square) }
            square = multiplied(square, by: square)
            rest >>= 1
        }
        return result
    }
}
