import Glibc
import ParallelHDF5
import SwiftMPI

// Chunks, compression, datasets that grow, and how files are reached.

private func fileSize(_ name: String) throws -> Int {
    var status = stat()
    try expect(stat(name, &status) == 0)
    return Int(status.st_size)
}

var hdf5LayoutCases: [Case] {
    [
        Case("chunks that several ranks have a part of") { world in
            for layout in [HDF5Layout.chunked([1, 4, 4]), .chunked([2, 7, 5], compression: .deflate(1))] {
                let file = try HDF5File.create(path("chunked.h5"), communicator: world)
                let dataset = try file.createDataset("density", of: Double.self, shape: [3, 7, 11], layout: layout)
                let mine = share(of: 7, world)
                for time in 0..<3 {
                    try dataset.write(values(mine, 0..<11), to: Hyperslab(time..<time + 1, mine, 0..<11))
                    try expect(dataset.lastTransfer(), equals: .collective)
                    try expect(dataset.whyIndependent().anywhere, equals: [])
                }
                try file.close()
                for communicator in [world, nil] {
                    let again = try HDF5File.open(path("chunked.h5"), communicator: communicator)
                    let all = try again.openDataset("density")
                    try expect(all.layout, equals: layout)
                    try expect(all.maximumShape, equals: [3, 7, 11])
                    let frame = values(0..<7, 0..<11)
                    try expect(all.read(Double.self), equals: frame + frame + frame)
                    try again.close()
                }
            }
        },
        Case("compression makes files small") { world in
            let name = path("compressed.h5")
            let file = try HDF5File.create(name, communicator: world)
            let dataset = try file.createDataset(
                "density", of: Double.self, shape: [4, 256, 256],
                layout: .chunked([1, 64, 256], compression: .deflate(6)))
            let mine = share(of: 256, world)
            let rows = mine.flatMap { row in (0..<256).map { Double(row * $0 % 7) } }
            for time in 0..<4 {
                try dataset.write(rows, to: Hyperslab(time..<time + 1, mine, 0..<256))
                try file.flush()
            }
            try file.close()
            let size = try fileSize(name)
            try expect(size < 4 * 256 * 256 * 8 / 5, "\(size) bytes")
            let again = try HDF5File.open(name, communicator: world)
            let region = Hyperslab(3..<4, mine, 0..<256)
            try expect(again.openDataset("density").read(Double.self, from: region), equals: rows)
            try again.close()
        },
        Case("a time axis that grows, in a file that is opened again") { world in
            let name = path("extended.h5")
            let mine = share(of: 5, world)
            func append(_ frames: Range<Int>, to file: borrowing HDF5File) throws {
                var dataset = try file.openDataset("density")
                for time in frames {
                    try dataset.extend(to: [time + 1, 5, 3])
                    let rows = values(mine, 0..<3).map { $0 + Double(time) * 1_000_000 }
                    try dataset.write(rows, to: Hyperslab(time..<time + 1, mine, 0..<3))
                }
                try expect(dataset.shape, equals: [frames.upperBound, 5, 3])
            }
            for compression in [nil, HDF5Compression.deflate()] {
                let file = try HDF5File.create(name, communicator: world)
                _ = try file.createDataset(
                    "density", of: Double.self, shape: [0, 5, 3],
                    layout: .chunked([1, 5, 3], compression: compression), maximumShape: [nil, 5, 3])
                try append(0..<3, to: file)
                try file.close()
                let second = try HDF5File.open(name, mode: .readWrite, communicator: world)
                try append(3..<7, to: second)
                try second.close()
                let last = try HDF5File.open(name, communicator: world)
                let all = try last.openDataset("density")
                try expect(all.maximumShape, equals: [nil, 5, 3])
                try expect(
                    all.read(Double.self),
                    equals: (0..<7).flatMap { time in values(0..<5, 0..<3).map { $0 + Double(time) * 1_000_000 } })
                try last.close()
            }
        },
        Case("refused layouts and extensions") { world in
            let file = try HDF5File.create(path("refused3.h5"), communicator: world)
            func expectLayoutRefusal(
                in file: borrowing HDF5File, _ words: String..., layout: HDF5Layout, maximum: [Int?]? = nil
            ) throws {
                try expectThrow {
                    _ = try file.createDataset(
                        "no", of: Double.self, shape: [4, 6], layout: layout, maximumShape: maximum)
                } where: { error in
                    for word in words { try expect("\(error)".contains(word), "‘\(word)’ in ‘\(error)’") }
                }
            }
            try expectLayoutRefusal(in: file, "[2]", "1 axes", layout: .chunked([2]))
            try expectLayoutRefusal(in: file, "[2, 0]", "below 1", layout: .chunked([2, 0]))
            try expectLayoutRefusal(in: file, "[5, 6]", "larger than", layout: .chunked([5, 6]))
            try expectLayoutRefusal(in: file, "level 10", layout: .chunked([2, 6], compression: .deflate(10)))
            try expectLayoutRefusal(in: file, "4 GiB", layout: .chunked([1 << 20, 1 << 10]), maximum: [nil, nil])
            try expectLayoutRefusal(in: file, "only a chunked", layout: .contiguous, maximum: [nil, 6])
            try expectLayoutRefusal(in: file, "3 axes", layout: .chunked([2, 6]), maximum: [nil, 6, 6])
            try expectLayoutRefusal(in: file, "smaller", layout: .chunked([2, 6]), maximum: [3, 6])
            var contiguous = HDF5Layout.contiguous
            contiguous.compression = .deflate()
            try expectLayoutRefusal(in: file, "chunked", "compressed", layout: contiguous)

            var growing = try file.createDataset(
                "growing", of: Double.self, shape: [2, 6], layout: .chunked([1, 6]), maximumShape: [4, 6])
            try expectRefusal("extend", "[2, 6]", "[4, 6]", "[5, 6]") { try growing.extend(to: [5, 6]) }
            try expectRefusal("[1, 6]") { try growing.extend(to: [1, 6]) }
            try expectRefusal("[3]") { try growing.extend(to: [3]) }
            try growing.extend(to: [4, 6])
            var fixed = try file.createDataset("fixed", of: Double.self, shape: [2, 6])
            try expectRefusal("[2, 6]") { try fixed.extend(to: [3, 6]) }
            try file.close()
        },
        Case("compressed chunks are not written independently") { world in
            let file = try HDF5File.create(path("independent2.h5"), communicator: world)
            let dataset = try file.createDataset(
                "density", of: Double.self, shape: [4], layout: .chunked([2], compression: .deflate()))
            try expectRefusal("compressed", "collectively") {
                try dataset.write([1.0, 2, 3, 4], transfer: .independent)
            }
            try dataset.write(world.rank == 0 ? [1.0, 2, 3, 4] : [], to: world.rank == 0 ? nil : .none(axes: 1))
            if world.rank == 0 {
                try expect(dataset.read(Double.self, transfer: .independent), equals: [1, 2, 3, 4])
                try expect(dataset.whyIndependent().here, equals: .independentRequested)
            }
            try file.close()
            if world.rank == 0 {
                let serial = try HDF5File.open(path("independent2.h5"), mode: .readWrite)
                try serial.openDataset("density").write([9.0], to: Hyperslab(0..<1), transfer: .independent)
                try expect(serial.openDataset("density").read(Double.self), equals: [9, 2, 3, 4])
                try serial.close()
            }
            try world.Barrier()
        },
        Case("alignment and hints") { world in
            let access = HDF5FileAccess(
                alignment: .init(to: 1 << 20, fromSize: 1000), hints: ["cb_buffer_size": "1048576", "no such": "hint"])
            let name = path("aligned.h5")
            let file = try HDF5File.create(name, communicator: world, access: access)
            for dataset in ["a", "b"] {
                try file.createDataset(dataset, of: UInt8.self, shape: [5000]).write(
                    [UInt8](repeating: 7, count: world.rank == 0 ? 5000 : 0),
                    to: world.rank == 0 ? nil : .none(axes: 1))
            }
            try file.close()
            try expect(fileSize(name) >= 2 << 20, "the second dataset begins at 2 MiB")
            let again = try HDF5File.open(name, communicator: world, access: access)
            try expect(again.openDataset("b").read(UInt8.self), equals: [UInt8](repeating: 7, count: 5000))
            try again.close()
            try expectRefusal("create", "multiples of 0") {
                _ = try HDF5File.create(name, access: HDF5FileAccess(alignment: .init(to: 0)))
            }
            try expectRefusal("create", "no hint") {
                _ = try HDF5File.create(name, communicator: world, access: HDF5FileAccess(hints: ["": "1"]))
            }
        },
    ]
}

var hdf5FullDiskOfChunksCases: [Case] {
    [
        Case("disks too full for chunks") { world in
            guard let name = smallPath("chunks.h5") else { return }
            let file = try HDF5File.create(name, communicator: world)
            try expectRefusal("cannot create dataset /density in \(name): No space left on device") {
                _ = try file.createDataset(
                    "density", of: Double.self, shape: [1 << 20], layout: .chunked([1 << 10]))
            }
            file.discard()

            let second = try HDF5File.create(name, communicator: world)
            var growing = try second.createDataset(
                "growing", of: Double.self, shape: [1 << 10], layout: .chunked([1 << 10]), maximumShape: [nil])
            try expectRefusal("cannot extend \(name):/growing: No space left on device") {
                try growing.extend(to: [1 << 20])
            }
            second.discard()

            let third = try HDF5File.create(name, communicator: world)
            let compressed = try third.createDataset(
                "compressed", of: Double.self, shape: [1 << 20],
                layout: .chunked([1 << 10], compression: .deflate()))
            let mine = share(of: 1 << 20, world)
            try expectRefusal("cannot write \(name):/compressed: No space left on device") {
                try compressed.write([Double](repeating: 1, count: mine.count), to: Hyperslab(mine))
            }
            third.discard()
            try expect(access(name, F_OK), equals: -1)
            try world.Barrier()
        }
    ]
}
