// The buffer of a persistent request is changed behind its back.
// error: overlapping accesses to 'row'
import SwiftMPI

func persistentKeepsBuffer(_ world: Communicator) throws {
    var row = [1.0]
    var request = try world.Send_init(row.mutableSpan, dest: 0)
    #if MISUSE
        row[0] = 2
    #endif
    request.withBuffer { $0[0] = 2 }
    try request.start()
    try request.wait()
}
