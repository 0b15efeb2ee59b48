// Objects travel by the lowercase calls.
// error: requires that 'String' conform to 'MPIDatatype'
import SwiftMPI

func noObjects(_ world: Communicator) throws {
    try world.send(["text"], dest: 0)
    #if MISUSE
        try world.Send(["text"], dest: 0)
    #endif
}
