// A scope would free the array that it is given.
// error: conform to 'BorrowedBuffer'
import SwiftMPI

func scopeTakesNoOwnedBuffer(_ world: Communicator) throws {
    var exchange = RequestScope()
    var room = [0.0]
    exchange.append(try world.Irecv(into: room.mutableSpan, source: 0))
    #if MISUSE
        exchange.append(try world.Irecv(into: [0.0], source: 0))
    #endif
    try exchange.finish()
}
