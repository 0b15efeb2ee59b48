// A matched message is received twice.
// error: 'message' consumed more than once
import SwiftMPI

func receiveMatchedTwice(_ world: Communicator) throws {
    var number = [0]
    let message = try world.Mprobe()
    try message.Recv(into: &number)
    #if MISUSE
        try message.Recv(into: &number)
    #endif
}
