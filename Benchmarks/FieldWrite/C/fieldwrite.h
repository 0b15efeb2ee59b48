// The twin of main.swift in C: the same bytes at the same places of a file, by one MPI_File_write_at_all.

#ifndef FIELDWRITE_H
#define FIELDWRITE_H

#include <mpi.h>

// Writes a rank's bytes, a multiple of 1 MiB, behind those of the ranks before it; then brings them to the disk.
// Gives the seconds of the write and of everything; returns MPI_SUCCESS or what went wrong.
static inline int c_field_write(const char *path, const void *bytes, long count, int rank, double *write, double *whole) {
    MPI_File file;
    MPI_Datatype mebibyte;
    MPI_Status status;
    MPI_Type_contiguous(1 << 20, MPI_BYTE, &mebibyte);
    MPI_Type_commit(&mebibyte);
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    int error = MPI_File_open(MPI_COMM_WORLD, path, MPI_MODE_CREATE | MPI_MODE_RDWR, MPI_INFO_NULL, &file);
    if (error) return error;
    MPI_Barrier(MPI_COMM_WORLD);
    double begin = MPI_Wtime();
    error = MPI_File_write_at_all(file, rank * (MPI_Offset)count, bytes, (int)(count >> 20), mebibyte, &status);
    if (error) return error;
    MPI_Barrier(MPI_COMM_WORLD);
    *write = MPI_Wtime() - begin;
    error = MPI_File_sync(file);
    if (!error) error = MPI_File_close(&file);
    MPI_Barrier(MPI_COMM_WORLD);
    *whole = MPI_Wtime() - start;
    MPI_Type_free(&mebibyte);
    return error;
}

#endif
