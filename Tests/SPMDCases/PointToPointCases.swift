import SwiftMPI

/// Values of a type that differ between ranks and places, extremes among them.
private func sample<T: MPIDatatype>(_ rank: Int, _ count: Int, _ make: (Int) -> T) -> [T] {
    (0..<count).map { make(31 * rank + $0) }
}

/// The uppercase send calls for one datatype.
private func bufferCases<T: MPIDatatype & Equatable>(_ name: String, _ make: @escaping (Int) -> T) -> [Case] {
    [
        Case("Send and Recv move \(name) around a ring") { world in
            for count in [0, 1, 7, 1000, 100_000] {
                let (left, right) = ringNeighbors(world)
                var received = sample(-1, count, make)
                // Even ranks send first; with an odd number of ranks the last two wait for each other in turn.
                func send() throws { try world.Send(sample(world.rank, count, make), dest: right, tag: 5) }
                func receive() throws {
                    let status = try world.Recv(into: &received, source: left, tag: 5)
                    try expect(status.source, equals: left)
                    try expect(status.tag, equals: 5)
                    try expect(status.count(of: T.self), equals: count)
                }
                if world.size == 1 {
                    try world.Sendrecv(
                        sample(0, count, make), dest: 0, sendTag: 5, into: &received, source: 0, recvTag: 5)
                } else if world.rank.isMultiple(of: 2) {
                    try send()
                    try receive()
                } else {
                    try receive()
                    try send()
                }
                try expect(received, equals: sample(left, count, make))
            }
        },
        Case("Sendrecv moves \(name) both ways at once") { world in
            let (left, right) = ringNeighbors(world)
            for count in [0, 1, 1000, 100_000] {
                var received = sample(-1, count, make)
                let status = try world.Sendrecv(
                    sample(world.rank, count, make), dest: right, sendTag: 3, into: &received, source: left, recvTag: 3)
                try expect(received, equals: sample(left, count, make))
                try expect(status.count(of: T.self), equals: count)
            }
        },
    ]
}

var pointToPointCases: [Case] {
    bufferCases("Double") { Double($0) / 3 } + bufferCases("Float") { Float($0) / 3 }
        + bufferCases("Int8") { Int8(truncatingIfNeeded: $0) }
        + bufferCases("Int16") { Int16(truncatingIfNeeded: 999 &* $0) }
        + bufferCases("Int32") { Int32(truncatingIfNeeded: $0 &* 99_999_999) }
        + bufferCases("Int64") { Int64.min + Int64(abs($0)) }
        + bufferCases("UInt8") { UInt8(truncatingIfNeeded: $0) }
        + bufferCases("UInt16") { UInt16(truncatingIfNeeded: $0) }
        + bufferCases("UInt32") { UInt32(truncatingIfNeeded: $0) }
        + bufferCases("UInt64") { UInt64.max - UInt64(max(0, $0)) }
        + bufferCases("Int") { Int.max - abs($0) } + bufferCases("UInt") { UInt(bitPattern: $0) }
        + bufferCases("Bool") { $0.isMultiple(of: 3) } + [
            Case("any source and any tag are told by the status") { world in
                if world.rank == 0 {
                    var seen: Set<Int> = []
                    for _ in 1..<max(1, world.size) {
                        var number = [0]
                        let status = try world.Recv(into: &number)
                        try expect(status.tag, equals: 100 + status.source)
                        try expect(number, equals: [status.source])
                        seen.insert(status.source)
                    }
                    try expect(seen.count, equals: world.size - 1)
                } else {
                    try world.Send([world.rank], dest: 0, tag: 100 + world.rank)
                }
            },
            Case("a message may be shorter than the buffer") { world in
                var buffer = [Double](repeating: -1, count: 10)
                let status = try world.Sendrecv([1.0, 2.0], dest: world.rank, into: &buffer, source: world.rank)
                try expect(status.count(of: Double.self), equals: 2)
                try expect(buffer, equals: [1, 2] + [Double](repeating: -1, count: 8))
                try expect(status.count(of: Int32.self), equals: 4)
            },
            Case("a message that is no whole number of elements has no count") { world in
                var buffer = [UInt8](repeating: 0, count: 10)
                let status = try world.Sendrecv(
                    [1, 2, 3] as [UInt8], dest: world.rank, into: &buffer, source: world.rank)
                try expect(status.count(of: Double.self), equals: nil)
            },
            Case("a message longer than the buffer is an error of class truncated") { world in
                // Small enough to travel with its envelope: no more is written than fits.
                let (left, right) = ringNeighbors(world)
                var buffer: [Int32] = [7, 7]
                try expectThrow {
                    try world.Sendrecv([1, 2, 3] as [Int32], dest: right, into: &buffer, source: left)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .truncated)
                }
                if world.size == 1 { return }
                try world.Send([1, 2, 3] as [Int32], dest: right)
                try expectThrow {
                    try world.Recv(into: &buffer, source: left)
                } where: { error in
                    try expect((error as? MPIError)?.class, equals: .truncated)
                }
            },
            Case("messages to and from nobody are no messages") { world in
                try world.Send([1.0], dest: MPI.procNull)
                var untouched = [7.0]
                let status = try world.Recv(into: &untouched, source: MPI.procNull)
                try expect(untouched, equals: [7.0])
                try expect(status.count(of: Double.self), equals: 0)
                try world.send("nothing", dest: MPI.procNull)
                try expect(try world.recv(String?.self, source: MPI.procNull), equals: nil)
            },
            Case("ranks and tags out of range are refused before MPI is called") { world in
                for (rank, tag) in [(world.size, 0), (-7, 0), (0, -5), (Int.max, 0), (0, Int.max)] {
                    var buffer = [0.0]
                    let calls: [() throws -> Void] = [
                        { try world.Send([1.0], dest: rank, tag: tag) },
                        { try world.Recv(into: &buffer, source: rank, tag: tag) },
                        { try world.send(1.0, dest: rank, tag: tag) },
                        { _ = try world.recv(Double.self, source: rank, tag: tag) },
                        { _ = try world.sendrecv(1.0, dest: rank, sendTag: tag, source: 0) },
                    ]
                    for call in calls {
                        try expectThrow(call) { error in
                            let error = error as? MPIError
                            let bad = rank == 0 ? tag : rank
                            try expect(error?.message.contains("\(bad)") == true, "\(String(describing: error))")
                            try expect(error?.class, equals: rank == 0 ? .tag : .rank)
                        }
                    }
                }
            },
        ]
}
