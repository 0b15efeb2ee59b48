// A lowercase reduction does not say how two objects combine.
// error: a closure says how two objects combine: allreduce(object, +)
// error: a closure says how two objects combine: reduce(object, +)
// error: a closure says how two objects combine: scan(object, +)
// error: a closure says how two objects combine: exscan(object, +)
import SwiftMPI

func reduceNeedsClosure(_ world: Communicator) throws {
    _ = try world.allreduce(1, +)
    _ = try world.reduce(1, +)
    _ = try world.scan(1, +)
    _ = try world.exscan(1, +)
    #if MISUSE
        _ = try world.allreduce(1)
        _ = try world.reduce(1)
        _ = try world.scan(1)
        _ = try world.exscan(1)
    #endif
}
