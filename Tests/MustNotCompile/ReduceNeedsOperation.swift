// An uppercase reduction is given a closure.
// error: 'Allreduce(_:op:)' is unavailable: an operation is needed, such as .sum
// error: 'Reduce(_:op:root:)' is unavailable: an operation is needed, such as .sum
// error: 'Scan(_:op:)' is unavailable: an operation is needed, such as .sum
// error: 'Exscan(_:op:)' is unavailable: an operation is needed, such as .sum
import SwiftMPI

func reduceNeedsOperation(_ world: Communicator) throws {
    let sum = try ReductionOperation<Int>(commutative: true) { $0 + $1 }
    _ = try world.Allreduce(1, op: sum)
    _ = try world.Reduce(1, op: sum)
    _ = try world.Scan(1, op: sum)
    _ = try world.Exscan(1, op: sum)
    #if MISUSE
        _ = try world.Allreduce(1, op: +)
        _ = try world.Reduce(1, op: +)
        _ = try world.Scan(1, op: +)
        _ = try world.Exscan(1, op: { max($0, $1) })
    #endif
}
