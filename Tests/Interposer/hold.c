// Loaded into ranks: they stop at a moment that the test names, until there is a file `go` in the current folder.
//
// A moment is a call of MPI_Wtime, which programs make at every step, or one that changes a file. With $HOLD_CALL the
// rank $HOLD_RANK stops at its moment of this number, from 1 on, and writes its process ID to a file `held`. With
// $HOLD_FILE every rank stops at its first call of MPI_Wtime after a file of this name has appeared.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <mpi.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int exists(const char *path) { return access(path, F_OK) == 0; }

static void await_go(void)
{
    while (!exists("go")) usleep(1000);
}

static int is_chosen(void)
{
    const char *rank = getenv("OMPI_COMM_WORLD_RANK"), *chosen = getenv("HOLD_RANK");
    if (!rank) rank = getenv("PMI_RANK");
    return rank && chosen && strcmp(rank, chosen) == 0;
}

static void moment(void)
{
    static atomic_long count;
    const char *call = getenv("HOLD_CALL");
    if (!call || !is_chosen() || atomic_fetch_add(&count, 1) + 1 != atol(call)) return;
    FILE *held = fopen("held.new", "w");
    fprintf(held, "%d\n", (int) getpid());
    fclose(held);
    // Not by rename(), which is a moment itself: the file has its text as soon as it has its name.
    link("held.new", "held");
    await_go();
}

double MPI_Wtime(void)
{
    const char *file = getenv("HOLD_FILE");
    if (file && exists(file)) await_go();
    moment();
    return PMPI_Wtime();
}

#define MOMENT(type, name, parameters, ...)                                  \
    type name parameters                                                     \
    {                                                                        \
        static type(*next) parameters;                                       \
        if (!next) next = (type(*) parameters) dlsym(RTLD_NEXT, #name);      \
        moment();                                                            \
        return next(__VA_ARGS__);                                            \
    }

MOMENT(ssize_t, pwrite, (int file, const void *bytes, size_t count, off_t offset), file, bytes, count, offset)
MOMENT(ssize_t, pwrite64, (int file, const void *bytes, size_t count, off64_t offset), file, bytes, count, offset)
MOMENT(ssize_t, pwritev, (int file, const struct iovec *parts, int count, off_t offset), file, parts, count, offset)
MOMENT(ssize_t, pwritev64, (int file, const struct iovec *parts, int count, off64_t offset), file, parts, count, offset)
MOMENT(int, ftruncate, (int file, off_t length), file, length)
MOMENT(int, ftruncate64, (int file, off64_t length), file, length)
MOMENT(int, fsync, (int file), file)
MOMENT(int, rename, (const char *from, const char *to), from, to)
MOMENT(int, unlink, (const char *path), path)
