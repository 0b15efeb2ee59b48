// A receive needs something it can change.
// error: cannot pass immutable value as inout argument: 'room' is a 'let' constant
import SwiftMPI

func receiveNeedsVariable(_ world: Communicator) throws {
    var variable = [0.0]
    try world.Recv(into: &variable, source: 0)
    #if MISUSE
        let room = [0.0]
        try world.Recv(into: &room, source: 0)
    #endif
}
