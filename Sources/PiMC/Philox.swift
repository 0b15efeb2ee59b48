// The random numbers of pimc: Philox4x32-10, a function of a counter and a key. Knows neither MPI nor HDF5.
//
// Method: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC11), doi:10.1145/2063384.2063405.
// Sample n is made of counter (n, 0) and key `seed`, whoever computes it: there are no streams to keep apart.

/// Eight generators side by side, one a lane; 32-bit words in 64-bit lanes, where their products have room.
struct Philox4x32 {
    typealias Words = SIMD8<UInt64>

    let key: (UInt32, UInt32)

    init(seed: UInt64) { key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)) }

    /// The four random words of each counter.
    @inline(__always)
    func words(of counter: (Words, Words, Words, Words)) -> (Words, Words, Words, Words) {
        let low = Words(repeating: 0xFFFF_FFFF)
        var (c0, c1, c2, c3) = counter
        var (k0, k1) = key
        for _ in 0..<10 {
            let product0 = c0 &* Words(repeating: 0xD251_1F53)
            let product1 = c2 &* Words(repeating: 0xCD9E_8D57)
            (c0, c1) = ((product1 &>> 32) ^ c1 ^ Words(repeating: UInt64(k0)), product1 & low)
            (c2, c3) = ((product0 &>> 32) ^ c3 ^ Words(repeating: UInt64(k1)), product0 & low)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }

    /// How many of the samples `first..<first + count` fall into the quarter circle.
    ///
    /// A sample is the point (word 0, word 1) of a square of 2³² × 2³² points. Its squared distance from the corner is
    /// an exact integer: x² + y² < 2⁶⁴ exactly when y² does not exceed what x² leaves.
    func hits(from first: UInt64, count: Int) -> Int {
        let lanes = Words(0, 1, 2, 3, 4, 5, 6, 7)
        var hits = Words.zero
        var done = 0
        while done < count {
            let index = lanes &+ (first &+ UInt64(done))
            let (x, y, _, _) = words(of: (index & 0xFFFF_FFFF, index &>> 32, .zero, .zero))
            let isInside = (y &* y) .<= ~(x &* x)
            let isWanted = lanes .< UInt64(min(8, count - done))
            hits = hits &+ Words.zero.replacing(with: 1, where: isInside .& isWanted)
            done += 8
        }
        return Int(hits.wrappedSum())
    }
}
