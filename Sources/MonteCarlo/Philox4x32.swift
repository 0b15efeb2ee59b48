/// The counter-based random number generator Philox4x32-10, whose numbers are a function of a counter and a key.
///
/// A counter gives the same four words in any order and on any number of processors. There are no streams to separate
/// and no state to pass on.
///
/// Method: Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC11), doi:10.1145/2063384.2063405.
public struct Philox4x32: Sendable {
    /// One 32-bit word of eight counters, each in a 64-bit lane, which has room for its products.
    public typealias Words = SIMD8<UInt64>

    /// The four words of eight counters, and later of their random numbers.
    ///
    /// Only the lower 32 bits of a lane are significant. The upper bits are masked where they would matter.
    public struct Block: Hashable, Sendable {
        public var word0, word1, word2, word3: Words

        public init(_ word0: Words, _ word1: Words, _ word2: Words, _ word3: Words) {
            (self.word0, self.word1, self.word2, self.word3) = (word0, word1, word2, word3)
        }
    }

    /// The keys of the ten rounds.
    private let roundKeys: [SIMD2<UInt64>]

    /// Creates a generator from a key, whose lower half is the first word of the algorithm's key.
    public init(key: UInt64) {
        var words = SIMD2<UInt32>(truncatingIfNeeded: SIMD2(key, key >> 32))
        var keys: [SIMD2<UInt64>] = []
        for _ in 0..<10 {
            keys.append(SIMD2(truncatingIfNeeded: words))
            words &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        roundKeys = keys
    }

    /// Replaces counters by their random words.
    ///
    /// Several blocks at a time keep the processor's multipliers busy; a single block would mostly wait for its own
    /// products. For this the rounds must remain a loop: if they were unrolled, the compiler would compute the blocks
    /// one after the other to have registers for all keys. The loop runs at least once, because otherwise the compiler
    /// would have to assume that the results are the counters, with their upper bits.
    @inline(__always)
    public func scramble<let count: Int>(_ blocks: inout InlineArray<count, Block>) {
        roundKeys.withUnsafeBufferPointer { keys in
            var round = 0
            repeat {
                let (key0, key1) = (Words(repeating: keys[round].x), Words(repeating: keys[round].y))
                for index in 0..<count {
                    let block = blocks[unchecked: index]
                    let product0 = (block.word0 & Self.word) &* Words(repeating: 0xD251_1F53)
                    let product1 = (block.word2 & Self.word) &* Words(repeating: 0xCD9E_8D57)
                    blocks[unchecked: index] = Block(
                        (product1 &>> 32) ^ block.word1 ^ key0, product1, (product0 &>> 32) ^ block.word3 ^ key1,
                        product0)
                }
                round += 1
            } while round < keys.count
        }
    }

    /// The significant bits of a lane.
    static var word: Words { Words(repeating: 0xFFFF_FFFF) }
}
