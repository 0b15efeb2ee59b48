// A request is copied.
// error: 'request' consumed more than once
import SwiftMPI

func copyRequest(_ world: Communicator) throws {
    let request = try world.Isend([1.0], dest: 0)
    #if MISUSE
        let copy = request
        _ = try copy.wait()
    #endif
    _ = try request.wait()
}
