import SwiftMPI

extension CollectiveTable {
    /// Every operation a type has, or one of them in all shapes.
    func reductions<T: SampleValue>(of type: T.Type) -> ArraySlice<Reduction<T>> {
        T.reductions.prefix(isFull ? 1 : .max)
    }

    fileprivate func combiningCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        reductions(of: T.self).flatMap { cases($0, " \($0.name) of \(T.self)") }
    }

    private func cases<T: SampleValue>(_ reduction: Reduction<T>, _ name: String) -> [Case] {
        let op = reduction.operation
        return cases("Reduce" + name) { form, comm, count, root, found in
            let (isRoot, part) = (comm.rank == root, reduction.row(comm.rank, count))
            let result = reduction.result(of: 0..<comm.size, count)
            found.expect(
                try form.reduce(part, into: isRoot ? T.room(count) : [], op: op, root: root, on: comm),
                equals: isRoot ? result : [])
            // A buffer that is not used stays as it is.
            if isFull {
                found.expect(
                    try form.reduce(part, into: T.room(count), op: op, root: root, on: comm),
                    equals: isRoot ? result : T.room(count))
            }
            found.expect(try form.reduce(inPlace: part, op: op, root: root, on: comm), equals: isRoot ? result : part)
        }
            + cases("Allreduce" + name) { form, comm, count, found in
                let part = reduction.row(comm.rank, count)
                let result = reduction.result(of: 0..<comm.size, count)
                found.expect(try form.allreduce(part, into: T.room(count), op: op, on: comm), equals: result)
                found.expect(try form.allreduce(inPlace: part, op: op, on: comm), equals: result)
            }
            + cases("Reduce_scatter_block" + name) { form, comm, count, found in
                let (total, start) = (comm.size * count, comm.rank * count)
                let whole = reduction.row(comm.rank, total)
                let part = Array(reduction.result(of: 0..<comm.size, total)[start..<start + count])
                found.expect(try form.reduceScatterBlock(whole, into: T.room(count), op: op, on: comm), equals: part)
                // In place the result begins the buffer, whose rest MPI may use.
                let inPlace = try form.reduceScatterBlock(inPlace: whole, op: op, on: comm)
                found.expect(Array(inPlace.prefix(count)), equals: part)
            }
            + cases("Reduce_scatter" + name) { form, comm, count, found in
                // Rank r gets r times the count, rank 0 nothing; then what an even division gives it.
                let uneven = (0..<comm.size).map { $0 * count }
                let total = uneven.reduce(0, +)
                let even = (0..<comm.size).map { total / comm.size + ($0 < total % comm.size ? 1 : 0) }
                let whole = reduction.row(comm.rank, total)
                for (table, lengths) in [(VariableCounts(uneven), uneven), (nil, even)] {
                    let (start, length) = (lengths[..<comm.rank].reduce(0, +), lengths[comm.rank])
                    let part = Array(reduction.result(of: 0..<comm.size, total)[start..<start + length])
                    found.expect(
                        try form.reduceScatter(whole, into: T.room(length), counts: table, op: op, on: comm),
                        equals: part)
                    let inPlace = try form.reduceScatter(inPlace: whole, counts: table, op: op, on: comm)
                    found.expect(Array(inPlace.prefix(length)), equals: part)
                }
            }
    }

    /// The forms that take and give single values.
    fileprivate static func singleValueCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        [
            Case("single values of \(T.self)") { world in
                for reduction in T.reductions {
                    let (op, value) = (reduction.operation, reduction.value(world.rank, 1))
                    let result = reduction.result(of: 0..<world.size, 2)[1]
                    try expect(try world.Allreduce(value, op: op), equals: result)
                    for root in 0..<world.size {
                        let reduced = try world.Reduce(value, op: op, root: root)
                        try expect(reduced, equals: world.rank == root ? result : nil)
                    }
                    let scanned = try world.Scan(value, op: op)
                    try expect(scanned, equals: reduction.result(of: 0..<world.rank + 1, 2)[1])
                    let before = try world.Exscan(value, op: op)
                    try expect(before, equals: world.rank == 0 ? nil : reduction.result(of: 0..<world.rank, 2)[1])
                }
            }
        ]
    }
}

var reductionCases: [Case] {
    CollectiveTable.all { $0.combiningCases($1) } + sampleTypes.flatMap { CollectiveTable.singleValueCases($0) }
}
