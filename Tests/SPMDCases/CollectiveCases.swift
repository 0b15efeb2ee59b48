import SwiftMPI

/// Which communicators, roots and counts the cases of a datatype go through.
struct CollectiveTable {
    /// Every kind of communicator and every root, or only the communicator of all ranks and its last rank.
    let isFull: Bool
    let counts: [Int]

    /// Every datatype with a vector's worth of elements and a tail, and one of them with all shapes of communicator and
    /// buffer.
    static func all(_ make: (CollectiveTable, any SampleValue.Type) -> [Case]) -> [Case] {
        sampleTypes.flatMap { make(CollectiveTable(isFull: false, counts: [67]), $0) }
            + make(CollectiveTable(isFull: true, counts: [0, 1, 17, 10_000]), Int32.self)
    }

    func cases(
        _ name: String, _ body: @escaping (CollectiveForm, Communicator, _ count: Int, Findings) throws -> Void
    ) -> [Case] {
        // One blocking and one nonblocking form, one with arrays and one with spans, meet every datatype.
        let forms: [CollectiveForm] = isFull ? CollectiveForm.allCases : [.arrays, .nonblockingSpans]
        return [
            Case("\(name)\(isFull ? ", on every communicator" : "")") { world in
                let found = Findings()
                let comms = isFull ? try communicators(of: world) : [world]
                for form in forms {
                    for comm in comms {
                        for count in counts {
                            found.place = "\(form), count \(count)"
                            try body(form, comm, count, found)
                        }
                    }
                }
                if let unmet = found.first { throw unmet }
            }
        ]
    }

    /// The same for a call with a root.
    func cases(
        _ name: String,
        _ body: @escaping (CollectiveForm, Communicator, _ count: Int, _ root: Int, Findings) throws -> Void
    ) -> [Case] {
        cases(name) { form, comm, count, found in
            for root in isFull ? 0..<comm.size : comm.size - 1..<comm.size { try body(form, comm, count, root, found) }
        }
    }
}

/// What did not hold on this rank.
///
/// A case of many collective calls goes on after the first wrong result, since the other ranks do.
final class Findings {
    private(set) var first: Unmet?
    /// Where in its table the case is.
    var place = ""

    func expect<T: Equatable>(_ actual: [T], equals expected: [T], file: String = #fileID, line: Int = #line) {
        if actual == expected || first != nil { return }
        let wrong = zip(actual, expected).enumerated().first { $1.0 != $1.1 }
        first = Unmet(
            description: "\(file):\(line): \(place): "
                + (wrong.map { "element \($0) is \($1.0), expected \($1.1)" }
                    ?? "\(actual.count) elements, expected \(expected.count)"))
    }
}

extension CollectiveTable {
    /// The collectives that move equal parts.
    fileprivate func movingCases<T: SampleValue>(_ type: T.Type) -> [Case] {
        cases("Bcast of \(T.self)") { form, comm, count, root, found in
            let buffer = comm.rank == root ? T.row(root, count) : T.room(count)
            found.expect(try form.bcast(buffer, root: root, on: comm), equals: T.row(root, count))
        }
            + cases("Gather of \(T.self)") { form, comm, count, root, found in
                let (isRoot, all) = (comm.rank == root, (0..<comm.size).flatMap { T.row($0, count) })
                let part = T.row(comm.rank, count)
                let whole = try form.gather(part, into: isRoot ? T.room(all.count) : [], root: root, on: comm)
                found.expect(whole, equals: isRoot ? all : [])
                // A buffer that is not used stays as it is.
                let unused = try form.gather(part, into: T.room(all.count), root: root, on: comm)
                found.expect(unused, equals: isRoot ? all : T.room(all.count))
                let inPlace = isRoot ? T.room(root * count) + part + T.room(all.count - (root + 1) * count) : part
                found.expect(try form.gather(inPlace: inPlace, root: root, on: comm), equals: isRoot ? all : part)
            }
            + cases("Scatter of \(T.self)") { form, comm, count, root, found in
                let (isRoot, all) = (comm.rank == root, (0..<comm.size).flatMap { T.row($0, count) })
                let part = T.row(comm.rank, count)
                let received = try form.scatter(isRoot ? all : [], into: T.room(count), root: root, on: comm)
                found.expect(received, equals: part)
                let inPlace = isRoot ? all : T.room(count)
                found.expect(try form.scatter(inPlace: inPlace, root: root, on: comm), equals: isRoot ? all : part)
            }
            + cases("Allgather of \(T.self)") { form, comm, count, found in
                let (rank, all) = (comm.rank, (0..<comm.size).flatMap { T.row($0, count) })
                let part = T.row(rank, count)
                found.expect(try form.allgather(part, into: T.room(all.count), on: comm), equals: all)
                let inPlace = T.room(rank * count) + part + T.room(all.count - (rank + 1) * count)
                found.expect(try form.allgather(inPlace: inPlace, on: comm), equals: all)
            }
            + cases("Alltoall of \(T.self)") { form, comm, count, found in
                // What a rank sends to another is the row of a number that both make of the pair.
                let sent = (0..<comm.size).flatMap { T.row(7 * comm.rank + $0, count) }
                let expected = (0..<comm.size).flatMap { T.row(7 * $0 + comm.rank, count) }
                found.expect(try form.alltoall(sent, into: T.room(sent.count), on: comm), equals: expected)
                found.expect(try form.alltoall(inPlace: sent, on: comm), equals: expected)
            }
    }
}

var collectiveCases: [Case] {
    CollectiveTable.all { $0.movingCases($1) } + [
        Case("Bcast of single values") { world in
            for root in 0..<world.size {
                var value = Double(world.rank) / 7
                try world.Bcast(&value, root: root)
                try expect(value, equals: Double(root) / 7)
            }
        },
        Case("a barrier lets nobody through before all have come") { world in
            // Each round the last rank tells rank 0 before it enters; the message must be there when rank 0 leaves.
            for isNonblocking in [false, true] {
                for _ in 0..<20 {
                    let last = world.size - 1
                    if world.rank == last && last > 0 { try world.Send([1], dest: 0, tag: 9) }
                    if isNonblocking { try world.Ibarrier().wait() } else { try world.Barrier() }
                    var token = [0]
                    if world.rank == 0 && last > 0 { try world.Recv(into: &token, source: last, tag: 9) }
                }
            }
        },
    ]
}
