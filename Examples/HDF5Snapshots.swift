// Snapshots of a field that all ranks share, written to one HDF5 file with a growing time axis, compressed chunks, and
// coordinates that xarray and ncdump find. Then the file is reopened, continued, and read in a different decomposition.
//
//     mpiexec -n 4 hdf5-snapshots snapshots.h5

import ParallelHDF5
import SwiftMPI

let (rows, columns) = (10, 6)
let path = CommandLine.arguments.dropFirst().first ?? "snapshots.h5"

/// Returns the value of the field at a time and a point.
func value(_ time: Int, _ row: Int, _ column: Int) -> Double { Double(10_000 * time + 100 * row + column) }

/// Appends a snapshot. Each rank has some of the rows; some ranks have none if there are more ranks than rows.
func append(_ time: Int, to file: borrowing HDF5File, _ world: Communicator) throws {
    let mine = rows * world.rank / world.size..<rows * (world.rank + 1) / world.size
    let block = mine.flatMap { row in (0..<columns).map { value(time, row, $0) } }

    var field = try file.openDataset("field")
    try field.extend(to: [time + 1, rows, columns])
    try field.write(block, to: Hyperslab(time..<time + 1, mine, 0..<columns))
    // HDF5 falls back to independent transfers silently, so this example checks.
    let (transfer, causes) = (try field.lastTransfer(), try field.whyIndependent().anywhere)
    precondition(transfer == .collective, "\(causes)")

    var times = try file.openDataset("time")
    try times.extend(to: [time + 1])
    if world.rank == 0 { try times.write([Double(time) / 2], to: Hyperslab(time..<time + 1), transfer: .independent) }
}

try MPI.run { world in
    // All ranks create the file and its contents together, with the same arguments.
    let file = try HDF5File.create(
        path, communicator: world, access: HDF5FileAccess(alignment: .init(to: 4096), hints: ["cb_nodes": "1"]))
    try file.setAttribute("Conventions", to: "CF-1.10")
    let field = try file.createDataset(
        "field", of: Double.self, shape: [0, rows, columns],
        layout: .chunked([1, rows / 2, columns], compression: .deflate()), maximumShape: [nil, rows, columns])
    try field.setAttribute("units", to: "K")
    // netCDF-4 requires a scale for every axis.
    let time = try file.createDataset(
        "time", of: Double.self, shape: [0], layout: .chunked([256]), maximumShape: [nil])
    try time.setAttribute("units", to: "s")
    let y = try file.createDataset("y", of: Double.self, shape: [rows])
    let x = try file.createDataset("x", of: Double.self, shape: [columns])
    try time.makeDimensionScale()
    try y.makeDimensionScale()
    try x.makeDimensionScale()
    try field.attachScale(time, toAxis: 0)
    try field.attachScale(y, toAxis: 1)
    try field.attachScale(x, toAxis: 2)
    if world.rank == 0 {
        try y.write((0..<rows).map { Double($0) }, transfer: .independent)
        try x.write((0..<columns).map { Double($0) }, transfer: .independent)
    }
    for time in 0..<3 { try append(time, to: file, world) }
    try file.close()

    // A later run continues the file.
    let again = try HDF5File.open(path, mode: .readWrite, communicator: world)
    for time in 3..<5 { try append(time, to: again, world) }
    try again.close()

    // Any rank can read any part: here every second point of the last snapshot, and a single point of every snapshot.
    let last = try HDF5File.open(path, communicator: world)
    let all = try last.openDataset("field")
    let coarse = try all.read(
        Double.self, from: Hyperslab(start: [4, 0, 0], count: [1, rows / 2, columns / 2], step: [1, 2, 2]))
    precondition(coarse == (0..<rows / 2).flatMap { row in (0..<columns / 2).map { value(4, 2 * row, 2 * $0) } })
    let corner = try all.read(Double.self, at: (0..<5).map { [$0, rows - 1, columns - 1] })
    precondition(corner == (0..<5).map { value($0, rows - 1, columns - 1) })
    if world.rank == 0 { print("\(all.shape[0]) snapshots, the corner goes from \(corner[0]) to \(corner[4])") }
    try last.close()

    // A failed call throws a Swift error that contains HDF5's own description of the failure.
    do throws(HDF5Error) {
        try HDF5File.open("no such file.h5", communicator: world).close()
    } catch {
        precondition(!error.stack.isEmpty && error.description.contains("no such file.h5"))
    }
}
