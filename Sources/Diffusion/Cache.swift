#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The cache a core has for itself beside the small one, in bytes; 1 MiB where the system does not tell.
public let secondLevelCacheBytes: Int = {
    #if canImport(Glibc)
        let size = sysconf(Int32(_SC_LEVEL2_CACHE_SIZE))
        if size > 0 { return size }
    #endif
    return 1 << 20
}()
