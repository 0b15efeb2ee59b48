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
            Case("a predefined operation refuses a selection, and says so") { world in
                // MPI's own operations know its basic types only.
                var buffer = [1, 2, 3]
                var chosen = try buffer.mutableSpan.selecting(.vector(count: 2, stride: 2))
                try expectThrow { try world.Allreduce(inPlace: &chosen, op: .sum) }
                try expect(buffer, equals: [1, 2, 3])
                try expect(try world.Allreduce(1, op: .sum), equals: world.size)
            }
        ]
}
