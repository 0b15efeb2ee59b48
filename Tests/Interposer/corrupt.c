// Preloaded into a program, changes a little all that goes to the neighbors by MPI_Ineighbor_alltoall: what a
// verification must find.

#include <mpi.h>

int MPI_Ineighbor_alltoall(const void *sendbuf, int sendcount, MPI_Datatype sendtype, void *recvbuf, int recvcount,
                           MPI_Datatype recvtype, MPI_Comm comm, MPI_Request *request) {
    if (sendtype == MPI_DOUBLE)
        for (int i = 0; i < sendcount; i++) ((double *)sendbuf)[i] += 1e-9;
    return PMPI_Ineighbor_alltoall(sendbuf, sendcount, sendtype, recvbuf, recvcount, recvtype, comm, request);
}
