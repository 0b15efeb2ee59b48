// Loaded into the ranks of a test with MPICH over UCX, which waits without ever giving up the processor: where there
// are more ranks than cores, each message then takes a time slice of the scheduler, and the tests a hundred times as
// long.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>

unsigned ucp_worker_progress(void *worker)
{
    static unsigned (*progress)(void *);
    if (!progress) progress = (unsigned (*)(void *)) dlsym(RTLD_NEXT, "ucp_worker_progress");
    unsigned events = progress(worker);
    if (!events) sched_yield();
    return events;
}
