internal import CMPI

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Keeps Open MPI 4 from writing past a buffer when it opens a file whose path is long.
///
/// It asks each of its three ways to keep the pointer that ranks share in a file whether it would do, also for files
/// whose pointer nobody uses. One, `lockedfile`, then puts the path and a suffix into a buffer of 256 bytes. Without it
/// there are the other two, `sm` for ranks on one node and `individual`. Whoever has set the variable keeps what it
/// says.
func avoidLockedFilePointers() {
    if CMPI_OPEN_MPI_MAJOR() == 4 { setenv("OMPI_MCA_sharedfp", "^lockedfile", 0) }
}
