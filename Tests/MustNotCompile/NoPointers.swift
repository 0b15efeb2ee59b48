// An address means nothing on another rank.
// error: requires that 'UnsafePointer<Double>' conform to 'MPIDatatype'
import SwiftMPI

func noPointers(_ world: Communicator) throws {
    let pointers: [UnsafePointer<Double>] = []
    try world.Send([pointers.count], dest: 0)
    #if MISUSE
        try world.Send(pointers, dest: 0)
    #endif
}
