import MonteCarlo
import Testing

/// The generator against the known answers that come with Random123 (`kat_vectors`, philox4x32 of 10 rounds).
@Suite struct PhiloxTests {
    struct Answer {
        var counter, words: SIMD4<UInt32>
        var key: UInt64
    }

    static let answers = [
        Answer(
            counter: .zero, words: SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8), key: 0),
        Answer(
            counter: SIMD4(repeating: .max), words: SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd),
            key: .max),
        Answer(
            counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
            words: SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1), key: 0x299f_31d0_a409_3822),
    ]

    /// In every lane of every block, with other counters in the others.
    @Test(arguments: answers)
    func knownAnswers(answer: Answer) {
        typealias Words = Philox4x32.Words
        for place in 0..<3 {
            for lane in 0..<8 {
                var blocks = InlineArray<3, Philox4x32.Block> { block in
                    let other = Words(repeating: UInt64(block)) &+ Words(1, 2, 3, 4, 5, 6, 7, 8)
                    return Philox4x32.Block(other, other, other, other)
                }
                blocks[place].word0[lane] = UInt64(answer.counter[0])
                blocks[place].word1[lane] = UInt64(answer.counter[1])
                blocks[place].word2[lane] = UInt64(answer.counter[2])
                blocks[place].word3[lane] = UInt64(answer.counter[3])
                Philox4x32(key: answer.key).scramble(&blocks)
                let block = blocks[place]
                let words = [block.word0, block.word1, block.word2, block.word3].map {
                    UInt32(truncatingIfNeeded: $0[lane])
                }
                #expect(words == answer.words.indices.map { answer.words[$0] }, "block \(place), lane \(lane)")
            }
        }
    }
}
