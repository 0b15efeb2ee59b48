// Scatter and gather: the root sends a row to each rank, each rank works on its row, and the root collects the results.
// First with objects, whose sizes differ, and then with typed buffers.
//
//     mpiexec -n 4 scatter-gather

import SwiftMPI

struct Row: Codable {
    var name: String
    var values: [Double]
}

try MPI.run { world in
    // Lowercase: any Codable type. Only the root has the rows; row r has r + 1 values.
    let rows: [Row]? =
        world.rank == 0
        ? (0..<world.size).map { rank in Row(name: "row \(rank)", values: (0...rank).map { Double($0) }) } : nil
    let row = try world.scatter(rows)
    precondition(row.name == "row \(world.rank)" && row.values.count == world.rank + 1)
    let mean = row.values.reduce(0, +) / Double(row.values.count)
    let means = try world.gather(mean)
    precondition((means != nil) == (world.rank == 0))

    // Uppercase: typed buffers of equal length, here two elements per rank.
    let whole = world.rank == 0 ? (0..<2 * world.size).map { Double($0) } : []
    var part = [0.0, 0.0]
    try world.Scatter(whole, into: &part)
    for index in part.indices { part[index] *= 10 }
    var result = whole
    try world.Gather(part, into: &result)

    if let means {
        precondition(means == (0..<world.size).map { Double($0) / 2 })
        precondition(result == whole.map { $0 * 10 })
        print("means of the rows: \(means)")
    }
}
