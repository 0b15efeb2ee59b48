// An array in a persistent request would move at the first change.
// error: conform to 'BorrowedBuffer'
import SwiftMPI

func persistentOwnsNothing(_ world: Communicator) throws {
    var row = [1.0]
    var request = try world.Send_init(row.mutableSpan, dest: 0)
    try request.start()
    try request.wait()
    #if MISUSE
        _ = try world.Send_init([1.0], dest: 0)
    #endif
}
