import FoundationEssentials
import SwiftMPI

/// An `irecv` of an object is a receive posted with MPI. Every rank receives from its left and sends to its right.
var postedReceiveCases: [Case] {
    [
        Case("a large send completes while its receiver is in a collective call") { world in
            let (left, right) = ringNeighbors(world)
            let other = try world.dup()
            let calls: [(Communicator) throws -> Void] = [
                { try $0.Barrier() },
                { try $0.barrier() },
                { try expect(try $0.Allreduce(1, op: .sum), equals: $0.size) },
                { try expect(try $0.allgather($0.rank), equals: Array(0..<$0.size)) },
                { _ = try $0.split(color: 0) },
            ]
            for communicator in [world, other] {
                for (tag, call) in calls.enumerated() {
                    let receive = try world.irecv([Double].self, source: left, tag: tag)
                    if world.rank == 0 {
                        // In the collective call from the beginning; the others are not before they have sent.
                        let send = try world.isend(million(0), dest: right, tag: tag)
                        try call(communicator)
                        try send.wait()
                    } else {
                        try world.ssend(million(world.rank), dest: right, tag: tag)
                        try call(communicator)
                    }
                    try expect(try receive.wait() == million(left))
                }
            }
        },
        Case("probes do not find the message of a posted receive") { world in
            let (left, right) = ringNeighbors(world)
            for count in [1, 1_000_000] {
                let receive = try world.irecv([Double].self, source: left, tag: 1)
                let first = try world.isend([Double](repeating: 0.5, count: count), dest: right, tag: 1)
                let second = try world.isend(2, dest: right, tag: 2)
                while try world.Iprobe(source: left, tag: 2) == nil {}
                try expect(try world.Iprobe(tag: 1) == nil)
                try expect(try world.improbe(tag: 1) == nil)
                try expect(try world.Improbe(tag: 1) == nil)
                try expect(try world.Probe(source: left).tag, equals: 2)
                try expect(try world.mprobe(source: left).recv(Int.self), equals: 2)
                try expect(try receive.wait().count, equals: count)
                try first.wait()
                try second.wait()
                // No message of the next round may come before.
                try world.Barrier()
            }
        },
        Case("receives of both families get messages in the order in which they were posted") { world in
            let (left, right) = ringNeighbors(world)
            for (source, tag) in [(left, 5), (MPI.anySource, 5), (left, MPI.anyTag), (MPI.anySource, MPI.anyTag)] {
                let first = try world.irecv(Int.self, source: source, tag: tag)
                let second = try world.Irecv(into: [0.0], source: source, tag: tag)
                let third = try world.irecv(Int.self, source: source, tag: tag)
                var sends = ObjectRequests<ObjectSendRequest>()
                sends.append(try world.isend(1, dest: right, tag: 5))
                let typed = try world.Isend([2.0], dest: right, tag: 5)
                for number in [3, 4, 6, 8] { sends.append(try world.isend(number, dest: right, tag: 5)) }
                // What comes after the posted receives gets the messages after theirs.
                try expect(try world.recv(Int.self, source: source, tag: tag), equals: 4)
                try expect(try world.mprobe(source: source, tag: tag).recv(Int.self), equals: 6)
                try expect(try third.wait(), equals: 3)
                try expect(try second.wait(), equals: [2.0])
                try expect(try first.wait(), equals: 1)
                while true {
                    guard let message = try world.improbe(source: source, tag: tag) else { continue }
                    try expect(try message.recv(Int.self), equals: 8)
                    break
                }
                _ = try typed.wait()
                _ = try sends.waitAll()
                // No message of the next round may come before.
                try world.Barrier()
            }
        },
        Case("an uppercase receive does not take the message of an earlier irecv") { world in
            let (left, right) = ringNeighbors(world)
            for count in [1, 100_000] {
                func send(_ form: Int) throws -> [Double] {
                    let posted = try world.irecv([Double].self, source: left)
                    let object = try world.isend([Double](repeating: 1, count: count), dest: right)
                    let typed = try world.Isend([Double](repeating: 2, count: count), dest: right)
                    var received = [Double](repeating: 0, count: count)
                    switch form {
                    case 0: try world.Recv(into: &received, source: left)
                    case 1: try world.Mprobe(source: left).Recv(into: &received)
                    case 2:
                        while true {
                            guard let message = try world.Improbe(source: left) else { continue }
                            received = try message.Irecv(into: received).wait()
                            break
                        }
                    default: received = try world.Irecv(into: received, source: left).wait()
                    }
                    try expect(try posted.wait() == [Double](repeating: 1, count: count))
                    try object.wait()
                    _ = try typed.wait()
                    return received
                }
                for form in 0..<4 {
                    try expect(try send(form) == [Double](repeating: 2, count: count), "form \(form)")
                    try world.Barrier()
                }
            }
        },
        Case("receives on several communicators, with collective calls in between") { world in
            let (left, right) = ringNeighbors(world)
            let communicators = [world, try world.dup(), try world.split(color: 0)!]
            for count in [10, 100_000] {
                var receives = ObjectRequests<ObjectReceiveRequest<[Int]>>()
                for communicator in communicators { receives.append(try communicator.irecv(source: left, tag: 3)) }
                try expect(try world.bcast(world.rank == 0 ? "between" : nil), equals: "between")
                var sends = ObjectRequests<ObjectSendRequest>()
                for (number, communicator) in communicators.enumerated().reversed() {
                    sends.append(
                        try communicator.isend([Int](repeating: number, count: count), dest: right, tag: 3))
                }
                try expect(try communicators[2].allreduce(1, +), equals: world.size)
                try world.Barrier()
                let objects = try receives.waitAll()
                try expect(objects == (0..<3).map { [Int](repeating: $0, count: count) })
                _ = try sends.waitAll()
            }
        },
        Case("five thousand receives at once") { world in
            let (left, right) = ringNeighbors(world)
            for count in [3000, 5000] {
                var receives = ObjectRequests<ObjectReceiveRequest<Int>>()
                var sends = ObjectRequests<ObjectSendRequest>()
                for number in 0..<count { receives.append(try world.irecv(source: left, tag: number % 7)) }
                for number in 0..<count { sends.append(try world.isend(number, dest: right, tag: number % 7)) }
                try expect(try receives.waitAll() == Array(0..<count))
                _ = try sends.waitAll()
            }
        },
        Case("rooms of receives are used again") { world in
            let (left, right) = ringNeighbors(world)
            func exchange(_ count: Int, _ times: Int) throws {
                for _ in 0..<times {
                    let receive = try world.irecv(Data.self, source: left)
                    let send = try world.isend(Data(count: count), dest: right)
                    try expect(try receive.wait().count, equals: count)
                    try send.wait()
                }
            }
            try exchange(100, 100)
            try exchange(2_000_000, 5)
            let before = addressedPages
            try exchange(100, 1000)
            try exchange(2_000_000, 50)
            // Each room is half a million pages.
            try expect(addressedPages - before < 400_000, "\(addressedPages - before) more pages")
        },
        Case("data received into a room is the receiver's own") { world in
            let (left, right) = ringNeighbors(world)
            for count in [100, 70_000, 1_000_000, 1_048_576, 3_000_000] {
                var all: [Data] = []
                for number in 0..<5 {
                    let receive = try world.irecv(Data.self, source: left)
                    let send = try world.isend(Data(repeating: UInt8(10 * left + number), count: count), dest: right)
                    all.append(try receive.wait())
                    try send.wait()
                }
                let kept = all[4]
                all[4][count - 1] ^= 0xff
                all[3].append(7)
                let sender = (left + world.size - 1) % world.size
                try expect(kept == Data(repeating: UInt8(10 * sender + 4), count: count))
                try expect(all[4] == kept.dropLast() + [kept[0] ^ 0xff])
                for number in 0..<3 {
                    try expect(all[number] == Data(repeating: UInt8(10 * sender + number), count: count))
                }
            }
        },
        Case("an object longer than its room is an error of the wait, and of that object alone") { world in
            let (left, right) = ringNeighbors(world)
            for count in [1000, 1_000_000] {
                for tests in [false, true] {
                    let world = try world.dup()
                    var short = try world.irecv([UInt8].self, source: left, upTo: count / 2)
                    let next = try world.irecv([UInt8].self, source: left, upTo: count + 5)
                    let object = [UInt8](repeating: 7, count: count)
                    let first = try world.isend(object, dest: right)
                    let second = try world.isend(object, dest: right)
                    var text = ""
                    if tests {
                        do throws(MPIError) { while !(try short.test()) {} } catch {
                            try expect(error.class, equals: .truncated)
                        }
                    }
                    do { _ = try short.wait() } catch {
                        try expect((error as? MPIError)?.class, equals: .truncated)
                        text = "\(error)"
                    }
                    try expect(text.contains("\(count / 2) bytes") && text.contains("irecv(upTo:)"), text)
                    try expect(try next.wait() == object)
                    _ = try? first.wait()  // MPICH tells the sender as well
                    try second.wait()
                }
            }
        },
        Case("a room is as large as it says") { world in
            let (left, right) = ringNeighbors(world)
            let object = String(repeating: "x", count: 300)
            let length = try world.serializer.encode(object).count
            let exact = try world.irecv(String.self, source: left, upTo: length)
            let send = try world.isend(object, dest: right)
            try expect(try exact.wait(), equals: object)
            try send.wait()
            let short = try world.irecv(String.self, source: left, upTo: length - 1)
            let again = try world.isend(object, dest: right)
            try expect((try failure(of: short) as? MPIError)?.class, equals: .truncated)
            _ = try? again.wait()
            try expect(try world.irecv(Int?.self, source: MPI.procNull, upTo: 0).wait(), equals: nil)
            try expectThrow {
                _ = try world.irecv(Int.self, upTo: -1).wait()
            } where: {
                try expect(($0 as? MPIError)?.class, equals: .count)
            }
            try expectThrow {
                _ = try world.irecv(Int.self, upTo: .max).wait()
            } where: {
                try expect(($0 as? MPIError)?.class, equals: .other)
            }
        },
        Case("a room may be larger than 2 GiB") { world in
            let (left, right) = ringNeighbors(world)
            if try world.Allreduce(addressesAreLimited, op: .logicalOr) { return }
            for count in [3, 200_000] {
                let receive = try world.irecv([Int].self, source: left, upTo: 5 << 30)
                let send = try world.isend(Array(0..<count), dest: right)
                try expect(try receive.wait() == Array(0..<count))
                try send.wait()
            }
        },
        Case("what is no object throws, and what comes after it is received") { world in
            let (left, right) = ringNeighbors(world)
            let wrong = try world.irecv(Int.self, source: left)
            let good = try world.irecv(Int.self, source: left)
            let typed = try world.Isend([1.5, 2.5], dest: right)
            let send = try world.isend(3, dest: right)
            _ = try failure(of: wrong)
            try expect(try good.wait(), equals: 3)
            _ = try typed.wait()
            try send.wait()
        },
    ]
}

/// What waiting for a receive throws.
private func failure<T>(of receive: consuming ObjectReceiveRequest<T>) throws -> any Error {
    do { _ = try receive.wait() } catch { return error }
    throw Unmet(description: "no error was thrown")
}

private func million(_ rank: Int) -> [Double] { [Double](repeating: Double(rank), count: 1_000_000) }

/// The pages of this process's address space.
private var addressedPages: Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return text.split(separator: " ").first.flatMap { Int($0) } ?? 0
}

/// Whether the test runs under `ulimit -v`.
private var addressesAreLimited: Bool {
    let text = (try? String(contentsOfFile: "/proc/self/limits", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").contains { $0.hasPrefix("Max address space") && !$0.contains("unlimited") }
}
