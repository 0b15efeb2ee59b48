/// Random points in the unit square, of which those in the quarter circle around its corner are counted.
///
/// Each counter of ``Philox4x32`` gives two points: sample *n* comes from counter *n* / 2, from its words 0 and 1 if
/// *n* is even, and from its words 2 and 3 if *n* is odd. The upper two words of the counter are zero.
///
/// The point of words *x* and *y* is (*x* | 1, *y* | 1) / 2³², which is the center of one of 2³¹ × 2³¹ squares. The
/// condition (*x* | 1)² + (*y* | 1)² < 2⁶⁴ is evaluated in integers. With corners instead of centers, all estimates of
/// π would be 9 · 10⁻¹⁰ too large, which is more than the standard error of 2⁶³ samples.
public struct QuarterCircle: Sendable {
    private let generator: Philox4x32

    /// Creates the points of a key.
    public init(key: UInt64) { generator = Philox4x32(key: key) }

    /// Returns the number of samples in the quarter circle.
    ///
    /// - Parameter samples: The numbers of the samples, up to 2⁶³.
    public func hits(in samples: Range<UInt64>) -> UInt64 {
        precondition(samples.upperBound <= 1 << 63, "samples are numbered up to 2^63")
        var hits = Philox4x32.Words.zero
        var counter = samples.lowerBound / 2
        while counter < (samples.upperBound + 1) / 2 {
            let first = 2 * counter
            let places = places(ofCountersFrom: counter)
            counter += 8 * UInt64(places.count)
            if first >= samples.lowerBound && 2 * counter <= samples.upperBound {
                for index in places.indices {
                    hits.replace(with: hits &+ 1, where: places[unchecked: index].even)
                    hits.replace(with: hits &+ 1, where: places[unchecked: index].odd)
                }
            } else {
                for index in places.indices {
                    let number = Self.lanes &* 2 &+ (first + UInt64(16 * index))
                    let place = places[unchecked: index]
                    hits.replace(with: hits &+ 1, where: place.even .& Self.areIn(samples, number))
                    hits.replace(with: hits &+ 1, where: place.odd .& Self.areIn(samples, number &+ 1))
                }
            }
        }
        return hits.wrappedSum()
    }
}

extension QuarterCircle {
    private typealias Mask = SIMDMask<SIMD8<Int64>>

    /// One value for each of the blocks of counters that are processed at a time; the registers of AVX-512 hold five.
    private typealias OfEachBlock<T> = InlineArray<5, T>

    private static var lanes: Philox4x32.Words { Philox4x32.Words(0, 1, 2, 3, 4, 5, 6, 7) }

    private static func areIn(_ samples: Range<UInt64>, _ numbers: Philox4x32.Words) -> Mask {
        (numbers .>= samples.lowerBound) .& (numbers .< samples.upperBound)
    }

    /// Returns whether the even and the odd samples of some counters lie in the circle.
    @inline(__always)
    private func places(ofCountersFrom first: UInt64) -> OfEachBlock<(even: Mask, odd: Mask)> {
        var blocks = OfEachBlock<Philox4x32.Block> { index in
            let counter = Self.lanes &+ (first &+ UInt64(8 * index))
            return Philox4x32.Block(counter, counter &>> 32, .zero, .zero)
        }
        generator.scramble(&blocks)
        return OfEachBlock { index in
            let block = blocks[unchecked: index]
            return (Self.areInside(block.word0, block.word1), Self.areInside(block.word2, block.word3))
        }
    }

    @inline(__always)
    private static func areInside(_ x: Philox4x32.Words, _ y: Philox4x32.Words) -> Mask {
        let (x, y) = ((x | 1) & Philox4x32.word, (y | 1) & Philox4x32.word)
        // The right side is 2⁶⁴ − 1 − x². The sum of the squares is never 2⁶⁴, because the sum of two odd squares is
        // not a multiple of four.
        return (y &* y) .<= ~(x &* x)
    }
}
