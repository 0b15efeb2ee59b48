import SwiftMPI

/// The place of the smallest and of the largest, for one type of value.
func locationCases<T: MPIIndexable>(_ name: String, _ make: @escaping (Int) -> T) -> [Case] {
    [
        Case("minLocation and maxLocation of \(name)") { world in
            // Rank r has r, then the number of ranks - r, then what all have.
            let mine = [make(world.rank), make(world.size - world.rank), make(3)].map { ValueIndex($0, at: world.rank) }
            let last = world.size - 1
            var result = mine
            try world.Allreduce(mine, into: &result, op: .minLocation)
            try expect(result, equals: [.init(make(0), at: 0), .init(make(1), at: last), .init(make(3), at: 0)])
            try world.Allreduce(mine, into: &result, op: .maxLocation)
            try expect(
                result, equals: [.init(make(last), at: last), .init(make(world.size), at: 0), .init(make(3), at: 0)])
            let worst = try world.Allreduce(ValueIndex(make(-world.rank), at: 100 + world.rank), op: .minLocation)
            try expect(worst.index, equals: 100 + last)
        },
        Case("ValueIndex of \(name) is laid out as in C") { world in
            let layout = Layout<ValueIndex<T>>.element
            try expect(layout.size, equals: MemoryLayout<T>.size + 4)
            let pairs = (0..<3).map { ValueIndex(make($0), at: -$0) }
            var received = pairs.map { _ in ValueIndex(make(9), at: 9) }
            try world.Sendrecv(pairs, dest: world.rank, into: &received, source: world.rank)
            try expect(received, equals: pairs)
        },
    ]
}

/// Sums and products of complex numbers, small enough to be exact.
private func complexCase<Real: MPIComplexPart>(_ name: String, _ type: Real.Type) -> Case {
    Case("sums and products of \(name)") { world in
        func make(_ rank: Int) -> Complex<Real> { Complex(Real(rank + 1), Real(rank - 1)) }
        var (sum, product) = (Complex<Real>(0, 0), Complex<Real>(1, 0))
        for number in (0..<world.size).map(make) {
            sum = Complex(sum.real + number.real, sum.imaginary + number.imaginary)
            product = Complex(
                product.real * number.real - product.imaginary * number.imaginary,
                product.real * number.imaginary + product.imaginary * number.real)
        }
        try expect(try world.Allreduce(make(world.rank), op: .sum), equals: sum)
        try expect(try world.Allreduce(make(world.rank), op: .product), equals: product)
    }
}

/// The logical operations on integers: what is not 0 is true.
private func logicalCase<T: MPIInteger>(_ name: String, _ type: T.Type) -> Case {
    Case("logical operations on \(name)") { world in
        // One rank alone keeps what it has.
        if world.size == 1 { return try expect(try world.Allreduce(T(6), op: .logicalOr), equals: 6) }
        let isFirst: T = world.rank == 0 ? 6 : 0
        try expect(try world.Allreduce(isFirst, op: .logicalOr), equals: 1)
        try expect(try world.Allreduce(isFirst, op: .logicalAnd), equals: 0)
        try expect(try world.Allreduce(isFirst, op: .logicalXor), equals: 1)
        try expect(try world.Allreduce(T(world.rank + 1), op: .logicalAnd), equals: 1)
        try expect(try world.Allreduce(T(5), op: .logicalXor), equals: T(world.size % 2))
    }
}

/// The bitwise operations, with a bit for every rank.
private func bitwiseCase<T: MPIInteger>(_ name: String, _ type: T.Type) -> Case {
    Case("bitwise operations on \(name)") { world in
        let bit: T = 1 << world.rank
        let all: T = (1 << world.size) - 1
        try expect(try world.Allreduce(bit, op: .bitwiseOr), equals: all)
        try expect(try world.Allreduce(~bit, op: .bitwiseAnd), equals: ~all)
        try expect(try world.Allreduce(all, op: .bitwiseXor), equals: world.size.isMultiple(of: 2) ? 0 : all)
    }
}

private func integerCases<T: MPIInteger>(_ name: String, _ type: T.Type) -> [Case] {
    [logicalCase(name, type), bitwiseCase(name, type)]
}

var predefinedOperationCases: [Case] {
    [complexCase("Complex<Double>", Double.self), complexCase("Complex<Float>", Float.self)]
        + integerCases("Int8", Int8.self) + integerCases("Int16", Int16.self) + integerCases("Int32", Int32.self)
        + integerCases("Int64", Int64.self) + integerCases("Int", Int.self) + integerCases("UInt8", UInt8.self)
        + integerCases("UInt16", UInt16.self) + integerCases("UInt32", UInt32.self)
        + integerCases("UInt64", UInt64.self) + integerCases("UInt", UInt.self)
        + [
            Case("a reduction refuses a selection with gaps or out of order, and says so") { world in
                let ownSum = try ReductionOperation<Int>(commutative: true) { $0 + $1 }
                for op in [.sum, ownSum] {
                    for layout in [
                        try Layout<Int>.vector(count: 2, stride: 2), try .indexed(displacements: [1, 0, 2]),
                    ] {
                        var buffer = [1, 2, 3]
                        var chosen = try buffer.mutableSpan.selecting(layout)
                        try expectThrow {
                            try world.Allreduce(inPlace: &chosen, op: op)
                        } where: { error in
                            try expect((error as? MPIError)?.class, equals: .argument)
                            try expect("\(error)".contains("follow each other"), "\(error)")
                        }
                        try expect(buffer, equals: [1, 2, 3])
                    }
                }
            },
            Case("a predefined operation applies to selections without gaps") { world in
                let size = world.size
                var buffer = [1, 2, 3, 4, 5, 6, 7]
                var middle = try buffer.mutableSpan.selecting(.contiguous(2), count: 2, from: 2)
                try world.Allreduce(inPlace: &middle, op: .sum)
                try expect(buffer, equals: [1, 2, 3 * size, 4 * size, 5 * size, 6 * size, 7])
                let part = try [9, 1, 2, 3].selecting(.indexed(lengths: [1, 2], displacements: [1, 2]))
                var sums = [0, 0, 0]
                try world.Allreduce(part, into: &sums, op: .sum)
                try expect(sums, equals: [size, 2 * size, 3 * size])
                var parts = try (0..<2 * size).map { $0 }.selecting(.contiguous(2), count: size)
                try world.Reduce_scatter_block(inPlace: &parts, op: .max)
                try expect(Array(parts.base.prefix(2)), equals: [2 * world.rank, 2 * world.rank + 1])
            },
        ] + ieee754Cases("Double", Double.self) + ieee754Cases("Float", Float.self)
}

/// Minimum and maximum of NaNs, zeros of both signs and infinities: the same bits on all ranks, in every element and in
/// every call.
private func ieee754Cases<T: MPIIndexable & BinaryFloatingPoint & SIMDScalar>(_ name: String, _ type: T.Type) -> [Case]
{
    func nan(_ payload: T.RawSignificand) -> T {
        T(
            sign: .plus, exponentBitPattern: T.nan.exponentBitPattern,
            significandBitPattern: T.nan.significandBitPattern | payload)
    }
    let values: [T] = [
        .nan, -.nan, nan(5), -nan(6), 0, -0.0, 1, -1, .infinity, -.infinity,
        .leastNonzeroMagnitude, -.greatestFiniteMagnitude,
    ]
    /// By the standard's total order, in which zeros are told apart; NaNs are looked at by their bits alone.
    func extreme(_ candidates: [T], smallest: Bool) -> T {
        let nans = candidates.filter(\.isNaN)
        if !nans.isEmpty {
            return nans.max {
                ($0.sign == .minus ? 1 : 0, $0.significandBitPattern) < (
                    $1.sign == .minus ? 1 : 0, $1.significandBitPattern
                )
            }!
        }
        let ordered = candidates.sorted { !$1.isTotallyOrdered(belowOrEqualTo: $0) }
        return smallest ? ordered.first! : ordered.last!
    }
    func bits(_ numbers: [T]) -> [String] {
        numbers.map { "\($0.sign) \($0.exponentBitPattern) \($0.significandBitPattern)" }
    }
    func row(_ rank: Int, _ count: Int) -> [T] {
        (0..<count).map { values[($0 / (rank + 1) + 5 * rank) % values.count] }
    }
    func expected(_ ranks: Range<Int>, _ count: Int, smallest: Bool) -> [T] {
        (0..<count).map { place in extreme(ranks.map { row($0, count)[place] }, smallest: smallest) }
    }
    return [
        Case("NaN and zeros of both signs in min and max of \(name)") { world in
            for (op, smallest) in [(ReductionOperation<T>.min, true), (.max, false)] {
                for count in [1, 12, 67, 1000] {
                    let part = row(world.rank, count)
                    let all = bits(expected(0..<world.size, count, smallest: smallest))
                    var result = [T](repeating: 7, count: count)
                    try world.Allreduce(part, into: &result, op: op)
                    try expect(bits(result), equals: all)
                    try expect(bits(try world.Iallreduce(inPlace: part, op: op).wait()), equals: all)
                    for root in 0..<world.size {
                        var result = part
                        try world.Reduce(inPlace: &result, op: op, root: root)
                        if world.rank == root { try expect(bits(result), equals: all) }
                    }
                    try world.Scan(part, into: &result, op: op)
                    try expect(bits(result), equals: bits(expected(0..<world.rank + 1, count, smallest: smallest)))
                    try expect(bits([try world.Allreduce(part[0], op: op)]), equals: [all[0]])
                }
            }
        },
        Case("NaN and zeros of both signs in minLocation and maxLocation of \(name)") { world in
            for (op, smallest) in [(ReductionOperation<ValueIndex<T>>.minLocation, true), (.maxLocation, false)] {
                for count in [1, 12, 67] {
                    // Indices that do not grow with the rank.
                    let indices = (0..<world.size).map { ($0 + 2) % world.size }
                    let part = row(world.rank, count).map { ValueIndex($0, at: indices[world.rank]) }
                    var result = part
                    try world.Allreduce(part, into: &result, op: op)
                    let all = bits(expected(0..<world.size, count, smallest: smallest))
                    try expect(bits(result.map(\.value)), equals: all)
                    let lowest = all.indices.map { place in
                        (0..<world.size).filter { bits(row($0, count))[place] == all[place] }.map { indices[$0] }.min()!
                    }
                    try expect(result.map(\.index), equals: lowest)
                }
            }
        },
    ]
}
