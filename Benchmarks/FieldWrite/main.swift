// A field that all ranks write together: ParallelHDF5 and plain MPI_File_write_all take turns in one process.
//
//     mpiexec -n 2 fieldwrite-benchmark FOLDER [POINTS [ROUNDS]]
//
// The field has POINTS x POINTS doubles; 23170 gives 4 GiB, which is also the largest field that diff2d stores in one
// piece. Prints lines of "what | seconds of ParallelHDF5 | seconds of C | ratio C : ParallelHDF5", all medians. The
// files are removed.

import CFieldWrite
import Foundation
import ParallelHDF5
import SwiftMPI

/// The seconds of the write alone, and of everything from creating the file to closing it.
struct Times {
    var write = 0.0
    var whole = 0.0
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

try MPI.run { world in
    let arguments = CommandLine.arguments.dropFirst()
    let path = (arguments.first ?? ".") + "/fieldwrite"
    let points = arguments.dropFirst().first.flatMap { Int($0) } ?? 23170
    let rounds = arguments.dropFirst(2).first.flatMap { Int($0) } ?? 5
    let mine = points * world.rank / world.size..<points * (world.rank + 1) / world.size
    let field = [Double](unsafeUninitializedCapacity: mine.count * points) { buffer, count in
        for index in buffer.indices { buffer.initializeElement(at: index, to: Double(index)) }
        count = buffer.count
    }

    func remove() throws {
        try world.Barrier()
        if world.rank == 0 { unlink(path) }
        try world.Barrier()
    }

    func ours(_ layout: HDF5Layout) throws -> Times {
        try world.Barrier()
        let start = MPI.wallTime
        let file = try HDF5File.create(path, communicator: world)
        let dataset = try file.createDataset("field", of: Double.self, shape: [points, points], layout: layout)
        try world.Barrier()
        let begin = MPI.wallTime
        try dataset.write(field, to: Hyperslab(mine, 0..<points))
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
            c_field_write(
                path, $0.baseAddress, mine.lowerBound * points, mine.count * points, &times.write, &times.whole)
        }
        precondition(error == MPI_SUCCESS, "MPI error \(error)")
        try remove()
        return times
    }

    var (contiguous, frames, plain): ([Times], [Times], [Times]) = ([], [], [])
    for round in 0..<rounds {
        // Each takes its turn to be first, because the disk is still busy with the data of the previous writer.
        for turn in 0..<3 {
            switch (round + turn) % 3 {
            case 0: plain.append(try twin())
            case 1: contiguous.append(try ours(.contiguous))
            default: frames.append(try ours(.chunked([points, points])))
            }
        }
    }
    if world.rank == 0 {
        for (name, times) in [("contiguous", contiguous), ("as a chunk", frames)] {
            for (part, time) in [("write", \Times.write), ("create, write, sync, close", \.whole)] {
                let (ours, twin) = (median(times.map { $0[keyPath: time] }), median(plain.map { $0[keyPath: time] }))
                print(
                    "\(name), \(part)", String(format: "%.3f", ours), String(format: "%.3f", twin),
                    String(format: "%.2f", twin / ours), separator: "|")
            }
        }
    }
}
