private import Glibc

/// Lets other processes run during a wait loop: the rank that is waited for may share this rank's processor.
package func yieldProcessor() { sched_yield() }
