// Nothing says what is received.
// error: 'recv(source:tag:)' is unavailable: say what is expected: recv(Int.self, source: 0)
// error: 'irecv(source:tag:upTo:)' is unavailable: say what is expected: irecv(Int.self, source: 0)
import SwiftMPI

func receiveNeedsType(_ world: Communicator) throws {
    let number: Int = try world.recv(source: 0)
    let text = try world.recv(String.self)
    let request = try world.irecv(Int.self, source: 0)
    let sum = try request.wait() + number + text.count
    print(sum)
    #if MISUSE
        print(try world.recv(source: 0))
        let other = try world.irecv(source: 0, tag: 1)
    #endif
}
