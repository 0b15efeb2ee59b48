// An operation exists only for the types it is defined for.
// error: requires that 'Bool' conform to 'MPIArithmetic'
import SwiftMPI

func noSumOfBool(_ world: Communicator) throws {
    _ = try world.Allreduce(true, op: .logicalAnd)
    #if MISUSE
        _ = try world.Allreduce(true, op: .sum)
    #endif
}
