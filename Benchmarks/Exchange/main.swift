// The exchange of a column between two ranks, in microseconds: the Swift call on one buffer and the C calls take turns
// in one process. Prints lines of "name | Swift | C".

import CExchange
import Foundation
import SwiftMPI

try MPI.run(threads: .single) { world in
    let (left, right) = ((world.rank + world.size - 1) % world.size, (world.rank + 1) % world.size)
    for (size, rounds) in [(500, 4000), (2000, 1000), (4000, 400)] {
        var block = [Double](repeating: 1, count: size * size)
        let column = try Layout<Double>.vector(count: size, stride: size)
        let exchange = try PartExchange(sending: column, from: size - 2, receiving: column, into: 0)
        var (ours, twin) = (Double.infinity, Double.infinity)
        // In turn, so that a disturbance of the machine affects both.
        for _ in 0..<25 {
            try world.Barrier()
            let start = MPI.wallTime
            for _ in 0..<rounds { try world.Sendrecv(exchange, in: &block, dest: right, source: left) }
            ours = min(ours, (MPI.wallTime - start) / Double(rounds))
            twin = min(
                twin,
                block.withUnsafeMutableBufferPointer {
                    c_exchange($0.baseAddress, CInt(size), CInt(size), CInt(rounds), CInt(left), CInt(right))
                })
        }
        if world.rank == 0 {
            print("\(size) x \(size)", String(format: "%.2f|%.2f", 1e6 * ours, 1e6 * twin), separator: "|")
        }
    }
}
