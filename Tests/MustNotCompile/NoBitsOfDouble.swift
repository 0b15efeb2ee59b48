// Bitwise operations need integers.
// error: requires that 'Double' conform to 'MPIInteger'
import SwiftMPI

func noBitsOfDouble(_ world: Communicator) throws {
    _ = try world.Allreduce(1, op: .bitwiseOr)
    #if MISUSE
        _ = try world.Allreduce(1.0, op: .bitwiseOr)
    #endif
}
