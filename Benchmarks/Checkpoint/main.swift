import Checkpointing
import Glibc
import SwiftMPI

// mpiexec -n RANKS checkpoint-benchmark N DIRECTORY
//
// Writes a checkpoint of N x N doubles, with the rows divided over the ranks, and its twins: the same bytes, written by
// the same ranks with pwrite and fsync to a new file, and over an older file, as a checkpoint is from the fourth on.
// The writes take turns, six times. Prints the medians and the ratios.

guard CommandLine.arguments.count == 3, let n = Int(CommandLine.arguments[1]) else {
    fatalError("usage: checkpoint-benchmark N DIRECTORY")
}
let directory = CommandLine.arguments[2]

try MPI.run { world in
    let rows = n * world.rank / world.size..<n * (world.rank + 1) / world.size
    let stride = n + 16  // as in a field with its rim
    let field = UnsafeMutablePointer<Double>.allocate(capacity: rows.count * stride)
    for index in 0..<rows.count * stride { field[index] = 1 / Double(index + 1) }
    let array = CheckpointArray(rowCount: n, columnCount: n, rows: rows, columns: 0..<n, base: field, stride: stride)
    var checkpoints = try CheckpointDirectory(
        CheckpointConfiguration(directory: directory + "/checkpoint"), program: "benchmark", parameters: [], on: world
    ).restore(array, as: Int.self)

    func seconds(_ body: () throws -> Void) throws -> Double {
        try world.Barrier()
        let start = MPI.wallTime
        try body()
        return try world.Allreduce(MPI.wallTime - start, op: .max)
    }
    let packed = UnsafeMutablePointer<Double>.allocate(capacity: rows.count * n)
    for row in 0..<rows.count { (packed + row * n).update(from: field + row * stride, count: n) }
    func saveTime(_ round: Int) throws -> Double { try seconds { try checkpoints.save(round, array) } }
    func rawTime(_ path: String) throws -> Double {
        try seconds {
            let file = open(path, O_WRONLY | O_CREAT, 0o666)
            var done = 0
            while done < 8 * rows.count * n {
                let some = pwrite(
                    file, UnsafeRawPointer(packed) + done, min(4 << 20, 8 * rows.count * n - done),
                    8 * rows.lowerBound * n + done)
                precondition(some > 0, "pwrite failed")
                done += some
            }
            precondition(fsync(file) == 0, "fsync failed")
            close(file)
        }
    }
    func remove(_ path: String) throws {
        if world.rank == 0 { unlink(path) }
        try world.Barrier()
    }

    var (ours, new, older): ([Double], [Double], [Double]) = ([], [], [])
    // A later writer benefits from memory that the previous one has just freed, so the order alternates. Each must have
    // written a few files before its times count.
    for round in 0..<9 {
        for turn in 0..<3 {
            switch (round + turn) % 3 {
            case 0: ours.append(try saveTime(round))
            case 1:
                new.append(try rawTime(directory + "/new"))
                try remove(directory + "/new")
            default: older.append(try rawTime(directory + "/older"))
            }
        }
    }
    try remove(directory + "/older")
    try checkpoints.finish()
    if world.rank == 0 {
        let (checkpoint, raw, rawOver) = (median(ours[3...]), median(new[3...]), median(older[3...]))
        print(
            "checkpoint", checkpoint, "s; raw write over an older file", rawOver, "s, ratio", checkpoint / rawOver,
            "; of a new file", raw, "s, ratio", checkpoint / raw)
    }
}

func median(_ values: ArraySlice<Double>) -> Double { values.sorted()[values.count / 2] }
