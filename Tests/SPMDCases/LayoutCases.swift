import SwiftMPI

/// A layout and, worked out by hand, where its elements lie.
private struct Example<T: MPIDatatype> {
    var name: String
    var make: () throws -> Layout<T>
    var places: [Int]
    /// Lower bound, extent, true lower bound, true extent.
    var bounds: [Int]

    static var all: [Example] {
        typealias L = Layout<T>
        return [
            Example(name: "element", make: { .element }, places: [0], bounds: [0, 1, 0, 1]),
            Example(name: "contiguous", make: { try .contiguous(4) }, places: [0, 1, 2, 3], bounds: [0, 4, 0, 4]),
            Example(name: "contiguous, empty", make: { try .contiguous(0) }, places: [], bounds: [0, 0, 0, 0]),
            Example(
                name: "vector", make: { try .vector(count: 3, blockLength: 2, stride: 5) },
                places: [0, 1, 5, 6, 10, 11], bounds: [0, 12, 0, 12]),
            Example(
                name: "vector, backwards", make: { try .vector(count: 3, stride: -2) }, places: [0, -2, -4],
                bounds: [-4, 5, -4, 5]),
            Example(
                name: "indexed", make: { try .indexed(lengths: [2, 1, 0, 3], displacements: [4, 1, 9, 7]) },
                places: [4, 5, 1, 7, 8, 9], bounds: [1, 9, 1, 9]),
            Example(
                name: "indexed, equal blocks", make: { try .indexed(blockLength: 2, displacements: [6, -3, 1]) },
                places: [6, 7, -3, -2, 1, 2], bounds: [-3, 11, -3, 11]),
            Example(
                name: "subarray", make: { try .subarray(sizes: [4, 5], subsizes: [2, 3], starts: [1, 2]) },
                places: [7, 8, 9, 12, 13, 14], bounds: [0, 20, 7, 8]),
            Example(
                name: "subarray, Fortran",
                make: { try .subarray(sizes: [4, 5], subsizes: [2, 3], starts: [1, 2], order: .fortran) },
                places: [9, 10, 13, 14, 17, 18], bounds: [0, 20, 9, 10]),
            Example(
                name: "subarray of three axes",
                make: { try .subarray(sizes: [3, 4, 5], subsizes: [2, 1, 2], starts: [1, 1, 3]) },
                places: [28, 29, 48, 49], bounds: [0, 60, 28, 22]),
            Example(
                name: "resized", make: { try L.vector(count: 3, stride: 4).resized(extent: 1) }, places: [0, 4, 8],
                bounds: [0, 1, 0, 9]),
            Example(
                name: "resized with a lower bound",
                make: { try L.contiguous(2).resized(lowerBound: -1, extent: 5) }, places: [0, 1],
                bounds: [-1, 5, 0, 2]),
            Example(
                name: "vector of layouts", make: { try .vector(count: 2, stride: 3, of: .contiguous(2)) },
                places: [0, 1, 6, 7], bounds: [0, 8, 0, 8]),
            Example(
                name: "columns", make: { try .contiguous(2, of: L.vector(count: 3, stride: 4).resized(extent: 1)) },
                places: [0, 4, 8, 1, 5, 9], bounds: [0, 2, 0, 10]),
            Example(
                name: "subarray of layouts",
                make: { try .subarray(sizes: [2, 2], subsizes: [1, 1], starts: [1, 0], of: .contiguous(3)) },
                places: [6, 7, 8], bounds: [0, 12, 6, 3]),
            Example(
                name: "indexed of layouts",
                make: { try .indexed(displacements: [2, 0], of: .vector(count: 2, stride: 2)) },
                places: [6, 8, 0, 2], bounds: [0, 9, 0, 9]),
            Example(
                name: "duplicate", make: { try L.vector(count: 2, stride: 3).dup() }, places: [0, 3],
                bounds: [0, 4, 0, 4]),
        ]
    }
}

/// All layouts of one type of element.
private func cases<T: MPIDatatype & Equatable>(_ name: String, _ make: @escaping (Int) -> T) -> [Case] {
    Example<T>.all.flatMap { example in
        // Room for two items, with something before and behind.
        let start = 1 - min(0, example.places.min() ?? 0)
        let size = start + (example.places.max() ?? 0) + example.bounds[1] + 2
        let zero = make(0)
        func chosen(_ count: Int) -> [Int] {
            (0..<count).flatMap { item in example.places.map { start + item * example.bounds[1] + $0 } }
        }
        func row(_ rank: Int) -> [T] { (0..<size).map { make(100 * rank + $0 + 1) } }
        /// `row`, only where something is chosen.
        func masked(_ rank: Int, _ count: Int) -> [T] {
            let chosen = Set(chosen(count))
            return (0..<size).map { chosen.contains($0) ? row(rank)[$0] : zero }
        }
        return [
            Case("\(example.name) of \(name) is what it should be") { world in
                let layout = try example.make()
                try expect(
                    [layout.lowerBound, layout.extent, layout.trueLowerBound, layout.trueExtent],
                    equals: example.bounds)
                try expect(layout.elementCount, equals: example.places.count)
                try expect(layout.size, equals: example.places.count * Layout<T>.element.size)
            },
            Case("\(example.name) of \(name) is sent and received") { world in
                let layout = try example.make()
                let (left, right) = ringNeighbors(world)
                for count in 0...2 {
                    let places = chosen(count)
                    // Out of the layout, into the layout, and both.
                    var whole = places.map { _ in zero }
                    let sent = try row(world.rank).selecting(layout, count: count, from: start)
                    var status = try world.Sendrecv(sent, dest: right, into: &whole, source: left)
                    try expect(whole, equals: places.map { row(left)[$0] })
                    try expect(status.count(of: T.self), equals: places.count)
                    if !places.isEmpty { try expect(status.count(of: layout), equals: count) }

                    var base = row(0).map { _ in zero }
                    var room = try base.mutableSpan.selecting(layout, count: count, from: start)
                    status = try world.Sendrecv(
                        places.map { row(world.rank)[$0] }, dest: right, into: &room, source: left)
                    try expect(base, equals: masked(left, count))

                    let owned = try row(0).map { _ in zero }.selecting(layout, count: count, from: start)
                    let incoming = try world.Irecv(into: owned, source: left)
                    let outgoing = try world.Isend(sent, dest: right)
                    _ = try outgoing.wait()
                    try expect(try incoming.wait().base, equals: masked(left, count))
                }
            },
            Case("\(example.name) of \(name) is packed and unpacked") { world in
                let layout = try example.make()
                var packed: [UInt8] = []
                try world.Pack(row(1).selecting(layout, count: 2, from: start), into: &packed)
                var (position, base) = (0, row(0).map { _ in zero })
                var room = try base.mutableSpan.selecting(layout, count: 2, from: start)
                try world.Unpack(packed, position: &position, into: &room)
                try expect(base, equals: masked(1, 2))
            },
        ]
    }
}

/// With gaps of its own between the elements.
private struct Gapped: MPIStructure, Equatable {
    var secret: Int8 = 0
    var value: Int32
    var small: Int8 = 0

    static var mpiFields: MPIFields<Self> { MPIFields(\.value) }
}

var layoutCases: [Case] {
    cases("Double") { Double($0) } + cases("Int16") { Int16($0) }
        + cases("a struct") { Gapped(value: Int32($0)) } + selectionCases + alltoallwCases
}
