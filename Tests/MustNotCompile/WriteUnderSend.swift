// A buffer is changed while a send may still read it.
// error: overlapping accesses to 'row'
import SwiftMPI

func writeUnderSend(_ world: Communicator) throws {
    var row = [1.0, 2.0]
    let request = try world.Isend(row.span, dest: 0)
    print(row[0])  // reading is allowed
    #if MISUSE
        row[0] = 3
    #endif
    _ = try request.wait()
    row[0] = 3
}
