// The twin of main.swift in C: the same loop over the same buffer, in the same process.

#ifndef PINGPONG_H
#define PINGPONG_H

#include <mpi.h>

// Returns the time of half a round trip between ranks 0 and 1, in seconds.
static inline double c_pingpong(void *buffer, int bytes, int rounds, int rank) {
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    for (int round = 0; round < rounds; round++) {
        MPI_Status status;
        if (rank == 0) {
            MPI_Send(buffer, bytes, MPI_UINT8_T, 1, 0, MPI_COMM_WORLD);
            MPI_Recv(buffer, bytes, MPI_UINT8_T, 1, 0, MPI_COMM_WORLD, &status);
        } else if (rank == 1) {
            MPI_Recv(buffer, bytes, MPI_UINT8_T, 0, 0, MPI_COMM_WORLD, &status);
            MPI_Send(buffer, bytes, MPI_UINT8_T, 0, 0, MPI_COMM_WORLD);
        }
    }
    return (MPI_Wtime() - start) / (2.0 * rounds);
}

#endif
