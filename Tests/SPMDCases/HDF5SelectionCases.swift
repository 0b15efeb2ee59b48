import ParallelHDF5
import SwiftMPI

// Steps, single elements, virtual datasets; text, truth values and complex numbers as elements.

var hdf5SelectionCases: [Case] {
    [
        Case("every third column, every second row") { world in
            let file = try HDF5File.create(path("steps.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Double.self, shape: [6, 11])
            let rows = share(of: 6, world)
            try dataset.write(values(rows, 0..<11), to: Hyperslab(rows, 0..<11))
            let coarse = Hyperslab(start: [1, 2], count: [3, 3], step: [2, 4])
            try expect("\(coarse)", equals: "[1..<7 by 2, 2..<14 by 4]")
            try expect(
                dataset.read(Double.self, from: coarse),
                equals: [1, 3, 5].flatMap { row in [2, 6, 10].map { value(row, $0) } })
            let mine = world.rank == world.size - 1 ? coarse : .none(axes: 2)
            try dataset.write([Double](repeating: -1, count: mine.elementCount), to: mine)
            let all = try dataset.read(Double.self)
            for row in 0..<6 {
                for column in 0..<11 {
                    let isCoarse = row % 2 == 1 && column % 4 == 2
                    try expect(all[row * 11 + column], equals: isCoarse ? -1 : value(row, column))
                }
            }
            for region in [
                Hyperslab(start: [1, 2], count: [3, 4], step: [2, 4]),
                Hyperslab(start: [0, 0], count: [1, 1], step: [0, 1]),
                Hyperslab(start: [0, 0], count: [2, 2], step: [.max, 1]),
            ] {
                try expectRefusal("not inside", "[6, 11]") { _ = try dataset.read(Double.self, from: region) }
            }
            try file.close()
        },
        Case("an index, open ranges, arrays as buffers") { world in
            let file = try HDF5File.create(path("region.h5"), communicator: world)
            let field = try file.createDataset("field", of: Double.self, shape: [3, world.size, 8])
            // Step 1 of each rank's row, from a field with a rim.
            let padded = values(world.rank..<world.rank + 1, 0..<10)
            try field.write(
                padded, memoryShape: [10], memory: Hyperslab(1...8), to: field.region(1, world.rank, 0...))
            try expect(field.region(1, 0..., 3..<7), equals: Hyperslab(1..<2, 0..<world.size, 3..<7))
            try expect(field.region(...1, ..<1, 2...4), equals: Hyperslab(0..<2, 0..<1, 2..<5))
            try expect(Hyperslab(1, 0..<2, 3...4), equals: Hyperslab(1..<2, 0..<2, 3..<5))
            try expect(
                try field.read(from: field.region(1, 0..., 2..<5)), equals: values(0..<world.size, 3..<6))
            var row = [Double](repeating: -1, count: 10)
            try field.read(
                into: &row, memoryShape: [10], memory: Hyperslab(1..<9), from: field.region(1, world.rank, 0...))
            try expect(row, equals: [-1] + values(world.rank..<world.rank + 1, 1..<9) + [-1])
            var two = [0.0, 0.0]
            try field.read(into: &two, from: field.region(1, 0, 6...))
            try expect(two, equals: values(0..<1, 7..<9))
            try expect(try field.read(Double.self, from: field.region(0, 0, 8...)), equals: [])
            let outside = [
                field.region(0, 0, 9...), field.region(4..., 0, 0), field.region(0, 0...), field.region(3, 0, 0...),
                Hyperslab(0, 0, 1...), Hyperslab(0, -1, 0),
            ]
            for region in outside {
                try expectRefusal("the selection") { _ = try field.read(Double.self, from: region) }
            }
            try file.close()
        },
        Case("numbers are read as those of another type") { world in
            let file = try HDF5File.create(path("converted.h5"), communicator: world)
            let doubles = try file.createDataset("doubles", of: Double.self, shape: [3])
            let integers = try file.createDataset("integers", of: Int64.self, shape: [3])
            let isWriter = world.rank == 0
            try doubles.write(isWriter ? [0.1, -1e300, 16_777_217] : [], to: isWriter ? nil : .none(axes: 1))
            try integers.write(isWriter ? [9_007_199_254_740_993, -3, 255] : [], to: isWriter ? nil : .none(axes: 1))
            try expect(
                try doubles.read(Float.self, converting: Double.self), equals: [0.1, -.infinity, 16_777_216])
            try expect(
                try integers.read(Double.self, converting: Int64.self), equals: [9_007_199_254_740_992, -3, 255])
            try expect(
                try integers.read(UInt8.self, converting: Int64.self, from: Hyperslab(2)), equals: [255])
            try expectRefusal("-3", "UInt8") {
                _ = try integers.read(UInt8.self, converting: Int64.self, from: Hyperslab(1..<3))
            }
            try expectRefusal("64-bit integer", "Double") { _ = try integers.read(Float.self, converting: Double.self) }
            try file.close()
        },
        Case("single elements of all ranks") { world in
            let file = try HDF5File.create(path("points.h5"), communicator: world)
            let dataset = try file.createDataset("density", of: Int.self, shape: [4, 5])
            // Element n belongs to rank n % size, and goes where 7n % 20 says, which visits all of them once.
            let mine = (0..<20).filter { $0 % world.size == world.rank && $0 >= world.size - 1 }
            let points = mine.map { [7 * $0 % 20 / 5, 7 * $0 % 5] }
            let rows = share(of: 4, world)
            try dataset.write([Int](repeating: -1, count: rows.count * 5), to: Hyperslab(rows, 0..<5))
            try dataset.write(mine, at: points)
            try expect(dataset.lastTransfer(), equals: .collective)
            let all = try dataset.read(Int.self)
            for number in world.size - 1..<20 { try expect(all[7 * number % 20], equals: number) }
            try expect(all.count { $0 == -1 }, equals: world.size - 1)
            try expect(dataset.read(Int.self, at: points), equals: mine)
            try expect(dataset.read(Int.self, at: []), equals: [])
            try expectRefusal("[4, 0]", "[4, 5]") { _ = try dataset.read(Int.self, at: [[0, 0], [4, 0]]) }
            try expectRefusal("[1]") { _ = try dataset.read(Int.self, at: [[1]]) }
            try expectRefusal("[0, -1]") { try dataset.write([1], at: [[0, -1]]) }
            try expectRefusal("2 elements", "1 points") { try dataset.write([1, 2], at: [[0, 0]]) }
            try expectRefusal("64-bit integer", "Double") { try dataset.write([1.0], at: [[0, 0]]) }
            try file.close()
        },
        Case("a virtual dataset shows what others hold") { world in
            // In names of sources HDF5 takes percent signs for a pattern, unless told otherwise.
            let relative = "source%d%%\(world.rank).h5"
            let (source, name) = (path(relative), path("virtual\(world.rank).h5"))
            let file = try HDF5File.create(source)
            try file.createDataset("density%b", of: Double.self, shape: [2, 3, 4]).write((0..<24).map { Double($0) })
            try file.close()
            let view = try HDF5File.create(name)
            let whole = Hyperslab(0..<3, 0..<4)
            let frame = HDF5VirtualSource(
                filePath: relative, path: "/density%b", shape: [2, 3, 4], region: Hyperslab(1..<2, 0..<3, 0..<4),
                target: whole)
            _ = try view.createVirtualDataset("frame", of: Double.self, shape: [3, 4], from: [frame])
            var misfit = frame
            misfit.target = Hyperslab(0..<3, 0..<3)
            try expectRefusal("does not fit") {
                _ = try view.createVirtualDataset("no", of: Double.self, shape: [3, 4], from: [misfit])
            }
            misfit.target = Hyperslab(0..<4, 0..<4)
            try expectRefusal("not inside") {
                _ = try view.createVirtualDataset("no", of: Double.self, shape: [3, 4], from: [misfit])
            }
            try view.close()
            let again = try HDF5File.open(name)
            try expect(again.openDataset("frame").read(Double.self), equals: (12..<24).map { Double($0) })
            try again.close()

            let parallel = try HDF5File.create(path("parallel-view.h5"), communicator: world)
            try expectRefusal("serial files only") {
                _ = try parallel.createVirtualDataset("frame", of: Double.self, shape: [3, 4], from: [frame])
            }
            try parallel.close()
        },
    ]
}

var hdf5ElementCases: [Case] {
    [
        Case("truth values and complex numbers") { world in
            let file = try HDF5File.create(path("elements.h5"), communicator: world)
            func roundTrip<T: HDF5Scalar & Equatable>(
                in file: borrowing HDF5File, _ name: String, _ elements: [T]
            ) throws {
                let dataset = try file.createDataset(name, of: T.self, shape: [elements.count])
                try expect(dataset.storedType.elementType, equals: T.hdf5Type)
                let mine = share(of: elements.count, world)
                try dataset.write(Array(elements[mine]), to: Hyperslab(mine))
                try expect(dataset.lastTransfer(), equals: .collective)
                try expect(dataset.read(T.self), equals: elements)
                try dataset.setAttribute("first", to: elements[0])
                try expect(dataset.attribute("first", as: T.self), equals: elements[0])
            }
            try roundTrip(in: file, "bool", [true, false, false, true, true])
            try roundTrip(in: file, "complex64", (0..<5).map { Complex<Float>(Float($0), -0.5) })
            try roundTrip(in: file, "complex128", (0..<5).map { Complex<Double>(0.25, Double($0)) })
            try expect(file.openDataset("bool").attributeText("first"), equals: "true")
            try expectRefusal("Bool") { _ = try file.openDataset("complex64").read(Bool.self) }
            try expectRefusal("Int8") { _ = try file.openDataset("bool").read(Int8.self) }
            try file.close()
        },
        Case("strings of fixed length") { world in
            let file = try HDF5File.create(path("strings.h5"), communicator: world)
            let words = ["", "a", "größer", "m² s⁻¹", "12345678"]
            for layout in [HDF5Layout.contiguous, .chunked([2], compression: .deflate())] {
                let name = layout.chunkShape == nil ? "words" : "compressed words"
                let dataset = try file.createDataset(name, ofStringsOfLength: 10, shape: [words.count], layout: layout)
                let mine = share(of: words.count, world)
                try dataset.write(Array(words[mine]), to: Hyperslab(mine))
                try expect(dataset.readStrings(), equals: words)
                try expect(dataset.readStrings(from: Hyperslab(1..<3)), equals: Array(words[1..<3]))
                try expectRefusal("'größer als'", "12 bytes", "10") {
                    try dataset.write(["größer als"], to: Hyperslab(0..<1))
                }
                try expectRefusal("zero") { try dataset.write(["a\0b"], to: Hyperslab(0..<1)) }
                try expectRefusal("string of 10 bytes", "Int8") { _ = try dataset.read(Int8.self) }
            }
            let empty = try file.createDataset("none", ofStringsOfLength: 1, shape: [0])
            try expect(empty.readStrings(), equals: [])
            try expectRefusal("0 bytes") { _ = try file.createDataset("no", ofStringsOfLength: 0, shape: [1]) }
            let numbers = try file.createDataset("numbers", of: Double.self, shape: [1])
            try expectRefusal("64-bit float", "strings") { try numbers.write(["a"]) }
            try expectRefusal("64-bit float", "strings") { _ = try numbers.readStrings() }
            try file.close()
        },
    ]
}
