import CommandSupport
import Glibc
import SystemSupport
import Testing

/// Numbers for people.
@Suite struct FormattingTests {
    @Test(
        arguments: [
            (0, "0.00 "), (-0.0, "0.00 "), (0.001, "0.00 "), (0.005, "0.01 "), (1, "1.00 "), (-1, "-1.00 "),
            (9.99, "9.99 "), (9.994, "9.99 "), (9.996, "10.0 "), (10, "10.0 "), (99.9, "99.9 "), (99.94, "99.9 "),
            (99.96, "100 "), (999, "999 "), (999.4, "999 "), (999.5, "1.00 k"), (999.7, "1.00 k"), (-999.7, "-1.00 k"),
            (1000, "1.00 k"), (1004, "1.00 k"), (1006, "1.01 k"), (9996, "10.0 k"), (99_960, "100 k"),
            (999_499, "999 k"),
            (999_500, "1.00 M"), (-5_000_000, "-5.00 M"), (6.21e9, "6.21 G"), (9.999e11, "1.00 T"), (1e15, "1.00 P"),
            (9.9999e17, "1.00 E"), (1e21, "1.00 Z"), (1e24, "1.00 Y"), (1e27, "1.00 R"), (1e30, "1.00 Q"),
            (1e33, "1000 Q"), (.infinity, "inf "), (-.infinity, "-inf "), (.nan, "nan "),
            (.leastNonzeroMagnitude, "0.00 "), (-.leastNonzeroMagnitude, "0.00 "),
        ] as [(Double, String)])
    func threeDigitsAndAPrefix(value: Double, text: String) {
        #expect(engineering(value) == text)
    }

    /// Up to the last prefix there are three digits, and they are those of the number.
    @Test func threeDigitsOfAnyNumber() throws {
        let powers = ["": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21, "Y": 1e24]
        var value = 1.0
        while value < 9e26 {
            let parts = engineering(value).split(separator: " ", omittingEmptySubsequences: false)
            #expect(parts[0].filter(\.isNumber).count == 3, "\(value)")
            let number = try #require(Double(parts[0])) * #require(powers[String(parts[1])])
            #expect(abs(number - value) <= 0.00501 * value, "\(value) is \(engineering(value))")
            value *= 1.0173
        }
    }

    @Test(
        arguments: [
            (0, 0, "0"), (0, 3, "0.000"), (-0.0, 2, "0.00"), (0.4, 0, "0"), (0.5, 0, "1"), (-0.4, 0, "0"),
            (-0.5, 0, "-1"),
            (-0.001, 2, "0.00"), (-0.006, 2, "-0.01"), (1.005, 1, "1.0"), (0.05, 1, "0.1"), (9.99, 1, "10.0"),
            (-9.99, 1, "-10.0"), (0.999_999_9, 6, "1.000000"), (123.456, 2, "123.46"),
            (1_700_000_000.123, 3, "1700000000.123"),
            (1e14, 6, "100000000000000.000000"), (-1e14, 6, "-100000000000000.000000"),
            (1e9, 15, "1000000000.000000000000000"),
            (4_503_599_627_370_495.5, 0, "4503599627370496"), (4_503_599_627_370_495.5, 1, "4503599627370495.5"),
            (-1_125_899_906_842_623.75, 2, "-1125899906842623.75"), (1_125_899_906_842_623.75, 1, "1125899906842623.8"),
            (2_251_799_813_685_247.75, 0, "2251799813685248"), (0x1p62, 1, "4611686018427387904.0"),
            (0x1p63, 2, "9.223372036854776e+18"),
            (1e300, 2, "1e+300"), (.greatestFiniteMagnitude, 0, "1.7976931348623157e+308"),
            (.leastNonzeroMagnitude, 15, "0.000000000000000"), (.infinity, 2, "inf"), (-.infinity, 2, "-inf"),
            (.nan, 2, "nan"),
        ] as [(Double, Int, String)])
    func aNumberOfDecimals(value: Double, decimals: Int, text: String) {
        #expect(fixed(value, decimals) == text)
    }

    /// The number that is printed is the nearest with so many decimals.
    @Test func theNearestNumber() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let decimals = Int.random(in: 0...15, using: &random)
            let size = Double.random(in: -3...17, using: &random)
            let value = pow(10, size) * Double.random(in: -1...1, using: &random)
            let text = fixed(value, decimals)
            let fraction = text.split(separator: ".").dropFirst().first?.count ?? 0
            #expect(fraction == decimals, "\(value) with \(decimals) decimals is \(text)")
            let error = abs(try #require(Double(text)) - value)
            #expect(error <= 0.5 * pow(10, -Double(decimals)) + 4 * value.ulp, "\(value) with \(decimals) is \(text)")
        }
    }

    @Test(
        arguments: [
            (14.99983221664187, 6, "14.9998"), (2.867693357126803e-05, 6, "2.86769e-05"), (0, 6, "0"), (-0.0, 6, "-0"),
            (15, 6, "15"), (0.99999996, 6, "1"), (1e300, 3, "1e+300"), (-1.23456, 2, "-1.2"), (.infinity, 3, "inf"),
            (1.0 / 3, 17, "0.33333333333333331"),
        ] as [(Double, Int, String)])
    func significantDigits(value: Double, digits: Int, text: String) {
        #expect(rounded(value, to: digits) == text)
    }

    /// Two digits of the error are shown, and never fewer than six digits of the number.
    @Test(
        arguments: [
            (8.1749999955, -4.5e-9, "8.1749999955"), (123.456789, 0.02, "123.457"), (3.0, 0, "3"),
            (1.0 / 3, 0, "0.333333333333333"), (0, 1e-9, "0"), (2.0 / 3, 1e-30, "0.66666666666666663"),
        ] as [(Double, Double, String)])
    func digitsThatTheErrorLeaves(value: Double, error: Double, text: String) {
        #expect(rounded(value, error: error) == text)
    }

    @Test(arguments: [(0.00016, 5), (0.0016, 4), (1.6, 1), (160, 0), (0, 6), (1e-300, 15)] as [(Double, Int)])
    func decimalsThatTheErrorLeaves(error: Double, count: Int) {
        #expect(decimals(forError: error) == count)
    }

    @Test(arguments: [(0, "0 ranks"), (1, "1 rank"), (2, "2 ranks"), (-1, "-1 ranks"), (.max, "\(Int.max) ranks")])
    func things(count: Int, text: String) {
        #expect(counted(count, "rank") == text)
    }

    @Test func columnsLineUp() {
        #expect(aligned([]) == [])
        #expect(aligned([["a"]]) == ["a"])
        #expect(
            aligned([["a", "bb", "c"], ["dddd", "e", "long"], ["f"], []])
                == ["a     bb  c", "dddd  e   long", "f", ""])
        // The last text of a row widens no column.
        #expect(aligned([["a", "b"], ["a long text"]]) == ["a  b", "a long text"])
    }

    @Test(
        arguments: [
            (0, "0000000000000000"), (0xab, "00000000000000ab"), (.max, "ffffffffffffffff"),
        ] as [(UInt64, String)])
    func sixteenDigits(number: UInt64, text: String) {
        #expect(hexadecimal(number) == text)
    }

    /// The vectors of draft-eastlake-fnv, appendix C.
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)])
    func fowlerNollVo(text: String, hash: UInt64) {
        #expect(fnv1a(text.utf8) == hash)
    }
}
