private import Glibc

/// The size of a core's second-level cache in bytes; 1 MiB if the system does not report it.
let secondLevelCacheBytes: Int = {
    let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    if size > 0 { return size }
    return 1 << 20
}()

/// Returns the number of time steps per pass over a block that is expected to be fastest.
///
/// If the block stays in cache, more steps gain little. Otherwise each pass reads and writes every point in memory
/// twice, and more steps per pass let all cores share the memory bandwidth.
public func stepsPerPass(rows: Int, columns: Int) -> Int {
    2 * MemoryLayout<Double>.size * rows * columns <= 2 * secondLevelCacheBytes ? 4 : 16
}
