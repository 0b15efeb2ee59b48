import FoundationEssentials
import SwiftMPI

/// Messages of more elements than a C `int` counts, where there is memory for them: 2 GiB each, sent and received.
var largeMessageCases: [Case] {
    [
        Case("a message of 2³¹+5 elements") { world in
            let hasMemory = try world.Allreduce(availableMemory >= 8 << 30, op: .logicalAnd)
            if world.size > 2 || !hasMemory { return }
            let count = 1 << 31 + 5
            let places = [0, 1, 1 << 30 - 1, 1 << 30, 1 << 31 - 1, 1 << 31, count - 1]
            func make() -> [UInt8] {
                var bytes = [UInt8](repeating: 0, count: count)
                for (number, place) in places.enumerated() { bytes[place] = UInt8(number + 1) }
                return bytes
            }
            func check(_ received: [UInt8], _ status: Status) throws {
                try expect(status.count(of: UInt8.self), equals: count)
                try expect(places.map { received[$0] }, equals: [1, 2, 3, 4, 5, 6, 7])
                try expect(received[2], equals: 0)
            }
            var status = Status()
            if world.size == 1 {
                let incoming = try world.Irecv(into: [UInt8](repeating: 9, count: count), source: 0)
                let outgoing = try world.Isend(make(), dest: 0)
                _ = try outgoing.wait()
                try check(try incoming.wait(status: &status), status)
            } else if world.rank == 0 {
                try world.Send(make(), dest: 1)
            } else {
                var received = [UInt8](repeating: 9, count: count)
                status = try world.Recv(into: &received, source: 0)
                try check(received, status)
            }
        }
    ]
}

/// What the system could give to programs, in bytes; 0 where it does not tell.
private var availableMemory: Int {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return 0 }
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 } ?? 0
}
