// What a library that is loaded before MPI sees of a program: the MPI functions it calls, and how often it allocates
// memory outside of them. The functions of MPI themselves come from interpose.py.

#include <errno.h>
#include <stddef.h>
#include <string.h>

// "initial-exec", because other accesses to a thread's own variables allocate.
#define OF_THIS_THREAD static _Thread_local __attribute__((tls_model("initial-exec")))

// How many MPI functions this thread is in: what MPI does inside is its own business.
OF_THIS_THREAD int depth;
OF_THIS_THREAD long allocations;

static char calls[1 << 16];
static size_t length;

void interposer_enter(const char *name) {
    size_t more = strlen(name);
    if (depth++ == 0 && length + more + 2 <= sizeof calls) {
        memcpy(calls + length, name, more);
        length += more;
        calls[length++] = '\n';
    }
}

void interposer_leave(void) { depth--; }

// The names of the functions called since it was last asked, a line each.
const char *interposer_take_calls(void) {
    calls[length] = 0;
    length = 0;
    return calls;
}

// How often this thread has allocated since it was last asked.
long interposer_take_allocations(void) {
    long count = allocations;
    allocations = 0;
    return count;
}

// The GNU C library's own names for its allocator.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static void count_allocation(void) {
    if (depth == 0) allocations++;
}

void *malloc(size_t size) {
    count_allocation();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    count_allocation();
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    count_allocation();
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count_allocation();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count_allocation();
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
