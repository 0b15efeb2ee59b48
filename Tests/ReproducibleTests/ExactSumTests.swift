import Reproducible
import TestSupport
import Testing

@Suite struct ExactSumTests {
    /// Terms and the bits of their sum, known in closed form. The double after `big` is `big + 2`.
    static let closedForms: [(terms: [Double], sum: Double)] = {
        let big = 0x1p53
        let least = Double.leastNonzeroMagnitude
        let largest = Double.greatestFiniteMagnitude
        let halfAnUlpOfLargest = largest.ulp / 2
        return [
            // Nothing, and zeros.
            ([], 0.0),
            ([0.0], 0.0), ([-0.0], -0.0), ([-0.0, -0.0], -0.0), ([-0.0, 0.0], 0.0), ([1, -1, -0.0], 0.0),
            ([1, -1], 0.0), ([-1, 1], 0.0),
            // What rounding on the way would lose.
            ([1e308, 1e308, -1e308], 1e308), ([-1e308, -1e308, 1e308], -1e308),
            ([1e300, 1, -1e300], 1), ([1e300, 1e-300, 1, -1e300, -1], 1e-300),
            ([0.1, 0.2, -0.1, -0.2], 0.0), (Array(repeating: 0.1, count: 10), 1.0),
            ([largest, least, -largest], least), ([-largest, -least, largest], -least),
            // Subnormal numbers.
            ([least], least), ([-least], -least), ([least, least], 2 * least), ([least, -least], 0.0),
            ([Double.leastNormalMagnitude, -least], Double.leastNormalMagnitude.nextDown),
            ([Double.leastNormalMagnitude.nextDown, least], Double.leastNormalMagnitude),
            // Halfway between two doubles: to the even one.
            ([big, 1], big), ([big + 2, 1], big + 4), ([-big, -1], -big), ([-big - 2, -1], -big - 4),
            ([big, 1, least], big + 2), ([big, 1, -least], big), ([big + 2, 1, -least], big + 2),
            ([-big, -1, -least], -big - 2), ([-big, -1, least], -big), ([-big - 2, -1, least], -big - 2),
            ([1, 0x1p-53], 1), ([1, 0x1p-53, 0x1p-1074], 1 + 0x1p-52), ([1, 0x1p-53, 0x1p-1000], 1 + 0x1p-52),
            ([2 * big - 1, 0.5], 2 * big), ([2 * big - 1, 0.5, -least], 2 * big - 1),  // a carry into the next binade
            // The end of the range.
            ([largest], largest), ([-largest], -largest),
            ([largest, halfAnUlpOfLargest], .infinity), ([-largest, -halfAnUlpOfLargest], -.infinity),
            ([largest, halfAnUlpOfLargest, -least], largest), ([-largest, -halfAnUlpOfLargest, least], -largest),
            ([largest, largest], .infinity), ([-1e308, -1e308], -.infinity),
            (Array(repeating: largest, count: 1000) + Array(repeating: -largest, count: 999), largest),
            // Infinities and NaN.
            ([.infinity], .infinity), ([1, .infinity, .infinity, -1e308], .infinity),
            ([-.infinity, largest, largest], -.infinity),
            ([.infinity, -.infinity], .nan), ([.nan], .nan), ([.nan, .infinity], .nan), ([1, -.nan, 2], .nan),
        ]
    }()

    @Test(arguments: closedForms)
    func closedForm(_ example: (terms: [Double], sum: Double)) {
        for terms in [example.terms, example.terms.reversed()] {
            #expect(sum(terms).isIdentical(to: example.sum), "\(sum(terms)) instead of \(example.sum)")
        }
    }

    /// Terms of exponents all over the range, the sum of which is decided by any of them.
    static func wildTerms(_ count: Int, using random: inout SplitMix64) -> [Double] {
        (0..<count).map { _ in
            let bits = random.next()
            let term = Double(bitPattern: bits)
            return term.isFinite ? term : Double(bitPattern: bits & ~(1 << 62))
        }
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func theOrderDoesNotMatter(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let count = Int.random(in: 1...100, using: &random)
        var terms = Self.wildTerms(count, using: &random)
        if seed.isMultiple(of: 2) { terms += terms.dropLast().map { -$0 } }  // nearly everything cancels
        let expected = seed.isMultiple(of: 2) ? terms[count - 1] : sum(terms)
        for _ in 0..<10 {
            terms.shuffle(using: &random)
            #expect(sum(terms).isIdentical(to: expected))
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func sumsMerge(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let terms = Self.wildTerms(100, using: &random) + (seed.isMultiple(of: 5) ? [.infinity, -0.0] : [])
        var merged = ExactSum()
        var start = 0
        while start < terms.count {
            let end = min(terms.count, start + Int.random(in: 0...40, using: &random))
            var part = ExactSum()
            part.add(Array(terms[start..<end]).span)
            merged.add(part)
            start = end
        }
        #expect(merged.value.isIdentical(to: sum(terms)))
    }

    @Test func theSumOfNegativeZerosAndNothingMerges() {
        var merged = ExactSum()
        var negativeZero = ExactSum()
        negativeZero.add(-0.0)
        merged.add(negativeZero)
        merged.add(ExactSum())
        #expect(merged.value.isIdentical(to: -0.0))
    }

    /// Reading the value changes nothing: the sum goes on from there.
    @Test func theValueCanBeReadAtAnyTime() {
        var running = ExactSum()
        for index in 1...1000 {
            running.add(-0.1)
            running.add(Double(index))
            running.add(0.1)
            #expect(running.value == Double(index * (index + 1) / 2))
        }
    }

    /// Merging resolves carries: without, a limb would overflow after 31 times.
    @Test(arguments: [1.0, -1.0, 0x1.fffffffffffffp0, -0x1.fffffffffffffp0])
    func aSumAddedToItselfDoubles(term: Double) {
        var doubled = ExactSum()
        doubled.add(term * 0x1p-1000)
        for power in 1...62 {
            doubled.add(doubled)
            #expect(doubled.value == term * Double(sign: .plus, exponent: power - 1000, significand: 1))
        }
    }

    /// More terms than a limb has room for: its carries must have been resolved in between.
    ///
    /// Each term puts 2³² − 1 into one limb, which would overflow with the term after 2³¹ of them. Every term is added
    /// one by one, a few seconds' work for an optimized build.
    @Test(.enabled(if: isOptimized, "needs an optimized build"))
    func aLimbDoesNotOverflow() {
        let term = (0x1p53 - 1) * Double.leastNonzeroMagnitude * 0x1p32
        let count = 1 << 31 + 1 << 10
        var sum = ExactSum()
        for _ in 0..<count { sum.add(term) }
        #expect(sum.value == Double(count) * term)  // one rounding of the exact product
    }
}

private func sum(_ terms: [Double]) -> Double {
    var sum = ExactSum()
    for term in terms { sum.add(term) }
    return sum.value
}

private let isOptimized = {
    var isDebug = false
    assert(
        {
            isDebug = true; return true
        }())
    return !isDebug
}()
