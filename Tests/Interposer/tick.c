// Loaded into ranks: each look at the clock finds it a tenth of a second further on.
#include <mpi.h>

double MPI_Wtime(void)
{
    static double time;
    return time += 0.1;
}
