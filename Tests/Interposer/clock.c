// Loaded into the ranks of a farm: their time passes only while there is a file `clock` in the current folder.
#include <mpi.h>
#include <stdlib.h>
#include <unistd.h>

// The tasks are no MPI programs.
__attribute__((constructor)) static void leave_children_alone(void) { unsetenv("LD_PRELOAD"); }

double MPI_Wtime(void)
{
    static double passed, last;
    double now = PMPI_Wtime();
    if (last > 0 && access("clock", F_OK) == 0) passed += now - last;
    last = now;
    return passed;
}
