import CommandSupport
import Quadrature
import Reproducible
import SwiftMPI

/// Samples in a text file of two columns, separated by a comma, a semicolon or blanks. Empty lines and lines that begin
/// with `#` do not count, nor does the first line if it is not of numbers.
///
/// A block is what begins in so many bytes. Where its samples are among all is found by counting first, in parallel too.
struct TextSamples: SampleSource, ~Copyable {
    let path: String
    let total: Int
    let blocks: Range<Int>
    let blocksOfAllRanks: Int
    private let file: TextFile
    /// The row and the line with which each of this rank's blocks begins.
    private let starts: [(row: Int, line: Int)]

    private static var bytesPerBlock: Int { 1 << 22 }

    /// Collective.
    init(_ path: String, on world: Communicator) throws {
        let file = try world.together { try TextFile(path) }
        let allBlocks = max(1, (file.byteCount + Self.bytesPerBlock - 1) / Self.bytesPerBlock)
        let blocks = BlockPartition(count: allBlocks, parts: world.size).range(of: world.rank)
        let counts = try world.together {
            try blocks.map { block in
                var (rows, lines) = (0, 0)
                var reader = try Self.reader(file, block)
                while let line = try reader.next(), line.offset < (block + 1) * Self.bytesPerBlock {
                    lines += 1
                    if file.isSample(line, reader) { rows += 1 }
                }
                return (rows: rows, lines: lines)
            }
        }
        var next = (
            row: try world.Exscan(counts.reduce(0) { $0 + $1.rows }, op: .sum) ?? 0,
            line: (try world.Exscan(counts.reduce(0) { $0 + $1.lines }, op: .sum) ?? 0) + 1
        )
        let total = try world.Allreduce(counts.reduce(0) { $0 + $1.rows }, op: .sum)
        self.path = path
        self.file = file
        self.blocks = blocks
        self.total = total
        blocksOfAllRanks = allBlocks
        starts = counts.map { count in
            defer { next = (next.row + count.rows, next.line + count.lines) }
            return next
        }
    }

    /// At the first line that begins in a block.
    private static func reader(_ file: borrowing TextFile, _ block: Int) throws -> LineReader {
        if block == 0 { return LineReader(file, at: 0) }
        // From the last byte before it: if that ends a line, an empty one is skipped.
        var reader = LineReader(file, at: block * bytesPerBlock - 1)
        _ = try reader.next()
        return reader
    }

    func read(_ block: Int, into samples: inout Samples) throws {
        var number = starts[block - blocks.lowerBound].line
        samples.first = starts[block - blocks.lowerBound].row
        samples.count = 0
        samples.x.removeAll(keepingCapacity: true)
        samples.y.removeAll(keepingCapacity: true)
        samples.lines.removeAll(keepingCapacity: true)
        var reader = try Self.reader(file, block)
        while samples.x.count < samples.count + SampledRule.lookahead, let line = try reader.next() {
            if file.isSample(line, reader) {
                guard let (x, y) = reader.numbers(line) else {
                    throw UserError(
                        "\(path), line \(number): expected two numbers, found '\(reader.text(line))'",
                        exitStatus: ExitStatus.data)
                }
                samples.x.append(x)
                samples.y.append(y)
                samples.lines.append(number)
                if line.offset < (block + 1) * Self.bytesPerBlock { samples.count += 1 }
            }
            number += 1
        }
    }
}
