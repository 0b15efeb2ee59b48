/// The exact sum of any number of doubles, rounded once.
///
/// An ordinary floating-point sum depends on the order of its terms, so a parallel sum depends on the number of ranks.
/// An exact sum does not: it is the real sum of all terms, rounded to the nearest double (ties to even) when it is
/// read. Intermediate overflow cannot happen: `1e308 + 1e308 - 1e308` is `1e308`.
///
/// Special values behave as in a single ordinary addition of all terms. The sum is NaN if a term is NaN or if there are
/// infinities of both signs; infinities of one sign make it that infinity. A sum in which every term is −0 is −0, and
/// the empty sum is +0.
///
/// Method: a superaccumulator, a fixed-point number wide enough for every double, after Kulisch, *Computer Arithmetic
/// and Validity* (2013), §8.4, in the carry-save form of Neal, *Fast exact summation using small and large
/// superaccumulators* (arXiv:1505.05571): 64-bit limbs that represent 32 bits each, so that carries need to be resolved
/// only once in very many additions.
public struct ExactSum: Sendable {
    /// The limbs, of which limb `i` counts in units of 2^(32·i − 1074), followed by the five tallies of `Tally`.
    ///
    /// All of them are integers that merge by addition, so that a reduction is a single sum of integers.
    @usableFromInline var words: InlineArray<73, Int64>
    /// The number of terms that can be added before a limb could overflow.
    @usableFromInline var roomForTerms: Int

    /// The number of limbs: 66 for every finite double, and two more for the carries of 2⁶³ terms.
    @usableFromInline static var limbs: Int { 68 }

    /// The positions of the tallies after the limbs. Infinities, NaNs and negative zeros are counted separately from
    /// other terms.
    @usableFromInline
    enum Tally {
        @usableFromInline static var positiveInfinities: Int { 68 }
        @usableFromInline static var negativeInfinities: Int { 69 }
        @usableFromInline static var notANumbers: Int { 70 }
        @usableFromInline static var negativeZeros: Int { 71 }
        @usableFromInline static var others: Int { 72 }
    }

    /// The number of terms between two resolutions of carries. A term adds less than 2³² to a limb, so 2³⁰ terms and a
    /// resolved limb stay below 2⁶³.
    @usableFromInline static var termsBetweenCarries: Int { 1 << 30 }

    /// Creates the empty sum.
    @inlinable
    public init() {
        words = InlineArray(repeating: 0)
        roomForTerms = Self.termsBetweenCarries
    }

    /// Adds one term.
    ///
    /// - Complexity: O(1); three integer additions for an ordinary term.
    @inlinable
    public mutating func add(_ term: Double) {
        let exponent = Int(truncatingIfNeeded: (term.bitPattern >> 52) & 0x7FF)
        let fraction = term.bitPattern & 0xF_FFFF_FFFF_FFFF
        if exponent == 0x7FF || term.bitPattern << 1 == 0 { return tally(term) }
        if roomForTerms == 0 { resolveCarries() }
        roomForTerms -= 1
        words[Tally.others] &+= 1

        // |term| = significand · 2^(shift − 1074). A subnormal has the scale of the smallest normal number but no
        // implicit bit.
        let isNormal = exponent != 0
        let significand = fraction | (isNormal ? 1 << 52 : 0)
        let shift = isNormal ? exponent - 1 : 0
        let limb = shift >> 5
        let offset = UInt64(truncatingIfNeeded: shift & 31)
        let low = significand &<< offset
        let high = (significand >> 1) &>> (63 - offset)  // in two steps: an offset of 0 would shift by 64
        let sign: Int64 = term.bitPattern >> 63 == 0 ? 1 : -1
        words[limb] &+= sign &* Int64(truncatingIfNeeded: low & 0xFFFF_FFFF)
        words[limb + 1] &+= sign &* Int64(truncatingIfNeeded: low >> 32)
        words[limb + 2] &+= sign &* Int64(truncatingIfNeeded: high)
    }

    /// Adds every term of a buffer.
    @inlinable
    public mutating func add(_ terms: Span<Double>) {
        for index in terms.indices { add(terms[unchecked: index]) }
    }

    /// Adds all terms of another sum.
    public mutating func add(_ other: ExactSum) {
        var other = other
        other.resolveCarries()
        resolveCarries()
        for index in words.indices { words[index] += other.words[index] }
        resolveCarries()
    }

    /// Counts a zero, an infinity or a NaN.
    @usableFromInline
    mutating func tally(_ term: Double) {
        let index =
            if term.isNaN {
                Tally.notANumbers
            } else if term.isInfinite {
                term > 0 ? Tally.positiveInfinities : Tally.negativeInfinities
            } else {
                term.sign == .minus ? Tally.negativeZeros : Tally.others
            }
        words[index] += 1
    }

    /// Normalizes every limb to 0..<2³² except the last one, which carries the sign.
    @usableFromInline
    mutating func resolveCarries() {
        var carry: Int64 = 0
        for index in 0..<Self.limbs - 1 {
            let limb = words[index] + carry
            words[index] = limb & 0xFFFF_FFFF
            carry = limb >> 32
        }
        words[Self.limbs - 1] += carry
        roomForTerms = Self.termsBetweenCarries
    }
}

extension ExactSum {
    /// The sum, rounded to nearest, ties to even; infinite if it is beyond the largest double.
    public var value: Double {
        if words[Tally.notANumbers] > 0 { return .nan }
        switch (words[Tally.positiveInfinities] > 0, words[Tally.negativeInfinities] > 0) {
        case (true, true): return .nan
        case (true, false): return .infinity
        case (false, true): return -.infinity
        case (false, false): break
        }

        var magnitude = self
        magnitude.resolveCarries()
        let isNegative = magnitude.words[Self.limbs - 1] < 0
        if isNegative {
            for index in 0..<Self.limbs { magnitude.words[index].negate() }
            magnitude.resolveCarries()
        }
        guard let top = (0..<Self.limbs).last(where: { magnitude.words[$0] != 0 }) else {
            return words[Tally.negativeZeros] > 0 && words[Tally.others] == 0 ? -0.0 : 0.0
        }
        return isNegative ? -magnitude.rounded(top: top) : magnitude.rounded(top: top)
    }

    /// Returns the rounded value of a positive sum with resolved carries, whose highest nonzero limb is `top`.
    private func rounded(top: Int) -> Double {
        // The bits that a double can hold start at the leading bit and end 52 bits below it, but not below 2^-1074, the
        // lowest bit of any double. Bits are counted from that lowest bit.
        func limb(_ index: Int) -> UInt64 { index < Self.limbs ? UInt64(words[index]) : 0 }
        let leadingBit = 32 * top + (63 - limb(top).leadingZeroBitCount)
        let lowestKept = max(0, leadingBit - 52)

        let first = lowestKept / 32
        let offset = UInt64(lowestKept % 32)
        var significand = limb(first) >> offset | limb(first + 1) << (32 - offset) | limb(first + 2) << (64 - offset)
        significand &= (1 << 53) - 1

        if lowestKept > 0 {
            let halfBit = lowestKept - 1
            let half = limb(halfBit / 32) >> UInt64(halfBit % 32) & 1 == 1
            let below =
                limb(halfBit / 32) & ((1 << UInt64(halfBit % 32)) - 1) != 0
                || (0..<halfBit / 32).contains { words[$0] != 0 }
            if half && (below || significand & 1 == 1) { significand += 1 }
        }
        // This is exact: the significand has at most 53 bits, and the product with a power of two can only overflow.
        return Double(sign: .plus, exponent: lowestKept - 1074, significand: Double(significand))
    }
}
