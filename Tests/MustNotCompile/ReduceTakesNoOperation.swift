// A lowercase reduction is given an operation of MPI.
// error: use Allreduce(_:op:) for an MPI operation, or a closure: allreduce(object, +)
// error: use Reduce(_:op:) for an MPI operation, or a closure: reduce(object, +)
// error: use Scan(_:op:) for an MPI operation, or a closure: scan(object, +)
// error: use Exscan(_:op:) for an MPI operation, or a closure: exscan(object, +)
// error: use Allreduce(inPlace:op:) for an MPI operation, element by element
// error: use Reduce(inPlace:op:root:) for an MPI operation, element by element
// error: use Scan(inPlace:op:) for an MPI operation, element by element
// error: use Exscan(inPlace:op:) for an MPI operation, element by element
import SwiftMPI

func reduceTakesNoOperation(_ world: Communicator) throws {
    _ = try world.Allreduce(1, op: .sum)
    _ = try world.Reduce(1, op: .sum)
    _ = try world.Scan(1, op: .sum)
    _ = try world.Exscan(1, op: .sum)
    #if MISUSE
        _ = try world.allreduce(1, op: .sum)
        _ = try world.reduce(1, op: .sum)
        _ = try world.scan(1, op: .sum)
        _ = try world.exscan(1, op: .sum)
        _ = try world.allreduce([1], op: .sum)
        _ = try world.reduce([1], op: .sum)
        _ = try world.scan([1], op: .sum)
        _ = try world.exscan([1], op: .sum)
    #endif
}
