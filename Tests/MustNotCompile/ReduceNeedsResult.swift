// A reduction of a buffer does not say where the result goes.
// error: a buffer needs a place for the result: Allreduce(_:into:op:) or Allreduce(inPlace:op:)
// error: a buffer needs a place for the result: Reduce(_:into:op:) or Reduce(inPlace:op:)
// error: a buffer needs a place for the result: Scan(_:into:op:) or Scan(inPlace:op:)
// error: a buffer needs a place for the result: Exscan(_:into:op:) or Exscan(inPlace:op:)
import SwiftMPI

func reduceNeedsResult(_ world: Communicator) throws {
    var result = [0.0, 0.0]
    try world.Allreduce([1.0, 2.0], into: &result, op: .sum)
    try world.Reduce([1.0, 2.0], into: &result, op: .sum)
    try world.Scan([1.0, 2.0], into: &result, op: .sum)
    try world.Exscan([1.0, 2.0], into: &result, op: .sum)
    try world.Allreduce(inPlace: &result, op: .max)
    try world.Reduce(inPlace: &result, op: .max)
    try world.Scan(inPlace: &result, op: .max)
    try world.Exscan(inPlace: &result, op: .max)
    #if MISUSE
        try world.Allreduce([1.0, 2.0], op: .sum)
        try world.Reduce([1.0, 2.0], op: .sum)
        try world.Scan([1.0, 2.0], op: .sum)
        try world.Exscan([1.0, 2.0], op: .sum)
        _ = try world.Allreduce([1.0, 2.0]) { $0 + $1 }
        _ = try world.Reduce([1.0, 2.0]) { $0 + $1 }
        _ = try world.Scan([1.0, 2.0]) { $0 + $1 }
        _ = try world.Exscan([1.0, 2.0]) { $0 + $1 }
    #endif
}
