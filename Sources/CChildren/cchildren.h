// Calls for child processes that Swift cannot import: functions with variable arguments and fields that are macros.

#ifndef CCHILDREN_H
#define CCHILDREN_H

#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>

/// The flag of `posix_spawnattr_setflags` for a child with a session of its own.
static const short CChildrenSetSession = 0x80;  // glibc names it POSIX_SPAWN_SETSID, but only with _GNU_SOURCE

/// Makes this process the new parent of descendants whose own parent ends.
static inline void CChildrenAdoptOrphans(void) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/// Returns the process identifier of a child that has exited, which remains a zombie; 0 if there is none.
static inline pid_t CChildrenEnded(void) {
    siginfo_t information;
    information.si_pid = 0;
    return waitid(P_ALL, 0, &information, WEXITED | WNOHANG | WNOWAIT) == 0 ? information.si_pid : 0;
}

/// Returns the number of bytes that can be read from a descriptor without blocking.
static inline int CChildrenReadableBytes(int descriptor) {
    int count = 0;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

#endif
