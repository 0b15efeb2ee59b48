import Quadrature
import Reproducible
import SwiftMPI
import SystemSupport

/// Samples in two columns of a text table.
///
/// A block consists of the rows that begin within a fixed range of bytes. A first pass counts the samples of all blocks
/// in parallel, to find the index of each block's first sample.
struct TextSamples: SampleSource, ~Copyable {
    let total: Int
    let blocks: Range<Int>
    let blocksOfAllRanks: Int
    private let table: TextTable
    /// The index of the first sample and the number of the first line of each of this rank's blocks.
    private let starts: [(sample: Int, line: Int)]

    var path: String { table.file.path }

    func name(ofPlace place: Int) -> String { "line \(place)" }

    private static var bytesPerBlock: Int { 1 << 22 }

    /// Opens the file and counts the samples. Collective.
    init(_ path: String, _ options: TableOptions, on world: Communicator) throws {
        let table = try world.failingTogether { try TextTable(path, options) }
        let allBlocks = max(1, (table.file.byteCount + Self.bytesPerBlock - 1) / Self.bytesPerBlock)
        let blocks = BlockPartition(count: allBlocks, parts: world.size).range(of: world.rank)
        let counts = try world.failingTogether {
            try blocks.map { block in
                var (samples, lines) = (0, 0)
                var reader = try Self.reader(table.file, block)
                while let line = try reader.next(), line.offset < (block + 1) * Self.bytesPerBlock {
                    lines += 1
                    if table.isSample(line, reader) { samples += 1 }
                }
                return (samples: samples, lines: lines)
            }
        }
        var next = (
            sample: try world.Exscan(counts.reduce(0) { $0 + $1.samples }, op: .sum) ?? 0,
            line: (try world.Exscan(counts.reduce(0) { $0 + $1.lines }, op: .sum) ?? 0) + 1
        )
        let total = try world.Allreduce(counts.reduce(0) { $0 + $1.samples }, op: .sum)
        self.table = table
        self.blocks = blocks
        self.total = total
        blocksOfAllRanks = allBlocks
        starts = counts.map { count in
            defer { next = (next.sample + count.samples, next.line + count.lines) }
            return next
        }
    }

    /// Returns a reader at the first line that begins in a block.
    private static func reader(_ file: borrowing InputFile, _ block: Int) throws -> LineReader {
        if block == 0 { return LineReader(file, at: 0) }
        // Starts at the last byte before the block: if that byte ends a line, only an empty rest is skipped.
        var reader = LineReader(file, at: block * bytesPerBlock - 1)
        _ = try reader.next()
        return reader
    }

    func read(_ block: Int, into samples: inout Samples) throws {
        var number = starts[block - blocks.lowerBound].line
        samples.begin(first: starts[block - blocks.lowerBound].sample)
        var reader = try Self.reader(table.file, block)
        while samples.x.count < samples.count + SampledRule.lookahead, let line = try reader.next() {
            switch table.row(line, reader) {
            case .none, .missing: break
            case .sample(let x, let y):
                samples.append(x, y, place: number, isOwn: line.offset < (block + 1) * Self.bytesPerBlock)
            case .invalid(let column, let message):
                throw UserError("\(path), line \(number), column \(column): \(message)", exitStatus: ExitStatus.data)
            }
            number += 1
        }
    }
}
