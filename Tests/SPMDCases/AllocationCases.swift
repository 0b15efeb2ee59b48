import SwiftMPI

// An uppercase call allocates nothing; what MPI allocates inside is its own business.

/// A case that repeats a call and expects that not one allocation is made outside MPI.
///
/// - Parameter make: Prepares the buffers, and gives the call.
private func without(_ name: String, _ make: @escaping (Communicator) throws -> () throws -> Void) -> Case {
    Case("\(name) allocates nothing") { world in
        let call = try make(world)
        try call()
        let count = try Interposer.allocations { for _ in 0..<1000 { try call() } }
        try expect(count, equals: 0)
    }
}

var allocationCases: [Case] {
    [
        Case("allocations are counted") { _ in
            let count = try Interposer.allocations { for size in 1...10 { keep(Array(repeating: size, count: size)) } }
            try expect(count >= 10, "\(count)")
        },
        without("Send and Recv") { world in
            let (left, right) = ringNeighbors(world)
            let part = [1.0, 2.0]
            var buffer = [0.0, 0.0]
            return {
                // Even ranks send first; a rank alone has nobody to send to.
                if world.size == 1 { return }
                if world.rank.isMultiple(of: 2) { try world.Send(part, dest: right) }
                try world.Recv(into: &buffer, source: left)
                if !world.rank.isMultiple(of: 2) { try world.Send(part, dest: right) }
            }
        },
        without("Send and Recv of spans") { world in
            let (left, right) = ringNeighbors(world)
            let part = [1.0, 2.0]
            var buffer = [0.0, 0.0]
            return {
                if world.size == 1 { return }
                if world.rank.isMultiple(of: 2) { try world.Send(part.span, dest: right) }
                var span = buffer.mutableSpan
                try world.Recv(into: &span, source: left)
                if !world.rank.isMultiple(of: 2) { try world.Send(part.span, dest: right) }
            }
        },
        without("Isend, Irecv and wait of spans") { world in
            let (left, right) = ringNeighbors(world)
            let part = [Double](repeating: 1, count: 200)
            var buffer = [Double](repeating: 0, count: 200)
            return {
                let incoming = try world.Irecv(into: buffer.mutableSpan, source: left)
                let outgoing = try world.Isend(part.span, dest: right)
                _ = try incoming.wait()
                _ = try outgoing.wait()
            }
        },
        without("Sendrecv") { world in
            let (left, right) = ringNeighbors(world)
            let part = [Double](repeating: 1, count: 200)
            var buffer = [Double](repeating: 0, count: 200)
            return { try world.Sendrecv(part, dest: right, into: &buffer, source: left) }
        },
        // To copy the buffer would be an allocation.
        without("Sendrecv of two parts of a buffer") { world in
            let (left, right) = ringNeighbors(world)
            let column = try Layout<Double>.vector(count: 200, stride: 100)
            let exchange = try PartExchange(sending: column, from: 98, receiving: column, into: 0)
            var block = [Double](repeating: 1, count: 20_000)
            return { try world.Sendrecv(exchange, in: &block, dest: right, source: left) }
        },
        without("Bcast") { world in
            var buffer = [1.0, 2.0]
            return { try world.Bcast(&buffer) }
        },
        without("Allreduce") { world in
            let part = [1.0, 2.0]
            var result = [0.0, 0.0]
            return { try world.Allreduce(part, into: &result, op: .sum) }
        },
        without("Allreduce of a value") { world in
            var value = 1.0
            return { value = try world.Allreduce(value, op: .max) }
        },
        without("Allgather") { world in
            let part = [1.0]
            var whole = Double.room(world.size)
            return { try world.Allgather(part, into: &whole) }
        },
        without("Allgatherv with counts made beforehand") { world in
            let counts = try world.counts(world.rank)
            let part = Double.room(world.rank)
            var whole = Double.room(counts.extent)
            return { try world.Allgatherv(part, into: &whole, counts: counts) }
        },
        without("Alltoallv with counts made beforehand") { world in
            let counts = VariableCounts(repeatElement(2, count: world.size))
            let part = Double.room(2 * world.size)
            var whole = Double.room(2 * world.size)
            return { try world.Alltoallv(part, sendCounts: counts, into: &whole, recvCounts: counts) }
        },
        without("Neighbor_alltoall, v with counts and w with layouts made beforehand") { world in
            let ring = try world.cartesian(dimensions: [world.size], periodic: [world.size > 2])!
            let whole = [1.0, 2.0]
            let (counts, layouts) = (VariableCounts([1, 1]), try VariableLayouts<Double>([.init(), .init(at: 1)]))
            var received = [0.0, 0.0]
            return {
                try ring.Neighbor_alltoall(whole, into: &received)
                try ring.Neighbor_alltoallv(whole, sendCounts: counts, into: &received, recvCounts: counts)
                try ring.Neighbor_alltoallw(whole, sendLayouts: layouts, into: &received, recvLayouts: layouts)
            }
        },
        without("Neighbor_alltoallw of parts of a buffer") { world in
            let line = try world.cartesian(dimensions: [world.size], periodic: [world.size > 2])!
            let column = try Layout<Double>.vector(count: 100, stride: 100)
            let halo = try HaloParts(
                sending: [.init(column, at: 1), .init(column, at: 98)],
                receiving: [.init(column, at: 0), .init(column, at: 99)])
            var block = [Double](repeating: 1, count: 10_000)
            return { try line.Neighbor_alltoallw(halo, in: &block) }
        },
        without("Reduce_scatter with counts made beforehand") { world in
            let counts = VariableCounts(0..<world.size)
            let whole = Double.room(counts.extent)
            var part = Double.room(world.rank)
            return { try world.Reduce_scatter(whole, into: &part, counts: counts, op: .sum) }
        },
    ]
}

/// Keeps an array from being optimized away.
@inline(never)
private func keep(_ array: [Int]) { if array.isEmpty { print(array) } }
