private import Glibc

/// Lets other processes run, in a loop that waits: the rank waited for may share this one's processor.
package func yieldProcessor() { sched_yield() }
