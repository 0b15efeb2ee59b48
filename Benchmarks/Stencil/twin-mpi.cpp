// The twin on several ranks: the rows are divided, and a halo of one row is exchanged each step.
//
//     mpiexec -n RANKS twin-mpi N STEPS

#include <mpi.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    int rank, ranks;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const long n = std::atol(argv[1]), steps = std::atol(argv[2]), width = n + 2;
    const long first = n * rank / ranks, rows = n * (rank + 1) / ranks - first;
    const int north = rank > 0 ? rank - 1 : MPI_PROC_NULL, south = rank + 1 < ranks ? rank + 1 : MPI_PROC_NULL;
    const double k = 0.25;
    std::vector<double> p((rows + 2) * width), q((rows + 2) * width);
    for (long i = 1; i <= rows; ++i)
        for (long j = 1; j <= n; ++j) p[i * width + j] = std::sin(0.1 * (first + i)) * std::cos(0.2 * j);

    MPI_Barrier(MPI_COMM_WORLD);
    const double start = MPI_Wtime();
    for (long step = 0; step < steps; ++step) {
        double *old = p.data(), *next = q.data();
        MPI_Sendrecv(old + width, width, MPI_DOUBLE, north, 0, old + (rows + 1) * width, width, MPI_DOUBLE, south, 0,
                     MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        MPI_Sendrecv(old + rows * width, width, MPI_DOUBLE, south, 1, old, width, MPI_DOUBLE, north, 1, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE);
        for (long i = 1; i <= rows; ++i)
            for (long j = 1; j <= n; ++j) {
                const long c = i * width + j;
                next[c] = old[c] + k * (old[c - width] + old[c + width] + old[c - 1] + old[c + 1] - 4 * old[c]);
            }
        std::swap(p, q);
    }
    double seconds = MPI_Wtime() - start, slowest;
    MPI_Reduce(&seconds, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    if (rank == 0) std::printf("%.6g updates/s\n", double(n) * n * steps / slowest);
    MPI_Finalize();
}
