import FoundationEssentials
import SwiftMPI

/// Lowercase collectives of more than 2³¹−1 bytes in total. They take up to 8 GiB of memory and run only on demand.
var largeObjectTotalCases: [Case] {
    let half = 1 << 30 + 1 << 20
    return [
        Case("gather of more than 2 GiB") { world in
            let root = world.size - 1
            let all = try world.gather(Block(share(of: half, world), seed: world.rank), root: root)
            try expectBlocks(all, of: share(of: half, world), on: root, world)
        },
        Case("gather of one object of more than 2 GiB") { world in
            let sizes = [2 * half] + (1..<max(1, world.size)).map { 1000 + $0 }
            let all = try world.gather(Block(sizes[world.rank], seed: world.rank))
            try expect(all == nil, equals: world.rank != 0)
            for (rank, block) in (all ?? []).enumerated() { try block.expect(sizes[rank], seed: rank) }
        },
        Case("allgather of more than 2 GiB") { world in
            let all = try world.allgather(Block(share(of: half, world), seed: world.rank))
            try expectBlocks(all, of: share(of: half, world), on: world.rank, world)
        },
        Case("scatter of more than 2 GiB") { world in
            let blocks = (0..<world.size).map { Block(share(of: half, world), seed: $0) }
            try world.scatter(world.rank == 0 ? blocks : nil).expect(share(of: half, world), seed: world.rank)
        },
        Case("scatter of one object of more than 2 GiB works or fails on all ranks") { world in
            let sizes = [2 * half] + (1..<max(1, world.size)).map { 1000 + $0 }
            let blocks = sizes.enumerated().map { Block($1, seed: $0) }
            let isRoot = world.rank == 0
            do {
                try world.scatter(isRoot ? blocks : nil).expect(sizes[world.rank], seed: world.rank)
                try expect(MPI.standardVersion.major >= 4)
            } catch let error as MPIError {
                try expect(isRoot && error.class == .count, "\(error)")
            } catch let failure as PeerFailure {
                try expect(!isRoot && failure.message.hasPrefix("rank 0: MPI_Scatter: objects of "), failure.message)
            }
        },
        Case("alltoall that sends more than 2 GiB from one rank") { world in
            let sizes = (0..<world.size).map { $0 == 0 ? share(of: half, world) : 1000 }
            let received = try world.alltoall((0..<world.size).map { Block(sizes[world.rank], seed: world.rank + $0) })
            for (rank, block) in received.enumerated() { try block.expect(sizes[rank], seed: world.rank + rank) }
        },
        Case("alltoall that receives more than 2 GiB on one rank") { world in
            let sizes = (0..<world.size).map { $0 == 0 ? share(of: half, world) : 1000 }
            let received = try world.alltoall((0..<world.size).map { Block(sizes[$0], seed: world.rank + $0) })
            for (rank, block) in received.enumerated() { try block.expect(sizes[world.rank], seed: world.rank + rank) }
        },
    ]
}

/// Of two ranks each has half; together it is as much on more.
private func share(of half: Int, _ world: Communicator) -> Int { 2 * half / world.size }

private func expectBlocks(_ blocks: [Block]?, of size: Int, on root: Int, _ world: Communicator) throws {
    try expect(blocks == nil, equals: world.rank != root)
    for (rank, block) in (blocks ?? []).enumerated() { try block.expect(size, seed: rank) }
}

/// Many bytes, which are there only while they are encoded or decoded.
private struct Block: Codable {
    let size: Int
    let seed: Int

    init(_ size: Int, seed: Int) { (self.size, self.seed) = (size, seed) }

    /// Every so many bytes one that is not 0; the last byte, too.
    private static let stride = 999_983

    private static func byte(_ offset: Int, _ seed: Int) -> UInt8 { UInt8(truncatingIfNeeded: offset / stride + seed) }

    private static func offsets(_ size: Int) -> [Int] {
        Array(Swift.stride(from: 0, to: size, by: stride)) + [size - 1]
    }

    func encode(to encoder: any Encoder) throws {
        var bytes = Data(count: size)
        for offset in Self.offsets(size) { bytes[offset] = Self.byte(offset, seed) }
        var container = encoder.singleValueContainer()
        try container.encode(bytes)
    }

    init(from decoder: any Decoder) throws {
        let bytes = try decoder.singleValueContainer().decode(Data.self)
        size = bytes.count
        let seed = Int(bytes[0])
        self.seed = seed
        for offset in Self.offsets(size) where bytes[offset] != Self.byte(offset, seed) {
            throw Unmet(description: "byte \(offset) of \(size)")
        }
    }

    func expect(_ size: Int, seed: Int) throws {
        if self.size != size || self.seed != seed {
            throw Unmet(description: "\(self), expected \(size) bytes of seed \(seed)")
        }
    }
}
