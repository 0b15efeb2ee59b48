#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// Lets other processes run, in a loop that waits: the rank waited for may share this one's processor.
package func yieldProcessor() { sched_yield() }
