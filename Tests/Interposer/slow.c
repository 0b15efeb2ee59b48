// Preloaded into a program, makes every MPI_Ineighbor_alltoall take a millisecond more: a run that is long on a fast
// machine as on a slow one.

#include <mpi.h>
#include <unistd.h>

int MPI_Ineighbor_alltoall(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
                           MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request) {
    usleep(1000);
    return PMPI_Ineighbor_alltoall(sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype, comm, request);
}
