import ParallelHDF5
import Quadrature
import Reproducible
import SwiftMPI
import SystemSupport

/// Samples in two vectors of an HDF5 file. Each rank reads independently, because it needs one contiguous piece.
struct HDF5Samples: SampleSource, ~Copyable {
    let total: Int
    let blocks: Range<Int>
    private let columns: Columns
    private let skipsMissing: Bool
    /// The number of the first sample of each of this rank's blocks.
    private let starts: [Int]

    private static var rowsPerBlock: Int { 1 << 18 }

    var path: String { columns.path }
    var blocksOfAllRanks: Int { Self.blocks(of: columns.rows) }

    func name(ofPlace place: Int) -> String { "row \(place), counted from 0," }

    private static func blocks(of rows: Int) -> Int { (rows + rowsPerBlock - 1) / rowsPerBlock }

    private static func rows(ofBlock block: Int, of rows: Int) -> Range<Int> {
        block * rowsPerBlock..<min((block + 1) * rowsPerBlock, rows)
    }

    /// Opens the file and counts the samples. Collective.
    ///
    /// - Parameter skipsMissing: Whether rows with a missing value are skipped instead of rejected.
    /// - Throws: ``UserError`` of status 64 if the file or a dataset does not exist, of status 65 if the data cannot be
    ///   samples.
    init(_ path: String, _ names: (x: String, y: String), skipsMissing: Bool, on world: Communicator) throws {
        let columns = try world.failingTogether { try Columns(path, names) }
        let rows = columns.rows
        let blocks = BlockPartition(count: Self.blocks(of: rows), parts: world.size).range(of: world.rank)
        // If no samples are skipped, samples and rows coincide.
        var (starts, total) = (blocks.map { $0 * Self.rowsPerBlock }, rows)
        if skipsMissing {
            let counts = try world.failingTogether {
                try blocks.map { block in
                    let (x, y) = try columns.values(in: Self.rows(ofBlock: block, of: rows))
                    return zip(x, y).count { !$0.isNaN && !$1.isNaN }
                }
            }
            let own = counts.reduce(0, +)
            var next = try world.Exscan(own, op: .sum) ?? 0
            starts = counts.map { count in
                defer { next += count }
                return next
            }
            total = try world.Allreduce(own, op: .sum)
        }
        self.total = total
        self.blocks = blocks
        self.skipsMissing = skipsMissing
        self.starts = starts
        self.columns = columns
    }

    func read(_ block: Int, into samples: inout Samples) throws {
        samples.begin(first: starts[block - blocks.lowerBound])
        let own = Self.rows(ofBlock: block, of: columns.rows)
        var rows = own.lowerBound..<min(own.upperBound + SampledRule.lookahead, columns.rows)
        while !rows.isEmpty, rows.lowerBound < own.upperBound || samples.x.count < samples.count + SampledRule.lookahead
        {
            let (x, y) = try columns.values(in: rows)
            for (row, (x, y)) in zip(rows, zip(x, y)) {
                if !x.isNaN && !y.isNaN {
                    samples.append(x, y, place: row, isOwn: own.contains(row))
                } else if !skipsMissing {
                    throw UserError(
                        "\(path): in \(name(ofPlace: row)) \(x.isNaN ? "x" : "y") is missing (nan or a fill value): "
                            + "--skip-missing leaves such samples out", exitStatus: ExitStatus.data)
                }
            }
            // The next samples may be far away if many are missing.
            rows = rows.upperBound..<min(rows.upperBound + 4096, columns.rows)
        }
    }
}

/// The two columns of samples in the open file.
private struct Columns: ~Copyable {
    let path: String
    let rows: Int
    private let file: HDF5File
    private let x: SampleVector
    private let y: SampleVector

    init(_ path: String, _ names: (x: String, y: String)) throws {
        func opening<R: ~Copyable>(_ body: () throws -> R) throws -> R {
            do {
                return try body()
            } catch {
                throw UserError("\(error)", exitStatus: ExitStatus.usage)
            }
        }
        let file = try opening { try HDF5File.open(path) }
        let isNetCDF = try withStatus(ExitStatus.ioError) { try file.hasAttribute("_NCProperties") }
        let x = try SampleVector(opening { try file.openDataset(names.x) }, isNetCDF: isNetCDF)
        let y = try SampleVector(opening { try file.openDataset(names.y) }, isNetCDF: isNetCDF)
        guard x.count == y.count else {
            throw UserError(
                "\(path): \(names.x) has \(counted(x.count, "element")), \(names.y) has \(y.count)",
                exitStatus: ExitStatus.data)
        }
        self.path = path
        rows = x.count
        self.file = file
        self.x = x
        self.y = y
    }

    /// Returns the samples in a range of rows; missing values are NaN.
    func values(in rows: Range<Int>) throws -> (x: [Double], y: [Double]) {
        (try x.values(in: rows), try y.values(in: rows))
    }
}
