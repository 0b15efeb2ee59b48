import SwiftMPI

/// Padding before, between and behind.
private struct Padded: MPIStructure, Hashable {
    var flag: Bool
    var x: Double
    var id: Int16

    init(_ number: Int) { (flag, x, id) = (number.isMultiple(of: 2), Double(number) / 3, Int16(number)) }

    static var mpiFields: MPIFields<Self> { MPIFields(\.x, \.id, \.flag) }
}

/// Swift puts `tail` into the padding of `inner`.
private struct Nested: MPIStructure, Equatable {
    var inner: Padded
    var tail: Int8
    var velocity: SIMD3<Float>
    var weights: InlineArray<3, Int32>
    var pair: (Int8, Complex<Double>)

    init(_ number: Int) {
        inner = Padded(number)
        tail = Int8(truncatingIfNeeded: number)
        velocity = SIMD3(0, 1, 2) * Float(number)
        weights = [Int32(number), 2, 3]
        pair = (7, Complex(Double(number), -1))
    }

    static var mpiFields: MPIFields<Self> { MPIFields(\.inner, \.tail, \.velocity, \.weights, \.pair.0, \.pair.1) }

    static func == (one: Nested, other: Nested) -> Bool {
        one.inner == other.inner && one.tail == other.tail && one.velocity == other.velocity
            && one.weights.span.indices.allSatisfy { one.weights[$0] == other.weights[$0] } && one.pair == other.pair
    }
}

private struct Marked<Value: MPIDatatype & Equatable>: MPIStructure, Equatable {
    var value: Value
    var mark: Int8

    static var mpiFields: MPIFields<Self> { MPIFields(\.value, \.mark) }
}

/// `secret` stays at home.
private struct Partial: MPIStructure, Equatable {
    var a: Int32
    var secret: Int64
    var point: (x: Float, y: Float)

    static var mpiFields: MPIFields<Self> { MPIFields(\.point.y, \.a) }

    static func == (one: Partial, other: Partial) -> Bool {
        one.a == other.a && one.secret == other.secret && one.point == other.point
    }
}

/// What every uppercase call does with a type.
private func typeCases<T: MPIDatatype & Equatable>(_ name: String, _ make: @escaping (Int) -> T) -> [Case] {
    func row(_ rank: Int, _ count: Int = 5) -> [T] { (0..<count).map { make(10 * rank + $0) } }
    return [
        Case("\(name) travels around a ring") { world in
            let (left, right) = ringNeighbors(world)
            for count in [0, 1, 5, 3000] {
                var received = row(9, count)
                let status = try world.Sendrecv(row(world.rank, count), dest: right, into: &received, source: left)
                try expect(received, equals: row(left, count))
                try expect(status.count(of: T.self), equals: count)
                let incoming = try world.Irecv(into: row(9, count), source: left, tag: 1)
                let outgoing = try world.Isend(row(world.rank, count), dest: right, tag: 1)
                _ = try outgoing.wait()
                try expect(try incoming.wait(), equals: row(left, count))
            }
        },
        Case("\(name) travels in collectives") { world in
            let all = (0..<world.size).flatMap { row($0) }
            for root in 0..<world.size {
                var buffer = row(world.rank)
                try world.Bcast(&buffer, root: root)
                try expect(buffer, equals: row(root))
                var whole = world.rank == root ? all.map { _ in make(9) } : []
                try world.Gather(row(world.rank), into: &whole, root: root)
                if world.rank == root { try expect(whole, equals: all) }
                var part = row(9)
                try world.Scatter(whole, into: &part, root: root)
                try expect(part, equals: row(world.rank))
            }
            var everywhere = all.map { _ in make(9) }
            try world.Allgather(row(world.rank), into: &everywhere)
            try expect(everywhere, equals: all)
            var exchanged = all.map { _ in make(9) }
            try world.Alltoall(all, into: &exchanged)
            try expect(exchanged, equals: (0..<world.size).flatMap { _ in row(world.rank) })
        },
        Case("\(name) is packed and unpacked") { world in
            var packed: [UInt8] = [0, 0, 0]
            try world.Pack(row(1), into: &packed)
            try world.Pack([1.5], into: &packed)
            var position = 3
            var (values, number) = (row(9), [0.0])
            try world.Unpack(packed, position: &position, into: &values)
            try world.Unpack(packed, position: &position, into: &number)
            try expect(values, equals: row(1))
            try expect(number, equals: [1.5])
            try expect(position, equals: packed.count)
        },
    ]
}

var datatypeCases: [Case] {
    typeCases("a struct with padding", Padded.init) + typeCases("a nested struct", Nested.init)
        + typeCases("a generic struct") { Marked(value: Double($0), mark: 1) }
        + typeCases("another generic struct") { Marked(value: Marked(value: Int16($0), mark: 3), mark: 2) }
        + typeCases("Complex<Double>") { Complex(Double($0), -1 / Double($0 + 1)) }
        + typeCases("Complex<Float>") { Complex(Float($0), 0.5) }
        + typeCases("ValueIndex<Double>") { ValueIndex(Double($0) / 7, at: $0) }
        + typeCases("ValueIndex<Int16>") { ValueIndex(Int16($0), at: -$0) }
        + typeCases("SIMD3<Double>") { SIMD3(Double($0), 1, -1) }
        + typeCases("SIMD8<Int16>") { SIMD8(repeating: Int16($0)) }
        + sizeCases + packCases + largeMessageCases
}

private var sizeCases: [Case] {
    [
        Case("only what is named travels") { world in
            try expect(Layout<Padded>.element.size, equals: 1 + 8 + 2)
            try expect(Layout<Partial>.element.size, equals: 4 + 4)
            try expect(Layout<Nested>.element.size, equals: 11 + 1 + 12 + 12 + 1 + 16)
            try expect(Layout<SIMD3<Double>>.element.size, equals: 24)
            try expect(Layout<InlineArray<0, Int>>.element.size, equals: 0)
        },
        Case("what is not named stays as it was") { world in
            let (left, right) = ringNeighbors(world)
            func make(_ rank: Int, _ secret: Int64, x: Float) -> Partial {
                Partial(a: Int32(rank), secret: secret, point: (x, Float(rank)))
            }
            var received = [Partial](repeating: make(99, 42, x: 43), count: 3)
            let sent = [Partial](repeating: make(world.rank, 1, x: 2), count: 3)
            try world.Sendrecv(sent, dest: right, into: &received, source: left)
            try expect(received, equals: [Partial](repeating: make(left, 42, x: 43), count: 3))
        },
        Case("padding is not written") { world in
            let room = UnsafeMutableBufferPointer<Padded>.allocate(capacity: 2)
            defer { room.deallocate() }
            let bytes = UnsafeMutableRawBufferPointer(room)
            bytes.initializeMemory(as: UInt8.self, repeating: 0xAA)
            var span = room.mutableSpan
            try world.Sendrecv([Padded(1), Padded(2)], dest: world.rank, into: &span, source: world.rank)
            // flag in byte 0, x from 8 to 16, id from 16 to 18
            let padding = [0, 24].flatMap { start in (1..<8).map { start + $0 } + (18..<24).map { start + $0 } }
            try expect(padding.allSatisfy { bytes[$0] == 0xAA })
            try expect(Array(room), equals: [Padded(1), Padded(2)])
        },
        Case("a datatype is made once") { world in
            let first = Padded.mpiDatatype
            try expect(Padded.mpiDatatype == first)
            try expect(Nested.mpiDatatype != first)
        },
        Case("structs of different layouts with the same fields understand each other") { world in
            // As MPI matches messages: by the sequence of basic types, not by where they lie.
            var numbers = [Float](repeating: 0, count: 4)
            let sent = [Complex<Float>](repeating: Complex(1, 2), count: 2)
            let status = try world.Sendrecv(
                sent.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }, dest: world.rank, into: &numbers,
                source: world.rank)
            try expect(numbers, equals: [1, 2, 1, 2])
            try expect(status.count(of: Complex<Float>.self), equals: 2)
            try expect(status.count(of: Padded.self), equals: nil)
        },
        Case("a struct too long for the buffer is an error of class truncated") { world in
            var room = [Padded(9)]
            try expectThrow {
                try world.Sendrecv([Padded(1), Padded(2)], dest: world.rank, into: &room, source: world.rank)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .truncated)
            }
            try expect(room, equals: [Padded(9)])
        },
    ]
}

private var packCases: [Case] {
    [
        Case("the size of a packed buffer is known before") { world in
            for count in 0..<10 {
                var packed: [UInt8] = []
                let values = [Double](repeating: 1, count: count)
                try world.Pack(values, into: &packed)
                try expect(packed.count <= world.Pack_size(values))
                try expect(packed.count >= 8 * count)
            }
        },
        Case("external32 is big-endian") { world in
            var packed: [UInt8] = []
            try MPI.Pack_external([1, -2] as [Int32], into: &packed)
            try MPI.Pack_external([1.0], into: &packed)
            try MPI.Pack_external([true], into: &packed)
            try expect(packed, equals: [0, 0, 0, 1, 255, 255, 255, 254, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 1])
            var position = 0
            var (integers, double, bool) = ([0, 0] as [Int32], [0.0], [false])
            try MPI.Unpack_external(packed, position: &position, into: &integers)
            try MPI.Unpack_external(packed, position: &position, into: &double)
            try MPI.Unpack_external(packed, position: &position, into: &bool)
            try expect(integers, equals: [1, -2])
            try expect(double, equals: [1])
            try expect(bool, equals: [true])
            try expect(position, equals: packed.count)
        },
        Case("packed messages travel") { world in
            let (left, right) = ringNeighbors(world)
            var packed: [UInt8] = []
            try world.Pack([Int32(world.rank)], into: &packed)
            try world.Pack([Padded(world.rank)], into: &packed)
            var received = packed
            try world.Sendrecv(packed, dest: right, into: &received, source: left)
            var (position, number, padded) = (0, [0] as [Int32], [Padded(99)])
            try world.Unpack(received, position: &position, into: &number)
            try world.Unpack(received, position: &position, into: &padded)
            try expect(number, equals: [Int32(left)])
            try expect(padded, equals: [Padded(left)])
        },
        Case("nothing is unpacked from outside the message") { world in
            var packed: [UInt8] = []
            try MPI.Pack_external([1, 2] as [Int32], into: &packed)
            for start in [-1, 1, 8, 9, Int.max] {
                var (position, room) = (start, [7, 7] as [Int32])
                let calls: [() throws -> Void] = [
                    { try world.Unpack(packed, position: &position, into: &room) },
                    { try MPI.Unpack_external(packed, position: &position, into: &room) },
                ]
                for call in calls {
                    try expectThrow(call) { error in
                        try expect((error as? MPIError)?.class, equals: .truncated)
                    }
                }
                try expect(room, equals: [7, 7])
                try expect(position, equals: start)
            }
        },
    ]
}
