import Checkpointing
import SwiftMPI

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// mpiexec -n RANKS checkpoint-benchmark N DIRECTORY: a checkpoint of N x N doubles, rows over the ranks, and its twin, the
// same bytes written by the same ranks with pwrite and fsync. In turn, six times; prints the medians and their ratio.

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
    let options = try CheckpointOptions.parse(["--checkpoint", directory + "/checkpoint"])
    let checkpoints = try Checkpoints(options, program: "benchmark", parameters: [], on: world)!
    _ = try checkpoints.restore(array, as: Int.self)

    func seconds(_ body: () throws -> Void) throws -> Double {
        try world.Barrier()
        let start = MPI.wallTime
        try body()
        return try world.Allreduce(MPI.wallTime - start, op: .max)
    }
    let packed = UnsafeMutablePointer<Double>.allocate(capacity: rows.count * n)
    for row in 0..<rows.count { (packed + row * n).update(from: field + row * stride, count: n) }
    func saveTime(_ round: Int) throws -> Double { try seconds { try checkpoints.save(round, array) } }
    func rawTime(_ round: Int) throws -> Double {
        // Never over an older file: both pay for new pages.
        let path = "\(directory)/raw-\(round)"
        defer { if world.rank == 0 { unlink(path) } }
        return try seconds {
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
    var (ours, raw): ([Double], [Double]) = ([], [])
    // Whoever comes second finds memory that the first has just given back: they change places. The first round warms up.
    for round in 0..<7 {
        if round % 2 == 0 { raw.append(try rawTime(round)) }
        ours.append(try saveTime(round))
        if round % 2 == 1 { raw.append(try rawTime(round)) }
    }
    ours.removeFirst()
    raw.removeFirst()
    try checkpoints.finish()
    if world.rank == 0 {
        let (checkpoint, twin) = (ours.sorted()[3], raw.sorted()[3])
        print("checkpoint \(checkpoint) s, raw write \(twin) s, ratio \(checkpoint / twin)")
    }
}
