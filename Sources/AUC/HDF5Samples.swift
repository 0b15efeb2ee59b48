import CommandSupport
import ParallelHDF5
import Quadrature
import Reproducible
import SwiftMPI

/// Samples in two datasets of an HDF5 file. Each rank reads for itself: what it needs is one contiguous piece.
struct HDF5Samples: SampleSource, ~Copyable {
    let path: String
    let total: Int
    let blocks: Range<Int>
    private let file: HDF5File
    private let x: HDF5Dataset
    private let y: HDF5Dataset

    private static var samplesPerBlock: Int { 1 << 18 }

    var blocksOfAllRanks: Int { Self.blocks(of: total) }

    private static func blocks(of total: Int) -> Int { (total + samplesPerBlock - 1) / samplesPerBlock }

    /// - Throws: ``UserError`` of status 64 for what is not there, 65 for what cannot be samples.
    init(_ path: String, x xName: String, y yName: String, on world: Communicator) throws {
        func opening<R: ~Copyable>(_ body: () throws -> R) throws -> R {
            do {
                return try body()
            } catch {
                throw UserError("\(error)", exitStatus: ExitStatus.usage)
            }
        }
        let file = try opening { try HDF5File.open(path) }
        let x = try opening { try file.openDataset(xName) }
        let y = try opening { try file.openDataset(yName) }
        guard x.shape.count == 1, y.shape == x.shape else {
            throw UserError(
                "\(path): \(xName) has the shape \(x.shape) and \(yName) \(y.shape): "
                    + "both must have one axis and as many samples", exitStatus: ExitStatus.data)
        }
        for (name, type) in [(xName, x.storedType), (yName, y.storedType)]
        where type.elementType == nil || type.elementType == .uint64 {
            throw UserError(
                "\(path): \(name) holds elements of type \(type), not numbers that can be summed",
                exitStatus: ExitStatus.data)
        }
        let total = x.elementCount
        let blocks = BlockPartition(count: Self.blocks(of: total), parts: world.size).range(of: world.rank)
        self.path = path
        self.total = total
        self.blocks = blocks
        self.file = file
        self.x = x
        self.y = y
    }

    func read(_ block: Int, into samples: inout Samples) throws {
        samples.first = block * Self.samplesPerBlock
        samples.count = min(Self.samplesPerBlock, total - samples.first)
        let end = min(samples.first + samples.count + SampledRule.lookahead, total)
        let region = Hyperslab(samples.first..<end)
        try read(x, region, into: &samples.x)
        try read(y, region, into: &samples.y)
    }

    private func read(
        _ dataset: borrowing HDF5Dataset, _ region: Hyperslab, into values: inout [Double]
    ) throws {
        let count = region.elementCount
        if values.count != count { values = [Double](repeating: 0, count: count) }
        if dataset.storedType.kind == .float {
            try values.withUnsafeMutableBufferPointer { try dataset.readConverted(into: $0, from: region) }
        } else {
            var integers = [Int64](repeating: 0, count: count)
            try integers.withUnsafeMutableBufferPointer { try dataset.readConverted(into: $0, from: region) }
            for index in integers.indices { values[index] = Double(integers[index]) }
        }
    }
}
