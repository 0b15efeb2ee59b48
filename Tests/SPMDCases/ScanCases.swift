import SwiftMPI

extension CollectiveTable {
    /// The collectives that combine the ranks up to each.
    fileprivate func scanCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        reductions(of: T.self).flatMap { scanCases($0, " \($0.name) of \(T.self)") }
    }

    private func scanCases<T: SampleValue>(_ reduction: Reduction<T>, _ name: String) -> [Case] {
        let op = reduction.operation
        return cases("Scan" + name) { form, comm, count, found in
            let part = reduction.row(comm.rank, count)
            let result = reduction.result(of: 0..<comm.rank + 1, count)
            found.expect(try form.scan(part, into: T.room(count), op: op, on: comm), equals: result)
            found.expect(try form.scan(inPlace: part, op: op, on: comm), equals: result)
        }
            + cases("Exscan" + name) { form, comm, count, found in
                let part = reduction.row(comm.rank, count)
                let isFirst = comm.rank == 0
                let result = isFirst ? [] : reduction.result(of: 0..<comm.rank, count)
                found.expect(
                    try form.exscan(part, into: T.room(count), op: op, on: comm),
                    equals: isFirst ? T.room(count) : result)
                found.expect(try form.exscan(inPlace: part, op: op, on: comm), equals: isFirst ? part : result)
            }
    }
}

var scanCases: [Case] { CollectiveTable.all { $0.scanCases($1) } }
