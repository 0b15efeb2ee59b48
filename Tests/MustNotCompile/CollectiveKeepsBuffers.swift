// The result of a nonblocking collective is read too early.
// error: overlapping accesses to 'result'
import SwiftMPI

func collectiveKeepsBuffers(_ world: Communicator) throws {
    let part = [1.0]
    var result = [0.0]
    let request = try world.Iallreduce(part.span, into: result.mutableSpan, op: .sum)
    #if MISUSE
        print(result)
    #endif
    _ = try request.wait()
    print(result)
}
