// A request is waited for twice.
// error: 'request' consumed more than once
import SwiftMPI

func waitTwice(_ world: Communicator) throws {
    let request = try world.Irecv(into: [0.0], source: 0)
    _ = try request.wait()
    #if MISUSE
        _ = try request.wait()
    #endif
}
