// What a library that is loaded before MPI sees of a program: the MPI functions it calls, and how often it allocates
// memory outside of them. The functions of MPI themselves come from interpose.py.
//
// INTERPOSER_BLOCK=BYTES: when a rank ends MPI it prints how many blocks of at least so many bytes it has allocated,
// and how many it has copied, outside of MPI since it began it.

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "initial-exec", because other accesses to a thread's own variables allocate.
#define OF_THIS_THREAD static _Thread_local __attribute__((tls_model("initial-exec")))

// How many MPI functions this thread is in: what MPI does inside is its own business.
OF_THIS_THREAD int depth;
OF_THIS_THREAD long allocations;

// What counts as a block, in bytes, and what was seen of such.
static size_t block = (size_t)-1;
OF_THIS_THREAD long allocated_blocks;
OF_THIS_THREAD long copied_blocks;

__attribute__((constructor)) static void begin(void) {
    const char *bytes = getenv("INTERPOSER_BLOCK");
    if (bytes) block = strtoul(bytes, NULL, 10);
}

static void report_blocks(void) {
    const char *rank = getenv("OMPI_COMM_WORLD_RANK");
    if (!rank) rank = getenv("PMI_RANK");
    fprintf(stderr, "rank %s: %ld allocated, %ld copied\n", rank ? rank : "?", allocated_blocks, copied_blocks);
}

static char calls[1 << 16];
static size_t length;

void interposer_enter(const char *name) {
    size_t more = strlen(name);
    if (depth == 0 && block != (size_t)-1 && strcmp(name, "MPI_Finalize") == 0) report_blocks();
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

static void count_allocation(size_t size) {
    if (depth > 0) return;
    allocations++;
    if (size >= block) allocated_blocks++;
}

static void count_copy(size_t size) {
    if (depth == 0 && size >= block) copied_blocks++;
}

// The GNU C library's own copies, which check the room that they are told.
void *__memcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__memmove_chk(void *to, const void *from, size_t size, size_t room);

void *memcpy(void *to, const void *from, size_t size) {
    count_copy(size);
    return __memcpy_chk(to, from, size, size);
}

void *memmove(void *to, const void *from, size_t size) {
    count_copy(size);
    return __memmove_chk(to, from, size, size);
}

void *malloc(size_t size) {
    count_allocation(size);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    count_allocation(count * size);
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    count_allocation(size);
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count_allocation(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    count_allocation(size);
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
