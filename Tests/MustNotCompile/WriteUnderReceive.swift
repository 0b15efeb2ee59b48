// A buffer is moved in memory while MPI writes to it.
// error: overlapping accesses to 'halo'
import SwiftMPI

func writeUnderReceive(_ world: Communicator) throws {
    var halo = [0.0, 0.0]
    let request = try world.Irecv(into: halo.mutableSpan, source: 0)
    #if MISUSE
        halo.append(1)
    #endif
    _ = try request.wait()
    halo.append(1)
}
