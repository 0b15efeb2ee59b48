// A v-collective is given an array of counts.
// error: 'Gatherv(_:into:counts:root:)' is unavailable: counts are a table, made once: VariableCounts(counts)
// error: 'Allgatherv(_:into:counts:)' is unavailable: counts are a table, made once: VariableCounts(counts)
// error: 'Scatterv(_:into:counts:root:)' is unavailable: counts are a table, made once: VariableCounts(counts)
// error: 'Alltoallv(_:sendCounts:into:recvCounts:)' is unavailable: counts are tables, made once
// error: 'Reduce_scatter(_:into:counts:op:)' is unavailable: counts are a table, made once: VariableCounts(counts)
import SwiftMPI

func countsAreTables(_ world: Communicator, numbers: [Int]) throws {
    let table = VariableCounts(numbers)
    var whole = [1.0, 2.0]
    var part = [0.0]
    try world.Gatherv(part, into: &whole, counts: table)
    try world.Gatherv(part, into: &whole, counts: [1, 1])
    try world.Allgatherv(part, into: &whole, counts: table)
    try world.Scatterv(whole, into: &part, counts: table)
    try world.Alltoallv(part, sendCounts: table, into: &whole, recvCounts: [1, 1])
    try world.Reduce_scatter(whole, into: &part, counts: table, op: .sum)
    #if MISUSE
        try world.Gatherv(part, into: &whole, counts: numbers)
        try world.Allgatherv(part, into: &whole, counts: numbers)
        try world.Scatterv(whole, into: &part, counts: numbers)
        try world.Alltoallv(part, sendCounts: numbers, into: &whole, recvCounts: [1, 1])
        try world.Reduce_scatter(whole, into: &part, counts: numbers, op: .sum)
    #endif
}
