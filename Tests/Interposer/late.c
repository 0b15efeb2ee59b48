// Loaded into the ranks of a farm: their first message to rank 0 is not sent before there is one from rank 0 to them,
// and before MPI ends each rank says whether a message to it is left behind.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

// The tasks are no MPI programs.
__attribute__((constructor)) static void leave_children_alone(void) { unsetenv("LD_PRELOAD"); }

static int is_there(int source)
{
    int flag = 0;
    MPI_Iprobe(source, MPI_ANY_TAG, MPI_COMM_WORLD, &flag, MPI_STATUS_IGNORE);
    return flag;
}

int MPI_Send(const void *buffer, int count, MPI_Datatype type, int destination, int tag, MPI_Comm communicator)
{
    static int is_first = 1;
    int rank;
    PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank > 0 && is_first)
        while (!is_there(0)) {}
    is_first = 0;
    return PMPI_Send(buffer, count, type, destination, tag, communicator);
}

int MPI_Finalize(void)
{
    PMPI_Barrier(MPI_COMM_WORLD);
    if (is_there(MPI_ANY_SOURCE)) fprintf(stderr, "a message is left behind\n");
    return PMPI_Finalize();
}
