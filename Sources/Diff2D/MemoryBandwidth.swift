import SwiftMPI

/// Measures the memory bandwidth of all ranks together, in bytes per second. Collective.
///
/// Each rank copies more memory than its caches hold. As in STREAM's Copy, one read and one write are counted per
/// element, and the best of several trials is returned (McCalpin, IEEE TCCA Newsletter, 1995).
func copyBandwidth(over world: Communicator) throws(MPIError) -> Double {
    let count = 4 << 20
    let source = [Double](repeating: 1, count: count)
    var target = [Double](repeating: 0, count: count)
    var best = Double.infinity
    for _ in 0..<4 {
        try world.Barrier()
        let start = MPI.wallTime
        target.withUnsafeMutableBufferPointer { target in
            source.withUnsafeBufferPointer { target.baseAddress!.update(from: $0.baseAddress!, count: count) }
        }
        try world.Barrier()  // ranks that share a core copy one after the other
        best = min(best, MPI.wallTime - start)
    }
    let bytes = 2 * count * MemoryLayout<Double>.size * world.size
    return Double(bytes) / (try world.Allreduce(best, op: .max))
}
