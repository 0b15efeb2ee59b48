// A lowercase reduction does not say how two objects combine, or says it as an uppercase one does.
// error: a closure says how two objects combine: allreduce(object, +)
// error: a closure says how two objects combine: reduce(object, +)
// error: a closure says how two objects combine: scan(object, +)
// error: a closure says how two objects combine: exscan(object, +)
// error: the closure has no label: allreduce(object, +)
// error: the closure has no label: reduce(object, +)
// error: the closure has no label: scan(object, +)
// error: the closure has no label: exscan(object, +)
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
        _ = try world.allreduce(1, op: +)
        _ = try world.reduce(1, op: +)
        _ = try world.scan("a", op: +)
        _ = try world.exscan([1], op: { $0 + $1 })
    #endif
}
