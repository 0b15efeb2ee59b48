import Reproducible
import Testing

@Suite struct BlockPartitionTests {
    static let counts = Array(0...40) + [299, 1 << 31, 1_000_000_007, Int.max]

    /// Contiguous in order, from the first item to the last: nothing is dropped, nothing is owned twice.
    @Test(arguments: counts)
    func theRangesCoverEverythingOnce(count: Int) {
        for parts in [1, 2, 3, 4, 5, 7, 12, 45, 64] {
            let partition = BlockPartition(count: count, parts: parts)
            var end = 0
            for part in 0..<parts {
                let range = partition.range(of: part)
                #expect(range.lowerBound == end, "part \(part) of \(parts)")
                end = range.upperBound
            }
            #expect(end == count, "\(parts) parts")
        }
    }

    @Test(arguments: counts)
    func theSizesDifferByAtMostOne(count: Int) {
        for parts in [1, 2, 3, 4, 5, 7, 12, 45, 64] {
            let partition = BlockPartition(count: count, parts: parts)
            let sizes = (0..<parts).map { partition.range(of: $0).count }
            #expect(sizes.max()! - sizes.min()! <= 1, "\(parts) parts")
            #expect(sizes == sizes.sorted(by: >), "the larger ones come first")
        }
    }

    @Test func withMorePartsThanItemsTheLastAreEmpty() {
        let partition = BlockPartition(count: 3, parts: 5)
        #expect((0..<5).map { partition.range(of: $0) } == [0..<1, 1..<2, 2..<3, 3..<3, 3..<3])
    }

    @Test(arguments: counts)
    func thePartOfAnItemHoldsIt(count: Int) {
        for parts in [1, 2, 3, 4, 5, 7, 12, 45, 64] {
            let partition = BlockPartition(count: count, parts: parts)
            // All items of a small partition, those at both ends of each part of a large one.
            let ends = (0..<parts).map { partition.range(of: $0) }.filter { !$0.isEmpty }
                .flatMap { [$0.lowerBound, $0.upperBound - 1] }
            for item in count <= 1000 ? Array(0..<count) : ends {
                #expect(partition.range(of: partition.part(of: item)).contains(item), "item \(item) of \(parts) parts")
            }
        }
    }
}
