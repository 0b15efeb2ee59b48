private import Glibc

/// Lets the C library keep the memory of large messages for the next ones.
///
/// The GNU library takes blocks above 128 KiB from the system and gives them back when they are freed, so that each
/// object of 1 MiB pays for 256 fresh pages, several times over: sending and receiving it took ten times as long. From
/// here on blocks up to 32 MiB are reused, and up to 64 MiB of free memory kept. Whoever has set
/// `MALLOC_MMAP_THRESHOLD_` or `MALLOC_TRIM_THRESHOLD_` keeps what they say.
func keepLargeAllocations() {
    if getenv("MALLOC_MMAP_THRESHOLD_") != nil || getenv("MALLOC_TRIM_THRESHOLD_") != nil { return }
    guard let address = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(address, to: (@convention(c) (CInt, CInt) -> CInt).self)
    let (trimThreshold, mmapThreshold): (CInt, CInt) = (-1, -3)  // M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of <malloc.h>
    _ = mallopt(mmapThreshold, 32 << 20)
    _ = mallopt(trimThreshold, 64 << 20)
}
