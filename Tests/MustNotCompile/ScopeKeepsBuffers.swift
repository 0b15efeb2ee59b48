// A buffer of a scope is touched before the scope is finished.
// error: overlapping accesses to 'upper'
import SwiftMPI

func scopeKeepsBuffers(_ world: Communicator) throws {
    var upper = [0.0]
    let row = [1.0]
    var exchange = RequestScope()
    exchange.append(try world.Irecv(into: upper.mutableSpan, source: 0))
    exchange.append(try world.Isend(row.span, dest: 0))
    #if MISUSE
        upper[0] = 1
    #endif
    try exchange.finish()
    upper[0] = 1
}
