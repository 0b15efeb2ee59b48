import SwiftMPI

// Every uppercase call is one MPI call: not more, and no other.

/// More elements than 1024, up to which Open MPI 4 takes further calls to send a message to oneself.
private let message = (0..<2000).map(Double.init)
private let noMessage = [Double](repeating: 0, count: 2000)

/// A case that expects `body` to call exactly these functions of MPI.
private func calling(
    _ functions: [String], _ name: String, _ body: @escaping (Communicator) throws -> Void
) -> Case {
    Case("\(name) is \(functions.joined(separator: ", "))") { world in
        try expect(try Interposer.calls { try body(world) }, equals: functions)
    }
}

/// A send to the right, whose receive has been posted before and is waited for after what is recorded.
private func sending(
    _ functions: [String], _ name: String, _ body: @escaping (Communicator, _ dest: Int) throws -> Void
) -> Case {
    Case("\(name) is \(functions.joined(separator: ", "))") { world in
        let (left, right) = ringNeighbors(world)
        let incoming = try world.Irecv(into: noMessage, source: left)
        try world.Barrier()  // for the ready mode
        let calls = try Interposer.calls { try body(world, right) }
        let received = try incoming.wait()
        try expect(received, equals: message)
        try expect(calls, equals: functions)
    }
}

/// A receive from the left, whose send has been started before and is waited for after what is recorded.
private func receiving(
    _ functions: [String], _ name: String, _ body: @escaping (Communicator, _ source: Int) throws -> [Double]
) -> Case {
    Case("\(name) is \(functions.joined(separator: ", "))") { world in
        let (left, right) = ringNeighbors(world)
        let outgoing = try world.Isend(message, dest: right)
        var received: [Double] = []
        let calls = try Interposer.calls { received = try body(world, left) }
        _ = try outgoing.wait()
        try expect(received, equals: message)
        try expect(calls, equals: functions)
    }
}

private var pointToPoint: [Case] {
    return [
        sending(["MPI_Send"], "Send") { try $0.Send(message, dest: $1) },
        sending(["MPI_Send"], "Send of a span") { try $0.Send(message.span, dest: $1) },
        sending(["MPI_Ssend"], "Ssend") { try $0.Ssend(message, dest: $1) },
        sending(["MPI_Ssend"], "Ssend of a span") { try $0.Ssend(message.span, dest: $1) },
        sending(["MPI_Rsend"], "Rsend") { try $0.Rsend(message, dest: $1) },
        sending(["MPI_Rsend"], "Rsend of a span") { try $0.Rsend(message.span, dest: $1) },
        sending(["MPI_Buffer_attach", "MPI_Bsend", "MPI_Bsend", "MPI_Buffer_detach"], "Bsend") { world, dest in
            try MPI.withAttachedBuffer(byteCount: 2 * (8 * message.count + MPI.bufferedSendOverhead)) {
                try world.Bsend(message, dest: dest)
                try world.Bsend(message.span, dest: MPI.procNull)
            }
        },
        sending(["MPI_Isend", "MPI_Wait"], "Isend") { _ = try $0.Isend(message, dest: $1).wait() },
        sending(["MPI_Isend", "MPI_Wait"], "Isend of a span") { _ = try $0.Isend(message.span, dest: $1).wait() },
        sending(["MPI_Issend", "MPI_Wait"], "Issend") { _ = try $0.Issend(message, dest: $1).wait() },
        sending(["MPI_Issend", "MPI_Wait"], "Issend of a span") { _ = try $0.Issend(message.span, dest: $1).wait() },
        sending(["MPI_Irsend", "MPI_Wait"], "Irsend") { _ = try $0.Irsend(message, dest: $1).wait() },
        sending(["MPI_Irsend", "MPI_Wait"], "Irsend of a span") { _ = try $0.Irsend(message.span, dest: $1).wait() },
        sending(["MPI_Buffer_attach", "MPI_Ibsend", "MPI_Wait", "MPI_Buffer_detach"], "Ibsend") { world, dest in
            try MPI.withAttachedBuffer(byteCount: 8 * message.count + MPI.bufferedSendOverhead) {
                _ = try world.Ibsend(message, dest: dest).wait()
            }
        },
        receiving(["MPI_Recv"], "Recv") { world, source in
            var buffer = noMessage
            try world.Recv(into: &buffer, source: source)
            return buffer
        },
        receiving(["MPI_Recv"], "Recv into a span") { world, source in
            var buffer = noMessage
            var span = buffer.mutableSpan
            try world.Recv(into: &span, source: source)
            return buffer
        },
        receiving(["MPI_Irecv", "MPI_Wait"], "Irecv") { try $0.Irecv(into: noMessage, source: $1).wait() },
        receiving(["MPI_Irecv", "MPI_Wait"], "Irecv into a span") { world, source in
            var buffer = noMessage
            _ = try world.Irecv(into: buffer.mutableSpan, source: source).wait()
            return buffer
        },
        receiving(["MPI_Mprobe", "MPI_Mrecv"], "Mprobe and Recv") { world, source in
            var buffer = noMessage
            try world.Mprobe(source: source).Recv(into: &buffer)
            return buffer
        },
        receiving(["MPI_Mprobe", "MPI_Imrecv", "MPI_Wait"], "Mprobe and Irecv") { world, source in
            try world.Mprobe(source: source).Irecv(into: noMessage).wait()
        },
        receiving(["MPI_Probe", "MPI_Improbe", "MPI_Mrecv"], "Probe, Improbe and Recv") { world, source in
            var buffer = noMessage
            _ = try world.Probe(source: source)
            // Not `?.`: the message must be received whether or not this fails.
            guard let message = try world.Improbe(source: source) else { throw Unmet(description: "no message") }
            try message.Recv(into: &buffer)
            return buffer
        },
        calling(["MPI_Iprobe"], "Iprobe") { try expect(try $0.Iprobe(tag: 99) == nil) },
        calling(["MPI_Improbe"], "Improbe") { world in
            if let message = try world.Improbe(tag: 99) {
                var buffer = noMessage
                try message.Recv(into: &buffer)
            }
        },
        calling(["MPI_Sendrecv", "MPI_Sendrecv"], "Sendrecv") { world in
            let (left, right) = ringNeighbors(world)
            var buffer = noMessage
            try world.Sendrecv(message, dest: right, into: &buffer, source: left)
            var span = buffer.mutableSpan
            try world.Sendrecv(message.span, dest: right, into: &span, source: left)
        },
        calling(["MPI_Sendrecv", "MPI_Sendrecv"], "Sendrecv of two parts of a buffer") { world in
            let exchange = try PartExchange<Double>(
                sending: .element, sendCount: 2000, from: 2000, receiving: .element, recvCount: 2000, into: 0)
            var buffer = message + message
            let (left, right) = ringNeighbors(world)
            try world.Sendrecv(exchange, in: &buffer, dest: right, source: left)
            var span = buffer.mutableSpan
            try world.Sendrecv(exchange, in: &span, dest: right, source: left)
        },
        calling(["MPI_Sendrecv_replace", "MPI_Sendrecv_replace"], "Sendrecv_replace") { world in
            let (left, right) = ringNeighbors(world)
            var buffer = message
            try world.Sendrecv_replace(&buffer, dest: right, source: left)
            var span = buffer.mutableSpan
            try world.Sendrecv_replace(&span, dest: right, source: left)
        },
        Case("test is MPI_Test, and the wait after it nothing") { world in
            let (left, right) = ringNeighbors(world)
            let outgoing = try world.Isend(message, dest: right)
            var incoming = try world.Irecv(into: noMessage, source: left)
            _ = try Interposer.takeCalls()
            var isDone = try incoming.test()
            let first = try Interposer.takeCalls()
            while !isDone { isDone = try incoming.test() }
            _ = try Interposer.takeCalls()
            _ = try incoming.test()
            _ = try incoming.wait()
            let after = try Interposer.takeCalls()
            _ = try outgoing.wait()
            try expect(first, equals: ["MPI_Test"])
            try expect(after, equals: [])
        },
    ]
}

/// The collectives, in every form.
private var collectives: [Case] {
    let one = [1.0]
    let calls: [(String, (CollectiveForm, Communicator) throws -> [Double])] = [
        ("Bcast", { try $0.bcast(one, root: 0, on: $1) }),
        ("Gather", { try $0.gather(one, into: .room(for: $1), root: 0, on: $1) }),
        ("Gather", { try $0.gather(inPlace: $1.rank == 0 ? .room(for: $1) : one, root: 0, on: $1) }),
        ("Scatter", { try $0.scatter(.room(for: $1), into: one, root: 0, on: $1) }),
        ("Scatter", { try $0.scatter(inPlace: $1.rank == 0 ? .room(for: $1) : one, root: 0, on: $1) }),
        ("Allgather", { try $0.allgather(one, into: .room(for: $1), on: $1) }),
        ("Allgather", { try $0.allgather(inPlace: .room(for: $1), on: $1) }),
        ("Alltoall", { try $0.alltoall(.room(for: $1), into: .room(for: $1), on: $1) }),
        ("Alltoall", { try $0.alltoall(inPlace: .room(for: $1), on: $1) }),
        ("Gatherv", { try $0.gatherv(one, into: .room(for: $1), counts: nil, root: 0, on: $1) }),
        ("Gatherv", { try $0.gatherv(inPlace: $1.rank == 0 ? .room(for: $1) : one, counts: nil, root: 0, on: $1) }),
        ("Scatterv", { try $0.scatterv(.room(for: $1), into: one, counts: nil, root: 0, on: $1) }),
        ("Scatterv", { try $0.scatterv(inPlace: $1.rank == 0 ? .room(for: $1) : one, counts: nil, root: 0, on: $1) }),
        ("Allgatherv", { try $0.allgatherv(one, into: .room(for: $1), counts: nil, on: $1) }),
        ("Allgatherv", { try $0.allgatherv(inPlace: .room(for: $1), counts: nil, on: $1) }),
        (
            "Alltoallv",
            { try $0.alltoallv(.room(for: $1), sendCounts: nil, into: .room(for: $1), recvCounts: nil, on: $1) }
        ),
        (
            "Alltoallv",
            { form, comm in
                let counts = VariableCounts(repeatElement(1, count: comm.size))
                return try form.alltoallv(inPlace: .room(for: comm), counts: counts, on: comm)
            }
        ),
        ("Reduce", { try $0.reduce(one, into: one, op: .sum, root: 0, on: $1) }),
        ("Reduce", { try $0.reduce(inPlace: one, op: .sum, root: 0, on: $1) }),
        ("Allreduce", { try $0.allreduce(one, into: one, op: .sum, on: $1) }),
        ("Allreduce", { try $0.allreduce(inPlace: one, op: .sum, on: $1) }),
        ("Reduce_scatter", { try $0.reduceScatter(.room(for: $1), into: one, counts: nil, op: .sum, on: $1) }),
        ("Reduce_scatter", { try $0.reduceScatter(inPlace: .room(for: $1), counts: nil, op: .sum, on: $1) }),
        ("Reduce_scatter_block", { try $0.reduceScatterBlock(.room(for: $1), into: one, op: .sum, on: $1) }),
        ("Reduce_scatter_block", { try $0.reduceScatterBlock(inPlace: .room(for: $1), op: .sum, on: $1) }),
        ("Scan", { try $0.scan(one, into: one, op: .sum, on: $1) }),
        ("Scan", { try $0.scan(inPlace: one, op: .sum, on: $1) }),
        ("Exscan", { try $0.exscan(one, into: one, op: .sum, on: $1) }),
        ("Exscan", { try $0.exscan(inPlace: one, op: .sum, on: $1) }),
    ]
    return calls.flatMap { name, call in
        CollectiveForm.allCases.map { form in
            calling(form.functions(of: name), "\(name), \(form),") { _ = try call(form, $0) }
        }
    }
}

/// The collectives of single values or of nothing.
private var singleCollectives: [Case] {
    [
        calling(["MPI_Barrier"], "Barrier") { try $0.Barrier() },
        calling(["MPI_Ibarrier", "MPI_Wait"], "Ibarrier") { try $0.Ibarrier().wait() },
        calling(["MPI_Bcast"], "Bcast of a value") { world in
            var value = 1.0
            try world.Bcast(&value)
        },
        calling(["MPI_Reduce"], "Reduce of a value") { _ = try $0.Reduce(1.0, op: .sum) },
        calling(["MPI_Allreduce"], "Allreduce of a value") { _ = try $0.Allreduce(1.0, op: .sum) },
        calling(["MPI_Allgather", "MPI_Gather"], "Allgather and Gather of a value") {
            _ = try $0.Allgather(1.0)
            _ = try $0.Gather(1.0)
        },
        calling(["MPI_Allgather", "MPI_Allgatherv"], "Allgatherv that returns the parts") {
            _ = try $0.Allgatherv([1.0])
        },
        calling(["MPI_Scan"], "Scan of a value") { _ = try $0.Scan(1.0, op: .sum) },
        calling(["MPI_Exscan"], "Exscan of a value") { _ = try $0.Exscan(1.0, op: .sum) },
        calling(["MPI_Allgather"], "the table of counts") { _ = try $0.counts(1) },
    ]
}

/// The neighborhood collectives: one call, also where a rank is a neighbor twice, of a topology made before.
private var neighborhoods: [Case] {
    /// A case whose `body` gets a ring of the ranks beside an axis of one rank that is periodic or not.
    func calling(
        _ functions: [String], on isRepeated: Bool,
        _ body: @escaping (CartesianCommunicator, VariableLayouts<Double>) throws -> Void
    ) -> Case {
        let grid = isRepeated ? "a grid where a rank is its own neighbor" : "a grid"
        return Case("a neighborhood collective on \(grid) is \(functions.joined(separator: ", "))") { world in
            let grid = try world.cartesian(dimensions: [world.size, 1], periodic: [world.size > 2, isRepeated])!
            let layouts = try VariableLayouts<Double>((0..<4).map { .init(at: $0) })
            var calls = try Interposer.calls { try body(grid, layouts) }
            // What makes and frees datatypes does not talk to other ranks.
            if isRepeated { calls.removeAll { !$0.contains("eighbor") && $0 != "MPI_Wait" } }
            // The call of MPI-4 for large counts where there is one.
            try expect(calls.map { $0.hasSuffix("_c") ? String($0.dropLast(2)) : $0 }, equals: functions)
        }
    }
    let whole = [1.0, 2, 3, 4]
    return [false, true].flatMap { isRepeated in
        let (v, w) = isRepeated ? ("alltoallw", "alltoallw") : ("alltoallv", "alltoallw")
        let equal = isRepeated ? "alltoallw" : "alltoall"
        return [
            calling(["MPI_Neighbor_allgather"], on: isRepeated) { grid, _ in
                var room = whole
                try grid.Neighbor_allgather([1.0], into: &room)
            },
            calling(["MPI_Ineighbor_allgatherv", "MPI_Wait"], on: isRepeated) { grid, _ in
                _ = try grid.Ineighbor_allgatherv([1.0], into: whole).wait()
            },
            calling(["MPI_Neighbor_\(equal)"], on: isRepeated) { grid, _ in
                var room = whole
                try grid.Neighbor_alltoall(whole, into: &room)
            },
            calling(["MPI_Ineighbor_\(equal)", "MPI_Wait"], on: isRepeated) { grid, _ in
                _ = try grid.Ineighbor_alltoall(whole, into: whole).wait()
            },
            calling(["MPI_Neighbor_\(v)"], on: isRepeated) { grid, _ in
                var room = whole
                try grid.Neighbor_alltoallv(whole, into: &room)
            },
            calling(["MPI_Ineighbor_\(v)", "MPI_Wait"], on: isRepeated) { grid, _ in
                _ = try grid.Ineighbor_alltoallv(whole, into: whole).wait()
            },
            calling(["MPI_Neighbor_\(w)", "MPI_Ineighbor_\(w)", "MPI_Wait"], on: isRepeated) { grid, layouts in
                var room = whole
                try grid.Neighbor_alltoallw(whole, sendLayouts: layouts, into: &room, recvLayouts: layouts)
                _ = try grid.Ineighbor_alltoallw(whole, sendLayouts: layouts, into: whole, recvLayouts: layouts).wait()
            },
            calling(["MPI_Neighbor_\(w)", "MPI_Ineighbor_\(w)", "MPI_Wait"], on: isRepeated) { grid, _ in
                let halo = try HaloParts<Double>(
                    sending: (0..<4).map { .init(at: $0) }, receiving: (4..<8).map { .init(at: $0) })
                var block = whole + whole
                try grid.Neighbor_alltoallw(halo, in: &block)
                _ = try grid.Ineighbor_alltoallw(halo, in: block.mutableSpan).wait()
            },
        ]
    }
}

/// A refused call is none, whatever it would have been.
private var refused: [Case] {
    [
        calling([], "a Send to a rank out of range") { world in
            try expectThrow { try world.Send([1.0], dest: world.size) }
        },
        calling([], "an Allreduce into too little") { world in
            var result: [Double] = []
            try expectThrow { try world.Allreduce([1.0], into: &result, op: .sum) }
        },
    ]
}

extension [Double] {
    /// An element for every rank.
    fileprivate static func room(for comm: Communicator) -> [Double] { Array(repeating: 0, count: comm.size) }
}

var oneCallCases: [Case] { pointToPoint + collectives + singleCollectives + neighborhoods + refused }
