// Loaded into ranks that are to be sent the signal $RAISED while MPI starts.
#include <mpi.h>
#include <signal.h>
#include <stdlib.h>

int MPI_Init_thread(int *argc, char ***argv, int required, int *provided)
{
    raise(atoi(getenv("RAISED")));
    return PMPI_Init_thread(argc, argv, required, provided);
}
