internal import CChecksum

/// The CRC-32C (Castagnoli, as in iSCSI, RFC 3720 §12.1) of data that are distributed over several ranks.
///
/// The bits of the data are the coefficients of a polynomial over GF(2), and the checksum is the remainder of a
/// division. Remainders are additive: every rank computes the remainder of its part and multiplies it by a power of *x*
/// for the data that follow the part. The exclusive or of all remainders is the checksum of the whole, independent of
/// how the data are divided.
package enum Checksum {
    /// Returns the remainder of `count` 8-byte words at an address.
    static func remainder(_ words: UnsafeRawPointer, count: Int) -> UInt32 {
        // The words are processed in thirds. Each remainder is multiplied by the power for the words that follow it.
        let third = count / 3
        var parts: [UInt32] = [0, 0, 0]
        CChecksum_remainders(words, words + 8 * third, words + 16 * third, third, &parts)
        let power = Self.power(words: third)
        let result = multiplied(multiplied(parts[0], power) ^ parts[1], power) ^ parts[2]
        let rest = count - 3 * third
        if rest == 0 { return result }
        var last: [UInt32] = [0, 0, 0]
        let end = words + 24 * third
        CChecksum_remainders(end, end, end, rest, &last)
        return multiplied(result, Self.power(words: rest)) ^ last[0]
    }

    /// Returns the CRC-32C for a remainder, as if the division had started with ones and inverted the result.
    static func finished(_ remainder: UInt32, words: Int) -> UInt32 {
        remainder ^ multiplied(.max, power(words: words)) ^ .max
    }

    /// Returns the CRC-32C of bytes, whose number must be a multiple of 8.
    package static func of(_ bytes: [UInt8]) -> UInt32 {
        precondition(bytes.count % 8 == 0, "checksums are of whole words")
        return bytes.withUnsafeBytes {
            $0.isEmpty ? 0 : finished(remainder($0.baseAddress!, count: bytes.count / 8), words: bytes.count / 8)
        }
    }

    /// Returns the product of two polynomials modulo the CRC-32C polynomial; the highest bit is the coefficient of 1.
    static func multiplied(_ a: UInt32, _ b: UInt32) -> UInt32 {
        var (a, b, product) = (a, b, 0 as UInt32)
        while a != 0 {
            if a & 0x8000_0000 != 0 { product ^= b }
            a <<= 1
            b = b >> 1 ^ (b & 1 != 0 ? 0x82F6_3B78 : 0)
        }
        return product
    }

    /// Returns *x* to the power of the number of bits in `words` 8-byte words.
    static func power(words: Int) -> UInt32 {
        var result: UInt32 = 0x8000_0000
        var square: UInt32 = 0x8000_0000 >> 1
        for _ in 0..<6 { square = multiplied(square, square) }
        var rest = words
        while rest > 0 {
            if rest & 1 == 1 { result = multiplied(result, square) }
            square = multiplied(square, square)
            rest >>= 1
        }
        return result
    }
}
