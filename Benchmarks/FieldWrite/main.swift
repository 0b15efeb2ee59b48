// A field written by all ranks together: ParallelHDF5 and plain MPI_File_write_at_all in turn, in one process.
//
//     mpiexec -n 2 fieldwrite-benchmark FOLDER [MEBIBYTES [ROUNDS]]
//
// Prints lines of "what | seconds of ParallelHDF5 | seconds of C | C over ours", medians. The files are removed.

import CFieldWrite
import Foundation
import ParallelHDF5
import SwiftMPI

/// Seconds of the write alone and of everything from creating the file to closing it.
struct Times {
    var write = 0.0
    var whole = 0.0
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

try MPI.run { world in
    let arguments = CommandLine.arguments.dropFirst()
    let path = (arguments.first ?? ".") + "/fieldwrite"
    let mebibytes = arguments.dropFirst().first.flatMap { Int($0) } ?? 4096
    let rounds = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
    // Rows of a mebibyte, a multiple of them a rank.
    let (rows, columns) = (mebibytes / world.size * world.size, 1 << 17)
    let mine = rows * world.rank / world.size..<rows * (world.rank + 1) / world.size
    let field = (0..<mine.count * columns).map { Double($0) }

    func remove() throws {
        try world.Barrier()
        if world.rank == 0 { unlink(path) }
        try world.Barrier()
    }

    func ours(_ layout: HDF5Layout) throws -> Times {
        try world.Barrier()
        let start = MPI.wallTime
        let file = try HDF5File.create(path, communicator: world)
        let dataset = try file.createDataset("field", of: Double.self, shape: [rows, columns], layout: layout)
        try world.Barrier()
        let begin = MPI.wallTime
        try dataset.write(field, to: Hyperslab(mine, 0..<columns))
        try world.Barrier()
        let write = MPI.wallTime - begin
        let transfer = try dataset.lastTransfer()
        precondition(transfer == .collective)
        try file.close()
        try world.Barrier()
        let whole = MPI.wallTime - start
        try remove()
        return Times(write: write, whole: whole)
    }

    func twin() throws -> Times {
        var times = Times()
        let error = field.withUnsafeBytes {
            c_field_write(path, $0.baseAddress, $0.count, CInt(world.rank), &times.write, &times.whole)
        }
        precondition(error == MPI_SUCCESS, "MPI error \(error)")
        try remove()
        return times
    }

    var (contiguous, frames, plain): ([Times], [Times], [Times]) = ([], [], [])
    for _ in 0..<rounds {
        plain.append(try twin())
        contiguous.append(try ours(.contiguous))
        frames.append(try ours(.chunked([min(rows, 1024), columns])))
    }
    if world.rank == 0 {
        for (name, times) in [("contiguous", contiguous), ("in chunks of 1 GiB", frames)] {
            for (part, time) in [("write", \Times.write), ("create, write, sync, close", \.whole)] {
                let (ours, twin) = (median(times.map { $0[keyPath: time] }), median(plain.map { $0[keyPath: time] }))
                print(
                    "\(rows) MiB \(name), \(part)", String(format: "%.3f", ours), String(format: "%.3f", twin),
                    String(format: "%.2f", twin / ours), separator: "|")
            }
        }
    }
}
