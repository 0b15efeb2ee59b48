// The twin of main.swift in C: the same exchange of columns in the same process.

#ifndef EXCHANGE_H
#define EXCHANGE_H

#include <mpi.h>

// Sends the last interior column of a block to the right and receives the halo from the left; returns the seconds per
// round.
static inline double c_exchange(double *block, int rows, int columns, int rounds, int left, int right) {
    MPI_Datatype column;
    MPI_Type_vector(rows, 1, columns, MPI_DOUBLE, &column);
    MPI_Type_commit(&column);
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    for (int round = 0; round < rounds; round++) {
        MPI_Sendrecv(
            block + columns - 2, 1, column, right, 0, block, 1, column, left, MPI_ANY_TAG, MPI_COMM_WORLD,
            MPI_STATUS_IGNORE);
    }
    double seconds = (MPI_Wtime() - start) / rounds;
    MPI_Type_free(&column);
    return seconds;
}

#endif
