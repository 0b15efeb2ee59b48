import SwiftMPI

// Operations on types of which not every byte travels, in every reducing call. Their test loads an allocator that finds
// writes outside of a block: MPI's own buffers begin and end with the first and last byte that a datatype describes.

var guardedOperationCases: [Case] {
    [
        guardedCase("SIMD2<Double>") { (a: SIMD2<Double>, b) in a + b },
        guardedCase("SIMD3<Double>") { (a: SIMD3<Double>, b) in a + b },
        guardedCase("SIMD3<Float>") { (a: SIMD3<Float>, b) in a + b },
        guardedCase("SIMD3<Int8>") { (a: SIMD3<Int8>, b) in a &+ b },
        guardedCase("SIMD4<Int16>") { (a: SIMD4<Int16>, b) in a &+ b },
        guardedCase("SIMD8<Double>") { (a: SIMD8<Double>, b) in a + b },
        guardedCase("InlineArray") { Triple(x: $0.x, $1.x) },
        guardedCase("InlineArray of SIMD3") { Corners(x: $0.x, $1.x) },
        guardedCase("a leading hidden property", hidden: \.hidden) { Leading(hidden: $0.hidden, x: $0.x + $1.x) },
        guardedCase("a trailing hidden property", hidden: \.hidden) { Trailing(x: $0.x + $1.x, hidden: $0.hidden) },
        guardedCase("an inner hidden property", hidden: \.hidden) {
            Inner(x: $0.x + $1.x, hidden: $0.hidden, y: $0.y + $1.y)
        },
        guardedCase("hidden properties around", hidden: \.hidden) {
            Middle(hidden: $0.hidden, x: $0.x + $1.x, other: $0.other)
        },
        guardedCase("padding") { Padded(x: $0.x + $1.x, y: $0.y + $1.y) },
        guardedCase("a SIMD3 at the end") { EndsInVector(id: $0.id + $1.id, x: $0.x + $1.x) },
        guardedCase("nesting", hidden: \.inner.hidden) {
            Nested(inner: Leading(hidden: $0.inner.hidden, x: $0.inner.x + $1.inner.x), x: $0.x + $1.x)
        },
        guardedCase("an empty tail") { EmptyTailed(x: $0.x + $1.x, tail: Empty()) },
    ]
}

/// - Parameters:
///   - hidden: A property that does not travel.
///   - combine: Adds what travels, and keeps what is hidden in the first.
private func guardedCase<T: SampleValue>(
    _ name: String, hidden: WritableKeyPath<T, Int64> & Sendable, _ combine: @escaping @Sendable (T, T) -> T
) -> Case {
    guardedCase(name, hidden: Optional(hidden), combine)
}

private func guardedCase<T: SampleValue>(_ name: String, _ combine: @escaping @Sendable (T, T) -> T) -> Case {
    guardedCase(name, hidden: nil, combine)
}

private func guardedCase<T: SampleValue>(
    _ name: String, hidden: (WritableKeyPath<T, Int64> & Sendable)?, _ combine: @escaping @Sendable (T, T) -> T
) -> Case {
    /// The value with another one's hidden property.
    func value(_ value: T, hiding other: T) -> T {
        var value = value
        if let hidden { value[keyPath: hidden] = other[keyPath: hidden] }
        return value
    }
    return Case("operations on a type with \(name)") { world in
        let (rank, size) = (world.rank, world.size)
        let found = Findings()
        /// What the ranks' values at each place combine to; hidden properties are those of a buffer.
        let rows = (0..<max(2, size)).map { T.row($0, 65 * size) }
        func result(_ ranks: Range<Int>, in buffer: [T], from start: Int = 0) -> [T] {
            buffer.indices.map { place in
                let values = ranks.map { rows[$0][start + place] }
                return value(values.dropFirst().reduce(values[0], combine), hiding: buffer[place])
            }
        }
        let blocks = try Interposer.guarding {
            for isCommutative in [true, false] {
                let op = try ReductionOperation<T>(commutative: isCommutative) { lower, higher in
                    // What does not travel is zero here, whatever lies in MPI's buffers.
                    let sum = combine(lower, higher)
                    guard let hidden, lower[keyPath: hidden] | higher[keyPath: hidden] != 0 else { return sum }
                    return T.sample(-1)
                }
                for count in [0, 1, 3, 65] {
                    let (part, room) = (T.row(rank, count), T.room(count))
                    for form in CollectiveForm.allCases {
                        found.place = "\(form), count \(count), commutative \(isCommutative)"
                        found.expect(
                            try form.allreduce(part, into: room, op: op, on: world),
                            equals: result(0..<size, in: room))
                        found.expect(
                            try form.allreduce(inPlace: part, op: op, on: world),
                            equals: result(0..<size, in: part))
                        for root in 0..<size {
                            found.expect(
                                try form.reduce(part, into: room, op: op, root: root, on: world),
                                equals: rank == root ? result(0..<size, in: room) : room)
                            found.expect(
                                try form.reduce(inPlace: part, op: op, root: root, on: world),
                                equals: rank == root ? result(0..<size, in: part) : part)
                        }
                        found.expect(
                            try form.scan(part, into: room, op: op, on: world),
                            equals: result(0..<rank + 1, in: room))
                        found.expect(
                            try form.scan(inPlace: part, op: op, on: world),
                            equals: result(0..<rank + 1, in: part))
                        found.expect(
                            try form.exscan(part, into: room, op: op, on: world),
                            equals: rank == 0 ? room : result(0..<rank, in: room))
                        found.expect(
                            try form.exscan(inPlace: part, op: op, on: world),
                            equals: rank == 0 ? part : result(0..<rank, in: part))
                        let (whole, start) = (T.row(rank, size * count), rank * count)
                        found.expect(
                            try form.reduceScatterBlock(whole, into: room, op: op, on: world),
                            equals: result(0..<size, in: room, from: start))
                        found.expect(
                            Array(try form.reduceScatterBlock(inPlace: whole, op: op, on: world).prefix(count)),
                            equals: result(
                                0..<size, in: Array(whole.prefix(count)), from: start))
                        found.expect(
                            try form.reduceScatter(whole, into: room, counts: nil, op: op, on: world),
                            equals: result(0..<size, in: room, from: start))
                        found.expect(
                            Array(try form.reduceScatter(inPlace: whole, counts: nil, op: op, on: world).prefix(count)),
                            equals: result(
                                0..<size, in: Array(whole.prefix(count)), from: start))
                    }
                    if count > 0 {
                        found.expect(
                            [try world.Allreduce(part[0], op: op)],
                            equals: result(0..<size, in: [part[0]]))
                    }
                    var higher = T.row(1, count)
                    try op.combine(T.row(0, count), into: &higher)
                    found.expect(higher, equals: result(0..<2, in: T.row(1, count)))
                }
            }
        }
        if let unmet = found.first { throw unmet }
        try expect(blocks > 0, "nothing was guarded")
    }
}

extension SampleValue where Self: SIMD, Scalar: Numeric {
    static func sample(_ number: Int) -> Self { Self(repeating: Scalar(exactly: abs(number) % 5)!) }
}

extension SIMD2: SampleValue where Scalar: MPINumeric & Numeric {}
extension SIMD3: SampleValue where Scalar: MPINumeric & Numeric {}
extension SIMD4: SampleValue where Scalar: MPINumeric & Numeric {}
extension SIMD8: SampleValue where Scalar: MPINumeric & Numeric {}

extension SampleValue {
    static var reductions: [Reduction<Self>] { [] }
}

private struct Triple: MPIStructure, SampleValue {
    var x: InlineArray<3, Int16>

    init(x: InlineArray<3, Int16>, _ y: InlineArray<3, Int16>) { self.x = [x[0] + y[0], x[1] + y[1], x[2] + y[2]] }
    static func sample(_ number: Int) -> Triple { Triple(x: [Int16(number), 0, -1], [0, Int16(number), 2]) }
    static func == (one: Triple, other: Triple) -> Bool { (0..<3).allSatisfy { one.x[$0] == other.x[$0] } }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}

private struct Corners: MPIStructure, SampleValue {
    var x: InlineArray<2, SIMD3<Float>>

    init(x: InlineArray<2, SIMD3<Float>>, _ y: InlineArray<2, SIMD3<Float>>) { self.x = [x[0] + y[0], x[1] + y[1]] }
    static func sample(_ number: Int) -> Corners {
        Corners(x: [SIMD3(repeating: Float(number)), .zero], [.zero, SIMD3(1, 2, 3)])
    }
    static func == (one: Corners, other: Corners) -> Bool { one.x[0] == other.x[0] && one.x[1] == other.x[1] }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}

private struct Leading: MPIStructure, SampleValue {
    var hidden: Int64
    var x: Int32

    static func sample(_ number: Int) -> Leading { Leading(hidden: Int64(number), x: Int32(number)) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}

private struct Trailing: MPIStructure, SampleValue {
    var x: Int32
    var hidden: Int64

    static func sample(_ number: Int) -> Trailing { Trailing(x: Int32(number), hidden: Int64(number)) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}

private struct Inner: MPIStructure, SampleValue {
    var x: Int8
    var hidden: Int64
    var y: Double

    static func sample(_ number: Int) -> Inner { Inner(x: Int8(number % 7), hidden: Int64(number), y: Double(number)) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x, \.y) }
}

private struct Middle: MPIStructure, SampleValue {
    var hidden: Int64
    var x: UInt16
    var other: SIMD4<Float>

    static func sample(_ number: Int) -> Middle {
        Middle(hidden: Int64(number), x: UInt16(abs(number)), other: .zero)
    }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}

private struct Padded: MPIStructure, SampleValue {
    var x: Int16
    var y: Int64

    static func sample(_ number: Int) -> Padded { Padded(x: Int16(number), y: Int64(-number)) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.y, \.x) }
}

private struct EndsInVector: MPIStructure, SampleValue {
    var id: Int32
    var x: SIMD3<Double>

    static func sample(_ number: Int) -> EndsInVector {
        EndsInVector(id: Int32(number), x: SIMD3(1, 2, Double(number)))
    }
    static var mpiFields: MPIFields<Self> { MPIFields(\.id, \.x) }
}

private struct Nested: MPIStructure, SampleValue {
    var inner: Leading
    var x: SIMD3<Float>

    static func sample(_ number: Int) -> Nested { Nested(inner: .sample(number), x: SIMD3(1, 2, Float(number))) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.inner, \.x) }
}

private struct Empty: Equatable {}

private struct EmptyTailed: MPIStructure, SampleValue {
    var x: Int32
    var tail: Empty

    static func sample(_ number: Int) -> EmptyTailed { EmptyTailed(x: Int32(number), tail: Empty()) }
    static var mpiFields: MPIFields<Self> { MPIFields(\.x) }
}
