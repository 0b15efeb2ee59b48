// Slabs of a file: each rank reads its part of a dataset, which is selected by ranges that may be open, and converts
// some elements to another type.
//
//     mpiexec -n 4 file-slabs slabs.h5

import ParallelHDF5
import SwiftMPI

let (times, rows, columns) = (3, 10, 4)
let path = CommandLine.arguments.dropFirst().first ?? "slabs.h5"

func value(_ time: Int, _ row: Int, _ column: Int) -> Double { Double(100 * time + 10 * row + column) / 8 }

try MPI.run { world in
    // One rank writes the file without MPI, as another program would.
    try world.failingTogether {
        if world.rank > 0 { return }
        let file = try HDF5File.create(path)
        let field = try file.createDataset("field", of: Double.self, shape: [times, rows, columns])
        let all = (0..<times).flatMap { t in (0..<rows).flatMap { r in (0..<columns).map { value(t, r, $0) } } }
        try field.write(all)
        try field.setAttribute("units", to: "kg m-2")
        try file.close()
    }

    let file = try HDF5File.open(path, communicator: world)
    let datasets = try file.datasetPaths()
    precondition(datasets == ["/field"])
    let field = try file.openDataset("field")
    let units = try field.attribute("units", as: String.self)

    // All columns of this rank's rows at the last time; in numpy, field[-1, mine, :].
    let mine = VariableCounts.even(field.shape[1], parts: world.size).range(of: world.rank)
    let slab = try field.read(Double.self, from: field.region(times - 1, mine, 0...))
    precondition(slab == mine.flatMap { row in (0..<columns).map { value(times - 1, row, $0) } })
    let sum = try world.Allreduce(slab.reduce(0, +), op: .sum)

    // Reads into an existing array, and with conversion to a smaller type.
    var series = [Double](repeating: 0, count: times)
    try field.read(into: &series, from: field.region(0..., 0, 0))
    precondition(series == (0..<times).map { value($0, 0, 0) })
    let coarse = try field.read(Float.self, converting: Double.self, from: field.region(...1, 2, 0..<2))
    precondition(coarse == [(0, 2, 0), (0, 2, 1), (1, 2, 0), (1, 2, 1)].map { Float(value($0.0, $0.1, $0.2)) })
    try file.close()

    if world.rank == 0 { print("\(sum / Double(rows * columns)) \(units) on average") }
}
