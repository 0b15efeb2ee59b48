private import Glibc

/// Lets the C library reuse the memory of large messages.
///
/// Glibc maps blocks above 128 KiB from the system and unmaps them when they are freed, so each object of 1 MiB costs
/// 256 fresh pages, several times over: sending and receiving such an object took ten times as long. After this call,
/// blocks up to 32 MiB are reused, and up to 64 MiB of free memory is kept. If `MALLOC_MMAP_THRESHOLD_` or
/// `MALLOC_TRIM_THRESHOLD_` is already set, the settings are left unchanged.
func keepLargeAllocations() {
    if getenv("MALLOC_MMAP_THRESHOLD_") != nil || getenv("MALLOC_TRIM_THRESHOLD_") != nil { return }
    guard let address = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(address, to: (@convention(c) (CInt, CInt) -> CInt).self)
    let (trimThreshold, mmapThreshold): (CInt, CInt) = (-1, -3)  // M_TRIM_THRESHOLD, M_MMAP_THRESHOLD of <malloc.h>
    _ = mallopt(mmapThreshold, 32 << 20)
    _ = mallopt(trimThreshold, 64 << 20)
}
