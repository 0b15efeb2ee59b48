// Both buffers of a reduction hold the same type.
// error: error:
import SwiftMPI

func sameElement(_ world: Communicator) throws {
    var sum = [0.0]
    try world.Allreduce([1.0], into: &sum, op: .sum)
    #if MISUSE
        var other: [Float] = [0]
        try world.Allreduce([1.0] as [Double], into: &other, op: .sum)
    #endif
}
