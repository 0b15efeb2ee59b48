// Two receives into one buffer.
// error: overlapping accesses to 'halo'
import SwiftMPI

func sameBufferTwice(_ world: Communicator) throws {
    var halo = [0.0, 0.0]
    let first = try world.Irecv(into: halo.mutableSpan, source: 0)
    #if MISUSE
        let second = try world.Irecv(into: halo.mutableSpan, source: 1)
        _ = try second.wait()
    #endif
    _ = try first.wait()
}
