// Counts how often the ranks agree on whether one has failed: a minimum of one integer. Rank 0 tells when it ends MPI.
#include <mpi.h>
#include <stdio.h>

static int agreements;

int MPI_Allreduce(const void *from, void *to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm)
{
    int size;
    PMPI_Type_size(type, &size);
    if (count == 1 && op == MPI_MIN && size == 8 && type != MPI_DOUBLE) agreements++;
    return PMPI_Allreduce(from, to, count, type, op, comm);
}

int MPI_Finalize(void)
{
    int rank;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0) fprintf(stderr, "%d agreements\n", agreements);
    return PMPI_Finalize();
}
