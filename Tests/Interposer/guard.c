// An allocator that finds writes beyond the ends of a block, for a library that is loaded before the program. While it
// is switched on, each block ends (but for its alignment) where memory that may not be touched begins, and is filled
// with a pattern; what its alignment leaves before and behind it is looked at when it is freed. Memory is not used
// again.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096ul
#define PAGES (1ul << 24)
#define PATTERN 0xa5

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static char *arena;
static _Atomic size_t next_page;
static _Atomic int is_on;
static _Atomic long guarded;
// Of the block whose last page it is.
static size_t sizes[PAGES];

__attribute__((constructor)) static void reserve(void) {
    void *memory = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory != MAP_FAILED) arena = memory;
}

// Switches it on or off, and returns how many blocks it has guarded.
long guard_set(int on) {
    is_on = on;
    return guarded;
}

static void fail(const char *what, size_t size) {
    char line[128];
    int length = snprintf(line, sizeof line, "guard: a write %s a block of %zu bytes\n", what, size);
    is_on = 0;
    if (write(2, line, length) < 0) _exit(9);
    abort();
}

static int is_guarded(const void *block) {
    return arena && (const char *)block >= arena && (const char *)block < arena + PAGES * PAGE;
}

static void *allocate(size_t alignment, size_t size) {
    if (!is_on || !arena) return NULL;
    size_t pages = (size + alignment + PAGE - 1) / PAGE;
    size_t first = atomic_fetch_add(&next_page, pages + 1);
    if (first + pages + 1 > PAGES) fail("is not guarded any more in", size);
    char *start = arena + first * PAGE, *end = start + pages * PAGE;
    if (mprotect(start, pages * PAGE, PROT_READ | PROT_WRITE)) fail("cannot be guarded in", size);
    memset(start, PATTERN, pages * PAGE);
    char *block = (char *)((uintptr_t)(end - size) / alignment * alignment);
    sizes[first + pages - 1] = size;
    guarded++;
    return block;
}

static size_t last_page(const char *block) {
    // The pages of a block are followed by one of which no size is known.
    size_t page = (size_t)(block - arena) / PAGE;
    while (!sizes[page]) page++;
    return page;
}

static void release(char *block) {
    size_t page = last_page(block), size = sizes[page];
    char *end = arena + (page + 1) * PAGE;
    char *start = (char *)((uintptr_t)block / PAGE * PAGE);
    for (char *byte = start; byte < block; byte++)
        if ((unsigned char)*byte != PATTERN) fail("before", size);
    for (char *byte = block + size; byte < end; byte++)
        if ((unsigned char)*byte != PATTERN) fail("behind", size);
    mprotect(start, end - start, PROT_NONE);
    madvise(start, end - start, MADV_DONTNEED);
}

void *malloc(size_t size) {
    void *block = size ? allocate(16, size) : NULL;
    return block ? block : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || !total) return __libc_calloc(count, size);
    void *block = allocate(16, total);
    return block ? memset(block, 0, total) : __libc_calloc(count, size);
}

void free(void *block) {
    if (is_guarded(block)) release(block);
    else __libc_free(block);
}

void *realloc(void *old, size_t size) {
    if (!old) return malloc(size);
    if (!is_guarded(old)) return __libc_realloc(old, size);
    size_t old_size = sizes[last_page(old)];
    void *new = malloc(size);
    if (new) memcpy(new, old, old_size < size ? old_size : size);
    if (new) free(old);
    return new;
}

void *memalign(size_t alignment, size_t size) {
    void *block = size ? allocate(alignment < 16 ? 16 : alignment, size) : NULL;
    return block ? block : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    *memory = memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

size_t malloc_usable_size(void *block) {
    static size_t (*usable_size)(void *);
    if (is_guarded(block)) return sizes[last_page(block)];
    if (!usable_size) usable_size = (size_t(*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size");
    return usable_size(block);
}
