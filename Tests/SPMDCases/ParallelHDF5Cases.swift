import Glibc
import ParallelHDF5
import SwiftMPI

// Parallel HDF5 on any number of ranks. Files go to $SPMD_DIRECTORY, where the suites look at them with other programs.
// Cases of a full disk need $SMALL_DIRECTORY, a file system of 4 MiB, and do nothing without it.

var parallelHDF5Cases: [Case] {
    // The last ones make collective writes fail, after which Open MPI 4 may hang at the next file.
    hdf5TransferCases + hdf5ContentsCases + hdf5RefusalCases + hdf5FailureCases + hdf5EndingCases + hdf5LayoutCases
        + hdf5SelectionCases + hdf5ElementCases + resultFileCases + hdf5FullDiskOfChunksCases + hdf5FullDiskCases
}

func path(_ name: String) -> String {
    (getenv("SPMD_DIRECTORY").map { String(cString: $0) } ?? "/tmp") + "/" + name
}

/// The rows of `total` that belong to a rank; none for some where there are more ranks than rows.
func share(of total: Int, _ world: Communicator) -> Range<Int> {
    total * world.rank / world.size..<total * (world.rank + 1) / world.size
}

/// What element (row, column) of the test datasets is.
func value(_ row: Int, _ column: Int) -> Double { Double(row) * 1000 + Double(column) }

func values(_ rows: Range<Int>, _ columns: Range<Int>) -> [Double] {
    rows.flatMap { row in columns.map { value(row, $0) } }
}

// MARK: - Moving data

private var hdf5TransferCases: [Case] {
    [
        Case("rows of all ranks, fewer than ranks too") { world in
            for rows in [1, 3, 7, 64] {
                let file = try HDF5File.create(path("rows.h5"), communicator: world)
                let dataset = try file.createDataset("density", of: Double.self, shape: [rows, 10])
                let mine = share(of: rows, world)
                try dataset.write(values(mine, 0..<10), to: Hyperslab(mine, 0..<10))
                try expect(dataset.lastTransfer(), equals: .collective)
                try file.close()

                let again = try HDF5File.open(path("rows.h5"), communicator: world)
                let all = try again.openDataset("density")
                try expect(all.shape, equals: [rows, 10])
                try expect(all.read(Double.self), equals: values(0..<rows, 0..<10))
                try expect(all.lastTransfer(), equals: .collective)
                try expect(all.read(Double.self, from: Hyperslab(mine, 2..<5)), equals: values(mine, 2..<5))
                try again.close()
            }
        },
        Case("columns of all ranks") { world in
            let file = try HDF5File.create(path("columns.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [6, 11])
            let mine = share(of: 11, world)
            try dataset.write(values(0..<6, mine), to: Hyperslab(0..<6, mine))
            try expect(dataset.lastTransfer(), equals: .collective)
            try expect(dataset.read(Double.self), equals: values(0..<6, 0..<11))
            try file.close()
        },
        Case("the interior of a padded field") { world in
            let (rows, columns, stride) = (9, 5, 16)
            let mine = share(of: rows, world)
            // Rows and columns of the rim are -1 and must neither be written nor overwritten.
            var padded = [Double](repeating: -1, count: (mine.count + 2) * stride)
            for (local, row) in mine.enumerated() {
                for column in 0..<columns { padded[(local + 1) * stride + column + 8] = value(row, column) }
            }
            let interior = Hyperslab(1..<1 + mine.count, 8..<8 + columns)
            let file = try HDF5File.create(path("padded.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [2, rows, columns])
            for time in 0..<2 {
                try dataset.write(
                    padded.span, memoryShape: [mine.count + 2, stride], memory: interior,
                    to: Hyperslab(time..<time + 1, mine, 0..<columns))
                try expect(dataset.lastTransfer(), equals: .collective)
            }
            try expect(
                dataset.read(Double.self), equals: values(0..<rows, 0..<columns) + values(0..<rows, 0..<columns))

            var back = [Double](repeating: -1, count: padded.count)
            var span = back.mutableSpan
            try dataset.read(
                into: &span, memoryShape: [mine.count + 2, stride], memory: interior,
                from: Hyperslab(1..<2, mine, 0..<columns))
            try expect(back, equals: padded)
            try file.close()
        },
        Case("independent transfers of one rank") { world in
            let file = try HDF5File.create(path("independent.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [4, 4])
            if world.rank == world.size - 1 {
                try dataset.write(values(0..<4, 0..<4), transfer: .independent)
                try expect(dataset.lastTransfer(), equals: .independent)
            }
            try file.flush()
            try expect(dataset.read(Double.self), equals: values(0..<4, 0..<4))
            try file.close()
        },
        Case("scalars and datasets without elements") { world in
            let file = try HDF5File.create(path("shapes.h5"), communicator: world)
            let scalar = try file.createDataset("scalar", of: Int32.self, shape: [])
            try scalar.write(world.rank == 0 ? [42] : [Int32](), to: world.rank == 0 ? nil : .none(axes: 0))
            let empty = try file.createDataset("empty", of: Int32.self, shape: [3, 0])
            try empty.write([Int32]())
            try expect(empty.read(Int32.self), equals: [])
            try file.close()
            let again = try HDF5File.open(path("shapes.h5"), communicator: world)
            try expect(again.openDataset("scalar").read(Int32.self), equals: [42])
            try expect(again.openDataset("scalar").shape, equals: [])
            try again.close()
        },
        Case("every element type") { world in
            func roundTrip<T: HDF5Scalar & Equatable>(_ elements: [T]) throws {
                let file = try HDF5File.create(path("types.h5"), communicator: world)
                let dataset = try file.createDataset("data", of: T.self, shape: [elements.count])
                try expect(dataset.storedType.elementType, equals: T.hdf5Type)
                let mine = share(of: elements.count, world)
                try dataset.write(Array(elements[mine]), to: Hyperslab(mine))
                try expect(dataset.read(T.self), equals: elements)
                try file.close()
            }
            try roundTrip([Int8.min, 0, .max])
            try roundTrip([Int16.min, 0, .max])
            try roundTrip([Int32.min, 0, .max])
            try roundTrip([Int64.min, 0, .max])
            try roundTrip([Int.min, 0, .max])
            try roundTrip([0, UInt8.max])
            try roundTrip([0, UInt16.max])
            try roundTrip([0, UInt32.max])
            try roundTrip([0, UInt64.max])
            try roundTrip([0, UInt.max])
            try roundTrip([-Float.greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity])
            try roundTrip([-Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity])
        },
        Case("a file of some of the ranks") { world in
            guard let half = try world.split(color: world.rank % 2, key: world.rank) else { return }
            let name = path("half\(world.rank % 2).h5")
            let file = try HDF5File.create(name, communicator: half)
            let dataset = try file.createDataset("ranks", of: Int.self, shape: [half.size])
            try dataset.write([world.rank], to: Hyperslab(half.rank..<half.rank + 1))
            try expect(dataset.read(Int.self), equals: (0..<half.size).map { 2 * $0 + world.rank % 2 })
            try file.close()
        },
        Case("a serial file of each rank") { world in
            let name = path("serial\(world.rank).h5")
            let file = try HDF5File.create(name)
            try expect(file.isParallel, equals: false)
            try file.createDataset("rank", of: Int.self, shape: [1]).write([world.rank])
            try file.close()
            let again = try HDF5File.open(name)
            try expect(again.openDataset("rank").read(Int.self), equals: [world.rank])
            try again.close()
        },
    ]
}

// MARK: - What else a file holds

private var hdf5ContentsCases: [Case] {
    [
        Case("attributes") { world in
            let file = try HDF5File.create(path("attributes.h5"), communicator: world)
            let group = try file.createGroup("run")
            let dataset = try group.createDataset("density", of: Double.self, shape: [world.size])
            func check(_ object: borrowing some HDF5Object & ~Copyable) throws {
                try object.setAttribute("units", to: "m² s⁻¹")
                try object.setAttribute("empty", to: "")
                try object.setAttribute("names", to: ["x", "größer", ""])
                try object.setAttribute("step", to: 0.1)
                try object.setAttribute("seed", to: Int64.min)
                try object.setAttribute("extent", to: [1.5, -2.5])
                try object.setAttribute("counts", to: [1, 2, 3] as [Int32])
                try object.setAttribute("step", to: 0.25)  // in place of 0.1
                try expect(object.attribute("units"), equals: "m² s⁻¹")
                try expect(object.attribute("empty"), equals: "")
                try expect(object.attribute("names", as: [String].self), equals: ["x", "größer", ""])
                try expect(object.attribute("step"), equals: 0.25)
                try expect(object.attribute("seed"), equals: Int64.min)
                try expect(object.attribute("extent", as: [Double].self), equals: [1.5, -2.5])
                try expect(object.attribute("counts", as: [Int64].self), equals: [1, 2, 3])
                try expect(object.attributeText("counts"), equals: "[1, 2, 3]")
                try expect(
                    object.attributeNames(), equals: ["counts", "empty", "extent", "names", "seed", "step", "units"])
                try object.removeAttribute("empty")
                try expect(object.hasAttribute("empty"), equals: false)
            }
            try check(file)
            try check(group)
            try check(dataset)
            try file.close()
        },
        Case("groups and the list of all datasets") { world in
            let file = try HDF5File.create(path("groups.h5"), communicator: world)
            let outer = try file.createGroup("outer")
            let inner = try outer.createGroup("inner")
            _ = try inner.createDataset("z", of: Float.self, shape: [2])
            _ = try outer.createDataset("y", of: Float.self, shape: [2])
            _ = try file.createDataset("x", of: Float.self, shape: [2])
            _ = try file.createDataset("outer/w", of: Float.self, shape: [2])
            try expect(file.datasetPaths(), equals: ["/outer/inner/z", "/outer/w", "/outer/y", "/x"])
            try expect(outer.datasetPaths(), equals: ["/outer/inner/z", "/outer/w", "/outer/y"])
            try expect(file.openGroup("outer/inner").openDataset("z").path, equals: "/outer/inner/z")
            try file.close()
        },
        Case("a netCDF-4 file") { world in
            // Read with ncdump, netCDF4-python, h5netcdf, xarray and h5py by the suite.
            let file = try HDF5File.create(path("netcdf.h5"), communicator: world)
            try file.setAttribute("Conventions", to: "CF-1.10")
            let extents = [("time", 2, "s"), ("y", 7, "m"), ("x", 5, "m")]
            let density = try file.createDataset("density", of: Double.self, shape: extents.map(\.1))
            try density.setAttribute("units", to: "m-2")
            try density.setAttribute("long_name", to: "density of particles")
            for (axis, (name, count, units)) in extents.enumerated() {
                let scale = try file.createDataset(name, of: Double.self, shape: [count])
                try scale.setAttribute("units", to: units)
                try scale.makeDimensionScale()
                try density.attachScale(scale, toAxis: axis)
                try expect(scale.isDimensionScale())
                try scale.write(
                    world.rank == 0 ? (0..<count).map { Double($0) / 2 } : [],
                    to: world.rank == 0 ? Hyperslab(0..<count) : .none(axes: 1))
            }
            try expect(density.scales(ofAxis: 1), equals: ["/y"])
            try expect(density.isDimensionScale(), equals: false)
            let mine = share(of: 7, world)
            for time in 0..<2 {
                try density.write(
                    values(mine, 0..<5).map { $0 + Double(time) * 1_000_000 },
                    to: Hyperslab(time..<time + 1, mine, 0..<5))
            }
            try file.close()
        },
    ]
}

// MARK: - Calls that are refused before HDF5 sees them

func expectRefusal(_ words: String..., body: () throws -> Void) throws {
    try expectThrow(body) { error in
        guard let error = error as? HDF5Error else { throw error }
        try expect(error.stack.isEmpty && error.reason == .refused, "HDF5 was called: \(error)")
        for word in words { try expect(error.description.contains(word), "‘\(word)’ in ‘\(error)’") }
    }
}

private var hdf5RefusalCases: [Case] {
    [
        Case("names that MPI-IO has no room for") { world in
            let name = String(repeating: "n", count: 200)
            let file = try HDF5File.create(path(name), communicator: world)
            try file.close()
            let longer = path(String(repeating: "n", count: 227))
            try expectRefusal("create", "its name has more than 226 bytes") {
                _ = try HDF5File.create(longer, communicator: world)
            }
            try expectRefusal("open", "its name has more than 226 bytes") {
                _ = try HDF5File.open(longer, communicator: world)
            }
        },
        Case("refused transfers") { world in
            let file = try HDF5File.create(path("refused.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [4, 6])
            let four = [1.0, 2, 3, 4]
            try expectRefusal("write", "/density", "64-bit float", "Float") {
                try dataset.write([Float](repeating: 0, count: 24))
            }
            try expectRefusal("read", "64-bit float", "Int64") { _ = try dataset.read(Int64.self) }
            try expectRefusal("4 elements", "24") { try dataset.write(four) }
            try expectRefusal("[0..<1, 3..<7]", "[4, 6]") { try dataset.write(four, to: Hyperslab(0..<1, 3..<7)) }
            try expectRefusal("[4, 6]") { try dataset.write(four, to: Hyperslab(start: [-1, 0], count: [1, 4])) }
            try expectRefusal("[4, 6]") { try dataset.write(four, to: Hyperslab(start: [0, 0], count: [1, -4])) }
            try expectRefusal("[4, 6]") { try dataset.write(four, to: Hyperslab(start: [0, .max], count: [1, 4])) }
            try expectRefusal("1 axes", "has 2") { try dataset.write(four, to: Hyperslab(0..<4)) }
            try expectRefusal("4 elements", "too few", "[2, 3]") {
                try dataset.write(
                    four.span, memoryShape: [2, 3], memory: Hyperslab(0..<1, 0..<3), to: Hyperslab(0..<1, 0..<3))
            }
            try expectRefusal("the buffer", "[2, 2]") {
                try dataset.write(
                    four.span, memoryShape: [2, 2], memory: Hyperslab(0..<1, 0..<3), to: Hyperslab(0..<1, 0..<3))
            }
            try expectRefusal("too few") {
                try dataset.write(
                    four.span, memoryShape: [.max, 4], memory: Hyperslab(0..<1, 0..<3), to: Hyperslab(0..<1, 0..<3))
            }
            var two = [0.0, 0]
            try expectRefusal("2 elements", "4") {
                var span = two.mutableSpan
                try dataset.read(into: &span, from: Hyperslab(0..<4, 0..<1))
            }
            try file.close()
        },
        Case("refused shapes, scales and attributes") { world in
            let file = try HDF5File.create(path("refused2.h5"), communicator: world)
            try expectRefusal("negative") { _ = try file.createDataset("d", of: Double.self, shape: [2, -1]) }
            try expectRefusal("2^63") { _ = try file.createDataset("d", of: Double.self, shape: [1 << 40, 1 << 40]) }
            let field = try file.createDataset("field", of: Double.self, shape: [4, 6])
            let four = try file.createDataset("four", of: Double.self, shape: [4])
            try expectRefusal("2 axes") { try field.makeDimensionScale() }
            try expectRefusal("not a dimension scale") { try field.attachScale(four, toAxis: 0) }
            try four.makeDimensionScale("y")
            try expectRefusal("axis 2") { try field.attachScale(four, toAxis: 2) }
            try expectRefusal("6 elements", "4") { try field.attachScale(four, toAxis: 1) }
            try file.setAttribute("numbers", to: [1.5, 2.5])
            try file.setAttribute("text", to: "a")
            try expectRefusal("numbers", "not text") { _ = try file.attribute("numbers", as: String.self) }
            try expectRefusal("text", "not Double") { _ = try file.attribute("text", as: Double.self) }
            try expectRefusal("2 values") { _ = try file.attribute("numbers", as: Double.self) }
            try expectRefusal("not Float") { _ = try file.attribute("numbers", as: [Float].self) }
            try file.close()
        },
    ]
}

// MARK: - Failures that HDF5 reports

func expectFailure(
    _ prefix: String, reason: HDF5Error.Reason = .reported, body: () throws -> Void
) throws {
    try expectThrow(body) { error in
        guard let error = error as? HDF5Error else { throw error }
        try expect(error.reason, equals: reason)
        try expect(!error.stack.isEmpty, "no HDF5 stack: \(error)")
        try expect(error.description.hasPrefix(prefix), "‘\(prefix)’ begins ‘\(error)’")
        try expect(!error.description.contains("\n"), "one line: ‘\(error)’")
    }
}

/// Writes a file that is none of HDF5's, from one rank.
func writeBytes(_ name: String, _ bytes: [UInt8], _ world: Communicator) throws {
    if world.rank == 0 {
        let file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try expect(file >= 0 && write(file, bytes, bytes.count) == bytes.count && close(file) == 0)
    }
    try world.Barrier()
}

private var hdf5FailureCases: [Case] {
    [
        Case("files that cannot be created or opened") { world in
            let (missing, text, short) = (path("no/such/directory.h5"), path("text.h5"), path("short.h5"))
            try writeBytes(text, Array("#!/bin/sh\n".utf8), world)
            for communicator in [world, nil] {
                try expectFailure("cannot create \(missing): ") {
                    _ = try HDF5File.create(missing, communicator: communicator)
                }
                try expectFailure("cannot create \(text)/x.h5: ") {
                    _ = try HDF5File.create(text + "/x.h5", communicator: communicator)
                }
                try expectFailure("cannot open \(missing): ") {
                    _ = try HDF5File.open(missing, communicator: communicator)
                }
                try expectFailure("cannot open \(text): not an HDF5 file", reason: .notHDF5) {
                    _ = try HDF5File.open(text, communicator: communicator)
                }
            }
            try expectFailure("cannot create \(missing): No such file or directory") {
                _ = try HDF5File.create(missing)
            }
            try expectFailure("cannot create \(text)/x.h5: Not a directory") { _ = try HDF5File.create(text + "/x.h5") }

            let file = try HDF5File.create(short, communicator: world)
            _ = try file.createDataset("density", of: Double.self, shape: [1000])
            try file.close()
            if world.rank == 0 { truncate(short, 4000) }
            try world.Barrier()
            for communicator in [world, nil] {
                try expectFailure("cannot open \(short): the file is truncated", reason: .truncated) {
                    _ = try HDF5File.open(short, communicator: communicator)
                }
            }
        },
        Case("what a file does not have, and what it has already") { world in
            let name = path("contents.h5")
            let file = try HDF5File.create(name, communicator: world)
            _ = try file.createDataset("density", of: Double.self, shape: [4])
            try expectFailure("cannot open dataset /mass of \(name): ") { _ = try file.openDataset("mass") }
            try expectFailure("cannot open group /density of \(name): ") { _ = try file.openGroup("density") }
            try expectFailure("cannot create dataset /density in \(name): name already exists") {
                _ = try file.createDataset("density", of: Double.self, shape: [4])
            }
            try expectFailure("cannot create dataset /a/b in \(name): ") {
                _ = try file.createDataset("a/b", of: Double.self, shape: [4])
            }
            try expectFailure("cannot read attribute units of \(name): ") {
                _ = try file.attribute("units", as: String.self)
            }
            try file.close()

            let again = try HDF5File.open(name, communicator: world)
            try expectFailure("cannot write \(name):/density: ") {
                try again.openDataset("density").write([1.0, 2, 3, 4])
            }
            try expectFailure("cannot create dataset /mass in \(name): ") {
                _ = try again.createDataset("mass", of: Double.self, shape: [4])
            }
            try again.close()
        },
    ]
}

// MARK: - How the use of a file ends

private var hdf5EndingCases: [Case] {
    [
        Case("nothing stays open") { world in
            func use() throws {
                let file = try HDF5File.create(path("open.h5"), communicator: world)
                let dataset = try file.createGroup("g").createDataset("d", of: Double.self, shape: [8])
                try dataset.makeDimensionScale()
                try dataset.setAttribute("text", to: ["a", "b"])
                try dataset.setAttribute("number", to: 1.5)
                try dataset.write([Double](repeating: 1, count: 8))
                _ = try dataset.read(Double.self)
                _ = try dataset.attributeText("text")
                _ = try file.datasetPaths()
                try expectThrow { _ = try file.openDataset("none") }
                try file.flush()
                try file.close()
            }
            try use()
            let before = openIdentifierCount()
            for _ in 0..<5 { try use() }
            try expect(openIdentifierCount(), equals: before)
        },
        Case("a closed file's datasets cannot be used") { world in
            let file = try HDF5File.create(path("closed.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [4])
            try file.close()
            try expectThrow { try dataset.write([1.0, 2, 3, 4]) }
            try expectThrow { _ = try dataset.attributeNames() }
        },
        Case("changing a file that is there") { world in
            let name = path("changed.h5")
            let file = try HDF5File.create(name, communicator: world)
            _ = try file.createDataset("density", of: Double.self, shape: [3]).write([1.0, 2, 3])
            try file.close()
            let again = try HDF5File.open(name, mode: .readWrite, communicator: world)
            try again.openDataset("density").write([5.0], to: Hyperslab(1..<2))
            try again.createDataset("mass", of: Double.self, shape: [1]).write([8.0])
            try again.close()
            let last = try HDF5File.open(name)
            try expect(last.openDataset("density").read(Double.self), equals: [1, 5, 3])
            try expect(last.openDataset("mass").read(Double.self), equals: [8])
            try last.close()
        },
        Case("a discarded file") { world in
            let name = path("discarded.h5")
            let file = try HDF5File.create(name, communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [100])
            try dataset.setAttribute("units", to: "m-2")
            try dataset.write([Double](repeating: 1, count: 100))
            file.discard()
            try expect(access(name, F_OK), equals: -1)
            try world.Barrier()
            try expectThrow { _ = try dataset.read(Double.self) }

            // A file that was there before is left as it was.
            let kept = try HDF5File.create(name, communicator: world)
            try kept.createDataset("density", of: Double.self, shape: [2]).write([1.0, 2])
            try kept.close()
            let changed = try HDF5File.open(name, mode: .readWrite, communicator: world)
            try changed.setAttribute("units", to: "m-2")
            changed.discard()
            try world.Barrier()
            let again = try HDF5File.open(name, communicator: world)
            try expect(again.attributeNames(), equals: [])
            try expect(again.openDataset("density").read(Double.self), equals: [1, 2])
            try again.close()

            let serial = try HDF5File.create(path("discarded\(world.rank).h5"))
            try serial.createDataset("density", of: Double.self, shape: [2]).write([1.0, 2])
            serial.discard()
            try expect(access(path("discarded\(world.rank).h5"), F_OK), equals: -1)
        },
        Case("a file dropped while an error unwinds") { world in
            // What is tested is that the job comes to its end: HDF5 meets the file again in MPI_Finalize.
            func fail() throws {
                let file = try HDF5File.create(path("dropped.h5"), communicator: world)
                let dataset = try file.createDataset("density", of: Double.self, shape: [8])
                try dataset.write([Double](repeating: 1, count: 8))
                throw Unmet(description: "on purpose")
            }
            try expectThrow(fail)
        },
    ]
}

// MARK: - A full disk

func smallPath(_ name: String) -> String? { getenv("SMALL_DIRECTORY").map { String(cString: $0) + "/" + name } }

private var hdf5FullDiskCases: [Case] {
    [
        Case("a dataset that does not fit") { world in
            guard let name = smallPath("full.h5") else { return }
            for communicator in [world, nil] where communicator != nil || world.rank == 0 {
                let name = communicator == nil ? name + ".serial" : name
                let file = try HDF5File.create(name, communicator: communicator)
                _ = try file.createDataset("fits", of: Double.self, shape: [1000])
                try expectRefusal("cannot create dataset /density in \(name): No space left on device") {
                    _ = try file.createDataset("density", of: Double.self, shape: [1 << 20])
                }
                file.discard()
                try expect(access(name, F_OK), equals: -1)
            }
            try world.Barrier()
        },
        Case("space that vanishes after it was claimed") { world in
            // As on file systems that cannot set space aside. Whether the write itself notices depends on the MPI
            // library: Open MPI 4 loses collective writes silently. Closing notices with all.
            guard let name = smallPath("vanished.h5") else { return }
            for transfer in [HDF5Transfer.collective, .independent] {
                let file = try HDF5File.create(name, communicator: world)
                let perRank = (3 << 17) / world.size
                let dataset = try file.createDataset("density", of: Double.self, shape: [world.size, perRank])
                try dataset.setAttribute("units", to: "m-2")
                if world.rank == 0 {
                    try expect(truncate(name, 0) == 0 && truncate(name, off_t((3 << 20) + 4096)) == 0)
                    let filler = open(name + ".filler", O_WRONLY | O_CREAT, 0o644)
                    let block = [UInt8](repeating: 1, count: 1 << 16)
                    while write(filler, block, block.count) > 0 {}
                    close(filler)
                }
                try world.Barrier()
                _ = try? dataset.write(
                    [Double](repeating: 1, count: perRank), to: Hyperslab(world.rank..<world.rank + 1, 0..<perRank),
                    transfer: transfer)
                var failure = ""
                do throws(HDF5Error) { try file.close() } catch { failure = error.description }
                try expect(failure, equals: "cannot write \(name): No space left on device")
                try expect(access(name, F_OK), equals: -1)
                if world.rank == 0 { unlink(name + ".filler") }
                try world.Barrier()
            }
        },
    ]
}
