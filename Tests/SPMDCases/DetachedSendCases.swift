import SwiftMPI

/// Sends of objects that nobody waits for.
var detachedSendCases: [Case] {
    [
        Case("detached sends of any size arrive, in order") { world in
            let (left, right) = ringNeighbors(world)
            for count in [0, 10, 300_000] {
                for number in 0..<4 { try world.isend([Int](repeating: number, count: count), dest: right).detach() }
                try world.issend("synchronous", dest: right).detach()
                for number in 0..<4 {
                    try expect(try world.recv(source: left) == [Int](repeating: number, count: count))
                }
                try expect(try world.recv(source: left), equals: "synchronous")
            }
        },
        Case("many detached sends, received in another order and later") { world in
            let (left, right) = ringNeighbors(world)
            for number in 0..<300 {
                let object = [Double](repeating: Double(number), count: 10_000)
                try world.isend(object, dest: right, tag: number).detach()
            }
            try world.Barrier()
            for number in (0..<300).reversed() {
                let object = try world.recv([Double].self, source: left, tag: number)
                try expect(object == [Double](repeating: Double(number), count: 10_000))
            }
        },
        Case("a send that is complete can be detached, and one to nobody") { world in
            let (left, right) = ringNeighbors(world)
            var send = try world.isend(1, dest: right)
            try expect(try world.recv(source: left), equals: 1)
            while !(try send.test()) {}
            try send.detach()
            try world.isend(1, dest: MPI.procNull).detach()
        },
    ]
}
