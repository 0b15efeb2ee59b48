// Half a round trip between two ranks, in microseconds: the Swift and C calls take turns in one process. Prints lines
// of "name | Swift | C"; C has no lowercase calls.

import CPingPong
import Foundation
import SwiftMPI

/// The object that the lowercase calls send; mpi4py's counterpart is {'a': 7, 'b': 3.14}.
struct Pair: Codable {
    var a = 7
    var b = 3.14
}

/// Returns the best time of several blocks: what the machine can do when nothing interferes.
func best(_ blocks: Int, _ block: () throws -> Double) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<blocks { best = min(best, try block()) }
    return best
}

try MPI.run(threads: .single) { world in
    func report(_ name: String, _ ours: Double, _ twin: Double? = nil) {
        if world.rank > 0 { return }
        print(
            name, String(format: "%.4f", 1e6 * ours), twin.map { String(format: "%.4f", 1e6 * $0) } ?? "-",
            separator: "|")
    }

    func buffers(_ buffer: inout [UInt8], rounds: Int) throws -> Double {
        try world.Barrier()
        let start = MPI.wallTime
        if world.rank == 0 {
            for _ in 0..<rounds {
                try world.Send(buffer, dest: 1)
                try world.Recv(into: &buffer, source: 1, tag: 0)
            }
        } else if world.rank == 1 {
            for _ in 0..<rounds {
                try world.Recv(into: &buffer, source: 0, tag: 0)
                try world.Send(buffer, dest: 0)
            }
        }
        return (MPI.wallTime - start) / Double(2 * rounds)
    }

    func objects<T: Codable>(_ object: T, rounds: Int) throws -> Double {
        try world.Barrier()
        let start = MPI.wallTime
        for _ in 0..<rounds {
            if world.rank == 0 {
                try world.send(object, dest: 1)
                _ = try world.recv(T.self, source: 1)
            } else if world.rank == 1 {
                try world.send(try world.recv(T.self, source: 0), dest: 0)
            }
        }
        return (MPI.wallTime - start) / Double(2 * rounds)
    }

    for (name, bytes, rounds) in [("Send/Recv 8 B", 8, 20_000), ("Send/Recv 1 MiB", 1 << 20, 300)] {
        var buffer = [UInt8](repeating: 1, count: bytes)
        var (ours, twin) = (Double.infinity, Double.infinity)
        // In turn, so that a disturbance of the machine affects both.
        for _ in 0..<25 {
            ours = min(ours, try buffers(&buffer, rounds: rounds))
            twin = min(
                twin,
                buffer.withUnsafeMutableBytes {
                    c_pingpong($0.baseAddress, CInt(bytes), CInt(rounds), CInt(world.rank))
                })
        }
        report(name, ours, twin)
    }
    report("send/recv a struct of two fields", try best(25) { try objects(Pair(), rounds: 5000) })
    let numbers = (0..<1000).map { Double($0) / 7 }
    report("send/recv 1000 doubles", try best(25) { try objects(numbers, rounds: 2000) })
    report("send/recv 1 MiB of Data", try best(25) { try objects(Data(count: 1 << 20), rounds: 200) })
}
