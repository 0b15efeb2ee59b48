import SwiftMPI

/// x ↦ scale · x + shift. To compose such maps is associative, and their order matters.
private struct Affine: MPIStructure, Equatable {
    var scale: Int16
    var shift: Int64

    init(_ number: Int) { (scale, shift) = (Int16(number % 3 + 1), Int64(number)) }

    static var mpiFields: MPIFields<Self> { MPIFields(\.scale, \.shift) }

    /// First `self`, then `next`. Computed as remainders, so that numbers stay small.
    func followed(by next: Affine) -> Affine {
        var result = self
        result.scale = Int16(Int(scale) * Int(next.scale) % 1009)
        result.shift = (shift * Int64(next.scale) + next.shift) % 1_000_003
        return result
    }
}

private func compose(_ maps: [Affine]) -> Affine { maps.dropFirst().reduce(maps[0]) { $0.followed(by: $1) } }

private func maps(_ rank: Int, _ count: Int) -> [Affine] { (0..<count).map { Affine(5 * rank + $0 + 1) } }

/// Element by element over the ranks.
private func composed(_ ranks: Range<Int>, _ count: Int) -> [Affine] {
    let parts = ranks.map { maps($0, count) }
    return (0..<count).map { place in compose(parts.map { $0[place] }) }
}

var operationCases: [Case] {
    userOperationCases + lifetimeCases + predefinedOperationCases + locationCases("Double") { Double($0) / 4 }
        + locationCases("Float") { Float($0) / 4 } + locationCases("Int16") { Int16($0) }
        + locationCases("Int32") { Int32($0) } + locationCases("Int64") { Int64($0) << 40 }
        + locationCases("Int") { $0 << 40 }
}

private var userOperationCases: [Case] {
    [
        Case("an operation that is not commutative combines in rank order in every reduction") { world in
            let op = try ReductionOperation<Affine> { $0.followed(by: $1) }
            let (rank, size) = (world.rank, world.size)
            for count in [0, 1, 7, 5000] {
                let mine = maps(rank, count)
                let all = composed(0..<size, count)
                let before = composed(0..<rank + 1, count)
                var result = maps(9, count)
                try world.Allreduce(mine, into: &result, op: op)
                try expect(result, equals: all)
                result = mine
                try world.Allreduce(inPlace: &result, op: op)
                try expect(result, equals: all)
                for root in 0..<size {
                    try world.Reduce(mine, into: &result, op: op, root: root)
                    if rank == root { try expect(result, equals: all) }
                }
                try world.Scan(mine, into: &result, op: op)
                try expect(result, equals: before)
                result = maps(9, count)
                try world.Exscan(mine, into: &result, op: op)
                try expect(result, equals: rank == 0 ? maps(9, count) : composed(0..<rank, count))
                try expect(
                    try world.Iallreduce(mine, into: maps(9, count), op: op).wait().received, equals: all)
                try expect(try world.Iscan(inPlace: mine, op: op).wait(), equals: before)
            }
            try expect(try world.Allreduce(Affine(rank), op: op), equals: compose((0..<size).map { Affine($0) }))
        },
        Case("a closure combines in rank order in every reduction") { world in
            let (rank, size) = (world.rank, world.size)
            for count in [0, 1, 7, 5000] {
                let mine = maps(rank, count)
                let all = composed(0..<size, count)
                let before = composed(0..<rank + 1, count)
                var result = maps(9, count)
                try world.Allreduce(mine, into: &result) { $0.followed(by: $1) }
                try expect(result, equals: all)
                result = mine
                try world.Allreduce(inPlace: &result) { $0.followed(by: $1) }
                try expect(result, equals: all)
                for root in 0..<size {
                    result = maps(9, count)
                    try world.Reduce(mine, into: &result, root: root) { $0.followed(by: $1) }
                    try expect(result, equals: rank == root ? all : maps(9, count))
                    result = mine
                    try world.Reduce(inPlace: &result, root: root) { $0.followed(by: $1) }
                    if rank == root { try expect(result, equals: all) }
                }
                try world.Scan(mine, into: &result) { $0.followed(by: $1) }
                try expect(result, equals: before)
                result = mine
                try world.Scan(inPlace: &result) { $0.followed(by: $1) }
                try expect(result, equals: before)
                result = maps(9, count)
                try world.Exscan(mine, into: &result) { $0.followed(by: $1) }
                try expect(result, equals: rank == 0 ? maps(9, count) : composed(0..<rank, count))
                result = mine
                try world.Exscan(inPlace: &result) { $0.followed(by: $1) }
                if rank > 0 { try expect(result, equals: composed(0..<rank, count)) }
            }
            let values = (0..<size).map { Affine($0) }
            try expect(try world.Allreduce(values[rank]) { $0.followed(by: $1) }, equals: compose(values))
            try expect(
                try world.Reduce(values[rank], root: size - 1) { $0.followed(by: $1) },
                equals: rank == size - 1 ? compose(values) : nil)
            try expect(
                try world.Scan(values[rank]) { $0.followed(by: $1) }, equals: compose(Array(values[...rank])))
            try expect(
                try world.Exscan(values[rank]) { $0.followed(by: $1) },
                equals: rank == 0 ? nil : compose(Array(values[..<rank])))
            try expect(try world.Allreduce(rank, op: +), equals: size * (size - 1) / 2)
        },
        Case("an operation of one's own reduces and scatters") { world in
            let op = try ReductionOperation<Affine> { $0.followed(by: $1) }
            let count = 3
            let all = composed(0..<world.size, count * world.size)
            let part = Array(all[count * world.rank..<count * (world.rank + 1)])
            var result = maps(9, count)
            try world.Reduce_scatter_block(maps(world.rank, count * world.size), into: &result, op: op)
            try expect(result, equals: part)
            let counts = VariableCounts((0..<world.size).map { _ in count })
            result = maps(9, count)
            try world.Reduce_scatter(maps(world.rank, count * world.size), into: &result, counts: counts, op: op)
            try expect(result, equals: part)
            let request = try world.Ireduce_scatter(
                maps(world.rank, count * world.size), into: maps(9, count), counts: counts, op: op)
            try expect(try request.wait().received, equals: part)
        },
        Case("an operation on buffers sees all elements once") { world in
            let op = try ReductionOperation<Double>.onBuffers(commutative: true) { lower, higher in
                for index in lower.indices { higher[index] += lower[index] }
            }
            let size = world.size
            for count in [1, 3, 100_000] {
                var sums = (0..<count).map { Double($0 * (world.rank + 1)) }
                try world.Allreduce(inPlace: &sums, op: op)
                try expect(sums, equals: (0..<count).map { Double($0 * size * (size + 1) / 2) })
            }
        },
        Case("an operation on vectors works wherever MPI puts them") { world in
            // MPI's own buffers suit 16 bytes, such a vector wants 64.
            let op = try ReductionOperation<SIMD8<Double>>(commutative: true) { $0 + $1 }
            for count in [1, 2, 3, 1000] {
                let mine = (0..<count).map { SIMD8<Double>(repeating: Double($0 + world.rank)) }
                let sums = (0..<count).map { place in
                    SIMD8<Double>(repeating: Double((0..<world.size).reduce(0) { $0 + $1 + place }))
                }
                var result = mine
                try world.Allreduce(inPlace: &result, op: op)
                try expect(result, equals: sums)
                try world.Scan(mine, into: &result, op: op)
                if world.rank == world.size - 1 { try expect(result, equals: sums) }
            }
        },
        Case("an operation combines buffers of one rank") { world in
            let op = try ReductionOperation<Affine> { $0.followed(by: $1) }
            var higher = maps(1, 4)
            try op.combine(maps(0, 4), into: &higher)
            try expect(higher, equals: composed(0..<2, 4))
            var sums = [1, 2]
            try ReductionOperation<Int>.sum.combine([10, 20], into: &sums)
            try expect(sums, equals: [11, 22])
            try expectThrow {
                try op.combine(maps(0, 3), into: &higher)
            } where: { error in
                try expect((error as? MPIError)?.class, equals: .count)
            }
            try expect(higher, equals: composed(0..<2, 4))
        },
        Case("an operation tells whether it is commutative") { world in
            for commutative in [false, true] {
                let op = try ReductionOperation<Int>(commutative: commutative) { $0 + $1 }
                try expect(try op.isCommutative, equals: commutative)
            }
            try expect(try ReductionOperation<Double>.sum.isCommutative)
            try expect(try ReductionOperation<ValueIndex<Double>>.minLocation.isCommutative)
            try expect(try ReductionOperation<Bool>.logicalXor.isCommutative)
        },
        Case("an operation applies to selections without gaps") { world in
            let op = try ReductionOperation<Int>(commutative: true) { $0 + $1 }
            let pair = try Layout<Int>.contiguous(2)
            var buffer = [1, 2, 3, 4, 5, 6]
            var middle = try buffer.mutableSpan.selecting(pair, count: 2, from: 1)
            try world.Allreduce(inPlace: &middle, op: op)
            let size = world.size
            try expect(buffer, equals: [1, 2 * size, 3 * size, 4 * size, 5 * size, 6])
        },
    ]
}

private var lifetimeCases: [Case] {
    [
        Case("operations are freed: any number can be made one after the other") { world in
            for number in 0..<1000 {
                let op = try ReductionOperation<Int>(commutative: true) { $0 + $1 + number }
                var result = [1]
                try op.combine([2], into: &result)
                try expect(result, equals: [3 + number])
            }
        },
        Case("a thousand operations exist at a time") { world in
            let ops = try (1...1000).map { factor in
                try ReductionOperation<Int>(commutative: factor.isMultiple(of: 2)) { $0 + factor + $1 - factor / 2 }
            }
            let surplus = (1...1000).map { $0 - $0 / 2 }
            for (op, surplus) in zip(ops, surplus) {
                try expect(
                    try world.Allreduce(world.rank, op: op),
                    equals: world.size * (world.size - 1) / 2 + (world.size - 1) * surplus)
            }
            var requests = RequestSet<[Int]>()
            for op in ops { requests.append(try world.Iallreduce(inPlace: [world.rank], op: op)) }
            try expect(
                try requests.waitAll(),
                equals: surplus.map { [world.size * (world.size - 1) / 2 + (world.size - 1) * $0] })
        },
        Case("a pending reduction keeps its operation") { world in
            func start() throws -> Request<BufferPair<[Affine], [Affine]>> {
                let op = try ReductionOperation<Affine> { $0.followed(by: $1) }
                return try world.Iallreduce(maps(world.rank, 20_000), into: maps(9, 20_000), op: op)
            }
            let request = try start()
            let others = try (1...40).map { _ in try ReductionOperation<Affine> { first, _ in first } }
            try expect(try request.wait().received, equals: composed(0..<world.size, 20_000))
            try expect(others.count, equals: 40)
        },
        Case("a set of requests keeps their operations") { world in
            var set = RequestSet<[Affine]>()
            for number in 1...3 {
                let op = try ReductionOperation<Affine> { $0.followed(by: $1) }
                set.append(try world.Iallreduce(inPlace: maps(world.rank, number), op: op))
            }
            let others = try (1...40).map { _ in try ReductionOperation<Affine> { first, _ in first } }
            try expect(try set.waitAll(), equals: (1...3).map { composed(0..<world.size, $0) })
            try expect(others.count, equals: 40)
        },
        Case("an operation made for one call lives through it") { world in
            let mine = maps(world.rank, 20_000)
            let all = composed(0..<world.size, 20_000)
            var result = mine
            try world.Allreduce(mine, into: &result, op: ReductionOperation { $0.followed(by: $1) })
            try expect(result, equals: all)
            result = mine
            try world.Allreduce(inPlace: &result, op: ReductionOperation { $0.followed(by: $1) })
            try expect(result, equals: all)
            try world.Reduce(mine, into: &result, op: ReductionOperation { $0.followed(by: $1) })
            try expect(result, equals: all)
            try world.Scan(mine, into: &result, op: ReductionOperation { $0.followed(by: $1) })
            try expect(result, equals: composed(0..<world.rank + 1, 20_000))
            let single = try world.Allreduce(Affine(world.rank), op: ReductionOperation { $0.followed(by: $1) })
            try expect(single, equals: compose((0..<world.size).map { Affine($0) }))
            result = mine
            try ReductionOperation { $0.followed(by: $1) }.combine(mine, into: &result)
            try expect(result[0], equals: mine[0].followed(by: mine[0]))
        },
        Case("an operation is the same in every copy and on every communicator") { world in
            let op = try ReductionOperation<Int>(commutative: true) { $0 &* $1 }
            let copy = op
            let part = try world.split(color: world.rank % 2)!
            try expect(try world.Allreduce(world.rank + 1, op: copy), equals: (1...world.size).reduce(1, *))
            let members = (0..<world.size).filter { $0 % 2 == world.rank % 2 }
            try expect(try part.Allreduce(world.rank + 1, op: op), equals: members.map { $0 + 1 }.reduce(1, *))
        },
    ]
}
