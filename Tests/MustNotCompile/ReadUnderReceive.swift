// A buffer is read before what it waits for has come.
// error: overlapping accesses to 'halo'
import SwiftMPI

func readUnderReceive(_ world: Communicator) throws {
    var halo = [0.0, 0.0]
    let request = try world.Irecv(into: halo.mutableSpan, source: 0)
    #if MISUSE
        print(halo[0])
    #endif
    _ = try request.wait()
    print(halo[0])
}
