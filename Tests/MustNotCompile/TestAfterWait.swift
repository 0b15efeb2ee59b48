// A request is tested after it was waited for.
// error: 'request' used after consume
import SwiftMPI

func testAfterWait(_ world: Communicator) throws {
    var request = try world.Irecv(into: [0.0], source: 0)
    while try !request.test() {}
    _ = try request.wait()
    #if MISUSE
        _ = try request.test()
    #endif
}
