private import Glibc

/// The cache a core has for itself beside the small one, in bytes; 1 MiB where the system does not tell.
let secondLevelCacheBytes: Int = {
    let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
    if size > 0 { return size }
    return 1 << 20
}()

/// How many time steps to take in one pass over a block, to be fast. Where blocks stay in cache more steps gain little;
/// else a point is read and written twice a pass, and as many steps are good as let all cores share the memory.
public func stepsPerPass(rows: Int, columns: Int) -> Int {
    2 * MemoryLayout<Double>.size * rows * columns <= 2 * secondLevelCacheBytes ? 4 : 16
}
